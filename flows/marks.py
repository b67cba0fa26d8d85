"""Marks: who has read which text, on which day, and the hash of what was read.

A mark holds while the text is, letter by letter, what was read; any change drops it until somebody signs anew. It says
that nothing has changed since, not who wrote it: the file is as trustworthy as the tree that it stands in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """A native reader says that a text is good and clear, an advocate that it is right."""

    reader = "reader"
    advocate = "advocate"


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a file of marks. `by`: a role with initials, or a chosen name; the file is public."""

    text: str
    language: str
    by: str
    on: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one text in one language: its mark, if any, and whether that still holds."""

    mark: Mark | None = None
    holds: bool = False

    @property
    def changed(self) -> bool:
        """It was signed, and is another text since."""
        return self.mark is not None and not self.holds

    def __str__(self) -> str:
        if self.mark is None:
            return "not signed"
        return f"{'signed' if self.holds else 'changed since it was signed'} by {self.mark.by} on {self.mark.on}"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a questionnaire, by role: at most one for each text in each language."""

    by_role: Mapping[Role, Mapping[tuple[str, str], Mark]] = field(default_factory=dict)

    def of(self, role: Role) -> Mapping[tuple[str, str], Mark]:
        """Those of a role, by text and language."""
        return self.by_role.get(role, {})

    def standing(self, role: Role, text: str, language: str, sha256: str) -> Standing:
        """How a text stands that has this hash today."""
        mark = self.of(role).get((text, language))
        return Standing(mark, mark is not None and mark.sha256 == sha256)

    def with_(self, role: Role, marks: Iterable[Mark]) -> "Marks":
        """With new marks in place of older ones for the same text."""
        return replace(self, by_role={**self.by_role, role: {**self.of(role), **_by_text(marks)}})

    def without(self, role: Role, texts: Iterable[tuple[str, str]]) -> "Marks":
        """Without the marks of these texts."""
        gone = set(texts)
        return replace(
            self, by_role={**self.by_role, role: {key: one for key, one in self.of(role).items() if key not in gone}}
        )


def _by_text(marks: Iterable[Mark]) -> dict[tuple[str, str], Mark]:
    return {(one.text, one.language): one for one in marks}
