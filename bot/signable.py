"""Everything that can be signed (docs/signing.md): the texts of the bot and those of its questionnaire."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules

from bot.speech import texts
from bot.speech.texts import signing
from bot.speech.words import Words
from flows.marks import Role
from flows.readable import Kind, Readable, Said, readables
from flows.source import FlowSource

_OF_SIGNERS = frozenset({"signing", "marks"})  # the signers' own pages, and what only marks texts
_CONSENT = frozenset(f"{Kind.message}.seeker.{one}" for one in ("CONSENT", "URGENT", "CONTINUE", "LEAVE"))


def everything(source: FlowSource, words: Words, language: str) -> tuple[Readable, ...]:
    """Every text in a language: the bot's, reader by reader, then the questionnaire's in the order of its file."""
    return (*_messages(words, language), *readables(source, words.translate, language))


def _messages(words: Words, language: str) -> Iterator[Readable]:
    """By module and name; then what the offline reader says of a file (storage/reading.py), by its own words."""
    named = set[str]()
    for one in _named(words, language):
        named |= {said.english for said in one.texts}
        yield one
    named |= {said.english for value in vars(signing).values() for said in _said(words, language, value)}
    for context, english in sorted(words.texts[language], key=lambda each: each[1]):
        if not context and english not in named:
            text_id = f"{Kind.message}.record.{sha256(english.encode()).hexdigest()[:8]}"
            yield Readable(id=text_id, kind=Kind.message, language=language, texts=_said(words, language, english))


def _named(words: Words, language: str) -> Iterator[Readable]:
    readers = sorted({module.name for module in iter_modules(texts.__path__)} - _OF_SIGNERS)
    for reader in readers:
        for name, value in vars(import_module(f"{texts.__name__}.{reader}")).items():
            said = _said(words, language, value) if name.isupper() else ()
            if said:
                text_id = f"{Kind.message}.{reader}.{name}"
                grave = text_id in _CONSENT
                yield Readable(id=text_id, kind=Kind.message, language=language, texts=said, grave=grave)


def _said(words: Words, language: str, value: object) -> tuple[Said, ...]:
    """A text of the bot, or each form of one with a number; nothing of what no catalog has, such as a command."""
    match value:
        case str() if words.has(value):
            return (Said("", words.text(language, value), value),)
        case (str() as singular, str() as plural) if words.has(singular):
            forms = words.forms(language, (singular, plural))
            return tuple(Said(str(at), form, singular if at == 1 else plural) for at, form in enumerate(forms, start=1))
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind of text: how many there are, how many nobody has signed as they are, and of those how many were."""

    kind: Kind
    texts: int
    unsigned: int
    changed: int


def counted(source: FlowSource, words: Words, role: Role, language: str) -> Sequence[Count]:
    """How the texts stand that somebody in this role is to read in this language, by kind."""
    texts, unsigned, changed = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    for one in everything(source, words, language):
        if one.wanted_of(role):
            standing = one.standing(role, source.marks)
            texts[one.kind] += 1
            unsigned[one.kind] += not standing.holds
            changed[one.kind] += standing.changed
    return [Count(kind, texts[kind], unsigned[kind], changed[kind]) for kind in Kind if texts[kind]]


def grave_unsigned(source: FlowSource, words: Words, languages: Sequence[str]) -> int:
    """How many texts of the consent and of questions about danger nobody has signed as they are.

    A native reader in each of the languages, an advocate in any of them.
    """
    unread = 0
    unverified: set[str] = set()
    verified: set[str] = set()
    for language in languages:
        for one in everything(source, words, language):
            if one.grave:
                unread += not one.standing(Role.reader, source.marks).holds
                seen = verified if one.standing(Role.advocate, source.marks).holds else unverified
                seen.add(one.id)
    return unread + len(unverified - verified)
