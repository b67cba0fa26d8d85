"""What can be wrong with a questionnaire file.

FlowError
└── FlowErrors      everything that is wrong with it, each with file, line, cause and remedy
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where (`file` by its path, as it was given), what, and what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


class FlowError(Exception):
    """Root of the flows package's errors."""


class FlowErrors(FlowError):
    """A questionnaire cannot be used; `problems` says everything at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
