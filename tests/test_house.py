"""What a reader can hold in mind: few methods a class, few collaborators, few branches a function.

Counted over the source itself. An exception is listed with its reason; one that is not needed any more must go.
"""

import ast
import functools
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pytest

from storage.outbox import LineKind

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "flows", "storage", "locales", "bench")
MOST_METHODS, MOST_COLLABORATORS, MOST_BRANCHES = 15, 6, 10
Defined = ast.FunctionDef | ast.AsyncFunctionDef

AN_ARM_A_KIND = "one arm for each kind of condition, and nothing else"
NAMES_EVERY_PART = "the wiring: it names every part, and does nothing with them"
METHODS: dict[str, str] = {}
COLLABORATORS = {
    "bot/wiring/core.py:Core": NAMES_EVERY_PART,
    "bot/wiring/running.py:Running": NAMES_EVERY_PART,
}
BRANCHES = {
    "bot/signing_facts.py:condition": AN_ARM_A_KIND,
    "flows/conditions.py:in_words": AN_ARM_A_KIND,
    "flows/release.py:read_condition": AN_ARM_A_KIND,
}


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program, migrations aside: what one of them did is done."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {str(one.relative_to(ROOT)): ast.parse(one.read_text()) for one in paths if "migrations" not in one.parts}


@functools.cache
def nodes() -> dict[str, list[ast.AST]]:
    """Everything in each module, walked once."""
    return {path: list(ast.walk(tree)) for path, tree in modules().items()}


def functions_of(path: str) -> list[Defined]:
    """Those of a module, inner ones too."""
    return [one for one in nodes()[path] if isinstance(one, Defined)]


@functools.cache
def classes() -> dict[str, ast.ClassDef]:
    """Every class, by its place."""
    return {
        f"{path}:{node.name}": node
        for path, inside in nodes().items()
        for node in inside
        if isinstance(node, ast.ClassDef)
    }


def public(of: ast.ClassDef) -> list[str]:
    """Its public methods and properties."""
    return [one.name for one in of.body if isinstance(one, Defined) and not one.name.startswith("_")]


def has_methods(of: ast.ClassDef) -> bool:
    """A public method, not only properties."""
    names = set(public(of)) - {
        one.name for one in of.body if isinstance(one, Defined) and "property" in map(ast.unparse, one.decorator_list)
    }
    return bool(names)


def acts(of: ast.ClassDef) -> bool:
    """A public method is handed a change or a look, is awaited, or returns nothing."""
    return any(
        isinstance(one, ast.AsyncFunctionDef)
        or any(argument.arg == "tx" for argument in one.args.args)
        or (isinstance(one.returns, ast.Constant) and one.returns.value is None)
        for one in of.body
        if isinstance(one, Defined) and not one.name.startswith("_")
    )


def may_be_a_value(of: ast.ClassDef) -> bool:
    """Written down as fields, or as a kind of something: a dataclass, a struct, an enum, a section of the settings."""
    as_fields = any("dataclass" in ast.unparse(by) for by in of.decorator_list)
    return not acts(of) and (as_fields or bool(of.bases))


def who_do_something(classes: Iterable[ast.ClassDef]) -> set[str]:
    """Classes with methods that are no values; and what looks like a value, but holds one of them."""
    left = [one for one in classes if has_methods(one)]
    found = {one.name for one in left if not may_be_a_value(one)}
    while more := {one.name for one in left if one.name not in found and collaborators(one, found)}:
        found |= more
    return found


def given(of: ast.ClassDef) -> Iterator[ast.expr | None]:
    """The types of what is handed in: parameters of the constructor, or public fields of a dataclass."""
    made = next((one for one in of.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if made is not None:
        yield from (one.annotation for one in (*made.args.args, *made.args.kwonlyargs))
        return
    for one in of.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and not one.target.id.startswith("_"):
            yield one.annotation


def collaborators(of: ast.ClassDef, known: Collection[str]) -> list[str]:
    """What is handed in and is one of our own classes that do something: not values, settings or functions."""
    found = []
    for annotation in given(of):
        for one in ast.walk(annotation) if isinstance(annotation, ast.Name | ast.BinOp) else ():
            if isinstance(one, ast.Name) and one.id in known:
                found.append(one.id)
    return found


def branches(of: Defined) -> int:
    """If, for, while, except, case, each part of a comprehension, each `and` and `or`; those of inner functions too."""
    count = 0
    for one in ast.walk(of):
        match one:
            case ast.comprehension():
                count += 1 + len(one.ifs)
            case ast.BoolOp():
                count += len(one.values) - 1
            case ast.If() | ast.IfExp() | ast.For() | ast.AsyncFor() | ast.While() | ast.ExceptHandler():
                count += 1
            case ast.match_case():
                count += 1
    return count


def counted(what: str) -> dict[str, int]:
    """By place; functions of one name in one module count as the largest."""
    if what == "methods":
        return {place: len(public(node)) for place, node in classes().items()}
    if what == "collaborators":
        known = who_do_something(classes().values())
        return {place: len(collaborators(node, known)) for place, node in classes().items()}
    found: dict[str, int] = {}
    for path in modules():
        for node in functions_of(path):
            place = f"{path}:{node.name}"
            found[place] = max(found.get(place, 0), branches(node))
    return found


@pytest.mark.parametrize(
    ("what", "most", "listed"),
    [
        ("methods", MOST_METHODS, METHODS),
        ("collaborators", MOST_COLLABORATORS, COLLABORATORS),
        ("branches", MOST_BRANCHES, BRANCHES),
    ],
)
def test_nothing_is_larger_than_a_reader_can_hold_in_mind(what: str, most: int, listed: dict[str, str]) -> None:
    """Fifteen public methods a class, six collaborators, ten branches a function, but for what is listed."""
    large = {place: count for place, count in counted(what).items() if count > most}
    assert {place: count for place, count in large.items() if place not in listed} == {}
    assert sorted(set(listed) - set(large)) == [], "no exception any more"


SAMPLE = """
class Store:
    def __init__(self, *, ring: Ring, other: Other | None, value: Value, do: Callable[[Other], None]) -> None: ...
    def find(self, tx, rows):
        return [one for one in rows if one and tx or one] if rows else None
class Ring:
    def seal(self) -> bytes: ...
class Other:
    async def send(self): ...
@dataclass(frozen=True)
class Value:
    words: str
    def length(self) -> int: ...
@dataclass(frozen=True)
class Drawn:
    ring: Ring
    value: Value
    def card(self) -> str: ...
"""


def test_the_counting_sees_what_it_says() -> None:
    """Whoever does something is a collaborator, also where it may be none; values and functions are not."""
    sample = {one.name: one for one in ast.parse(SAMPLE).body if isinstance(one, ast.ClassDef)}
    known = who_do_something(sample.values())
    assert known == {"Store", "Ring", "Other", "Drawn"}
    assert {name: collaborators(one, known) for name, one in sample.items() if collaborators(one, known)} == {
        "Store": ["Ring", "Other"],
        "Drawn": ["Ring"],
    }
    find = next(one for one in sample["Store"].body if isinstance(one, Defined) and one.name == "find")
    assert branches(find) == 5
    assert public(sample["Store"]) == ["find"]


def test_every_path_that_the_architecture_names_is_there() -> None:
    """A newcomer can check the page against the tree; a file named alone is one of the folder named before it."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`((?:bot|flows|storage|locales|tests)/[\w/.]*)`", page))
    assert len(named) > 40
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
    alone = set(re.findall(r"`(\w+\.py)`", page))
    assert sorted(name for name in alone if not any(ROOT.glob(f"bot/**/{name}"))) == []


def test_every_folder_of_the_program_stands_in_the_architecture() -> None:
    """So that nobody finds a room that the page does not know."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    folders = {path.parent.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    unknown = [
        str(one) for one in folders if "migrations" not in one.parts and f"{one}/" not in page and f"{one}`" not in page
    ]
    assert sorted(unknown) == []


def test_every_file_that_is_named_anywhere_is_there() -> None:
    """In comments and documents; a room that moves takes its name along. (A changelog tells of the past.)"""
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile"]
    texts += [path for package in (*PACKAGES, "tests") for path in (ROOT / package).rglob("*.py")]
    named = re.compile(r"\b(?:bot|flows|storage|locales|tests|docs)/[\w/]+\.(?:py|yaml|md|json)\b")
    gone = {
        (str(path.relative_to(ROOT)), name)
        for path in texts
        if path.name not in {"CHANGELOG.md", "test_walls.py"}  # the walls' test plants files that are not there
        for name in named.findall(path.read_text())
        if not (ROOT / name).exists()
    }
    assert gone == set()


# --- what is done at one place ---


@functools.cache
def named() -> dict[str, set[tuple[str, str]]]:
    """Where `owner.attribute` stands: by the attribute, its modules and what the owner is written as."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path, inside in nodes().items():
        for node in inside:
            if isinstance(node, ast.Attribute):
                found.setdefault(node.attr, set()).add((path, ast.unparse(node.value)))
    return found


def who_names(attribute: str, of: str | None = None) -> set[str]:
    """The modules in which `something.attribute` stands, or `of.attribute` where its owner is given."""
    return {path for path, owner in named().get(attribute, ()) if of in {None, owner}}


def test_a_case_goes_back_in_one_step() -> None:
    """Nobody ends a claim and leaves it to others to call the next lawyer and to tell people (giving_back.py)."""
    room = "bot/handoff/giving_back.py"
    assert who_names("waits_again") == {room}
    ways = [one for one in classes()[f"{room}:GivingBack"].body if isinstance(one, Defined) and one.name[0] != "_"]
    assert len(ways) == 4
    assert {ast.unparse(way.returns) for way in ways if way.returns} == {"None", "bool"}, "no case to go on with"


def test_only_a_call_and_a_case_that_goes_back_make_it_wait() -> None:
    """Whoever else set that state would call nobody."""
    sets = {
        f"{path}:{function.name}"
        for path in modules()
        if "Status.waiting" in (ROOT / path).read_text()
        for function in functions_of(path)
        for one in ast.walk(function)
        if isinstance(one, ast.keyword) and one.arg == "status" and ast.unparse(one.value) == "Status.waiting"
    }
    assert sets == {"storage/cases.py:hand_over", "storage/claims.py:waits_again"}


def test_a_line_is_queued_at_one_place_and_every_kind_of_line_by_somebody() -> None:
    """So that the type of its word is asked for wherever one is queued, and no kind is left over."""
    assert who_names("line", of="RowKind") == {
        "bot/handoff/queue.py",
        "bot/rings.py",  # the table
        "bot/delivery/kinds/members.py",  # its room
    }
    known = {"bot/rings.py", "bot/member/lines.py"}  # whether it rings, and what it says
    found = {kind: who_names(kind.name, of="LineKind") for kind in LineKind}
    assert {kind: modules - known for kind, modules in found.items() if not modules > known} == {}


def test_every_timed_test_is_run_by_make_test() -> None:
    """`make test` finds the files in which there are any by how they are marked; nothing is marked in another way."""
    every = set((ROOT / "tests").rglob("test_*.py")) - {Path(__file__)}
    marked = {path for path in every if "mark.timed" in path.read_text()}
    found = {path for path in marked if re.search("^@pytest.mark.timed", path.read_text(), re.MULTILINE)}
    assert marked == found
    makefile = (ROOT / "Makefile").read_text()
    assert "'^@pytest.mark.timed' tests" in makefile
    assert '-m "timed and not long" $(TIMED)' in makefile
