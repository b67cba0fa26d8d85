"""A vocabulary as its author writes it, one file for each language (docs/writing-a-flow.md)."""

from collections.abc import Iterator, Mapping

import msgspec

from flows.words.patterns import Groups

SHARED = "common"  # the file of what is the same in every language


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"not_": "not"}):
    """Patterns of one meaning.

    `not_`: with one of these in the text they mean nothing; `over`: answers that they outweigh where both are said;
    `weak`: they are offered, never taken.
    """

    any: tuple[str, ...]
    not_: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    weak: bool = False


Said = tuple[str | Entry, ...]
Topic = dict[str, Said]


class Denies(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the language denies: by words before and after, and by endings of a stem, but for some that begin so."""

    before: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    endings_but: tuple[str, ...] = ()


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole file.

    `fillers` say nothing; `signs` show that somebody writes this language, and so do `letters`
    that no other of the files has; `between` may stand inside a phrase; `asks`
    begin a question back, with its mark, `asks_first` also without, `asks_last` (words side by side, `деген+не`) end
    one. `ordinals` are the first, the second and so on, `cardinals` one, two and so on; `call_numbers` call something a
    number, `beside_numbers` may stand beside one too, `joins` between two; `call_codes` call something the code of a
    case. `days`: for a question the options that a day from so many days ahead to so many means. `beside`: words that
    change no answer they stand beside, `about`: those that change none of one question; `bears`: how many words that
    nobody knows may stand beside an answer, where it is not one.
    """

    groups: dict[str, tuple[str, ...]] = {}
    fillers: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    denies: Denies = Denies()
    signs: tuple[str, ...] = ()
    letters: str = ""
    between: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    asks_first: tuple[str, ...] = ()
    asks_last: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    cardinals: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    beside_numbers: tuple[str, ...] = ()
    call_codes: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    languages: Topic = {}
    consent: Topic = {}
    commands: Topic = {}
    sent: Topic = {}
    questions: dict[str, Topic] = {}
    days: dict[str, dict[str, tuple[int, int]]] = {}
    about: dict[str, tuple[str, ...]] = {}
    bears: dict[str, dict[str, int]] = {}

    def topics(self) -> Iterator[tuple[str, Topic]]:
        """Every topic, by the place where it stands in the file."""
        for name in ("languages", "consent", "commands", "sent"):
            yield name, getattr(self, name)
        for question, topic in self.questions.items():
            yield f"questions.{question}", topic


def groups_of(files: Mapping[str, File], name: str) -> Groups:
    """The groups that a file may name: its own, and those of the file of what is the same in every language."""
    shared = files[SHARED].groups if SHARED in files else {}
    return Groups({**shared, **files[name].groups}, name)
