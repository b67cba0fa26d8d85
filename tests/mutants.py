"""`make mutants`: which sentence of the suite notices which fault. Each fault of `mutants.yaml` is put into a copy of
the tree and the tests that should notice it are run there, until the first fails.

`python -m tests.mutants [ID ...]` tries only those. Exit 1: too few are noticed, or the list is no longer true.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import msgspec
import yaml

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tests" / "mutants.yaml"
AT_ONCE, LONGEST = 2, 180.0  # processes; seconds for one mutant
ENOUGH = 0.9  # of those that are not equivalent
_TOO_LONG = -1
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+\.py.*?)(?: - .*)?$", re.MULTILINE)


class Mutant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fault. `happens`: what people would notice; `survives`: why no test can, or need, notice it."""

    id: str
    file: str
    before: str
    after: str
    happens: str
    tests: tuple[str, ...]
    survives: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `by`: the sentence that noticed it, None when none did."""

    mutant: Mutant
    by: str | None
    seconds: float

    @property
    def as_listed(self) -> bool:
        """Noticed, or listed as one that is not."""
        return (self.by is None) == (self.mutant.survives is not None)


def listed() -> Sequence[Mutant]:
    """The list, in its order."""
    return msgspec.convert(yaml.load(LIST.read_text(), Loader=yaml.CSafeLoader), list[Mutant])


def misplaced(mutants: Sequence[Mutant]) -> list[str]:
    """Those whose text no longer stands exactly once in its file, and where it does not change anything."""
    texts = {one.file: (ROOT / one.file).read_text() if (ROOT / one.file).is_file() else "" for one in mutants}
    found = [f"{one.id}: {texts[one.file].count(one.before)} times in {one.file}" for one in mutants
             if texts[one.file].count(one.before) != 1]  # fmt: skip
    return found + [f"{one.id}: changes nothing" for one in mutants if one.before == one.after]


def main() -> None:
    """Tries them, prints the table."""
    mutants = [one for one in listed() if not sys.argv[1:] or one.id in sys.argv[1:]]
    if wrong := misplaced(mutants):
        sys.exit("\n".join(["the list no longer fits the code:", *wrong]))
    with tempfile.TemporaryDirectory(prefix="pana-mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copies.put(_copy(Path(folder) / str(number)))
        _see_that_the_tests_pass(mutants, copies)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tried = []
            for one in pool.map(lambda mutant: _try(mutant, copies), mutants):
                tried.append(one)
                print(_line(one), flush=True)
    sys.exit(_verdict(tried))


def _copy(folder: Path) -> Path:
    """The tree as it is now, without what git leaves out."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for catalog in (ROOT / "locales").rglob("*.mo"):
        shutil.copy2(catalog, folder / catalog.relative_to(ROOT))
    return folder


def _see_that_the_tests_pass(mutants: Sequence[Mutant], copies: "SimpleQueue[Path]") -> None:
    """What fails without a fault notices nothing."""
    named = sorted({test for one in mutants for test in one.tests})
    copy = copies.get()
    code, said = _run(copy, named, LONGEST * 5)
    copies.put(copy)
    if code != 0:
        sys.exit(f"these tests fail without any fault:\n{said[-3000:]}")


def _try(mutant: Mutant, copies: "SimpleQueue[Path]") -> Tried:
    copy, begun = copies.get(), time.monotonic()
    file = copy / mutant.file
    whole = file.read_text()
    try:
        file.write_text(whole.replace(mutant.before, mutant.after))
        code, said = _run(copy, mutant.tests, LONGEST)
    finally:
        file.write_text(whole)
        copies.put(copy)
    return Tried(mutant, _noticed_by(code, said), time.monotonic() - begun)


def _noticed_by(code: int, said: str) -> str | None:
    if code == _TOO_LONG:
        return "it takes too long"
    found = _FAILED.search(said)
    return found[1] if found else None if code == 0 else "the tests cannot be begun"


def _run(copy: Path, tests: Sequence[str], seconds: float) -> tuple[int, str]:
    """The exit code of pytest, which stops at the first failure; and what it said."""
    command = [sys.executable, "-B", "-m", "pytest", "-n", "0", "-x", "-q", "--tb=no", "-rfE", *tests]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    process = subprocess.Popen(
        command,
        cwd=copy,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        said, _ = process.communicate()
        return _TOO_LONG, said
    return process.returncode, said


def _line(one: Tried) -> str:
    by = one.by or f"SURVIVES: {one.mutant.survives or 'nobody notices it'}"
    return f"{one.mutant.id:<5} {one.mutant.happens:<80.80} {one.seconds:5.1f} s  {by}"


def _verdict(tried: Sequence[Tried]) -> int:
    noticed = sum(one.by is not None for one in tried)
    equivalent = sum((one.mutant.survives or "").startswith("equivalent") for one in tried)
    true = len(tried) - equivalent
    print(f"\n{noticed} of {true} faults are noticed ({noticed / max(1, true):.0%}); {equivalent} more change nothing")
    wrong = [one.mutant.id for one in tried if not one.as_listed]
    if wrong:
        print(f"not as listed: {', '.join(wrong)}")
    return int(bool(wrong) or noticed < ENOUGH * true)


if __name__ == "__main__":
    main()
