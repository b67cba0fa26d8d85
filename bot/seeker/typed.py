"""What can be typed in place of a decisive tap: commands, a language, consent."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from bot.languages import NAMES
from bot.speech.texts import seeker as texts
from bot.speech.words import Words
from flows.said.before import Consents, named_language, read_consent, read_language
from flows.said.commands import Wish
from flows.typed import plain
from flows.words.fold import words_in
from flows.words.vocabulary import Vocabulary
from storage.record import tidy_code, without_codes

SHORTEST_CODE = 8  # characters
SHORT = 2  # words that only name a language
URGENT = "_u"  # ends a link's word (docs/running.md)


class Command(StrEnum):
    """A seeker's commands (registered per language with setMyCommands)."""

    start = "start"
    back = "back"
    skip = "skip"
    status = "status"
    language = "language"
    clear = "clear"
    delete = "delete"
    help = "help"


# What is answered to somebody who asks us something before it is known where they are.
TRUST: dict[Consents | None, str] = {
    Consents.who: texts.CONSENT_WHO,
    Consents.free: texts.CONSENT_FREE,
    Consents.data: texts.CONSENT_DATA,
}
_BUTTONS = (Consents.urgent, Consents.proceed, Consents.leave)  # in the order of the card
BY_WISH = {
    Wish.status: Command.status,
    Wish.language: Command.language,
    Wish.hide: Command.clear,
    Wish.delete: Command.delete,
    Wish.help: Command.help,
}


def command_in(text: str) -> Command | None:
    """The command that a message is, whatever stands behind it; None for any other text."""
    if not text.startswith("/"):
        return None
    word = next(iter(text[1:].split(maxsplit=1)), "").partition("@")[0].lower()
    return Command(word) if word in Command.__members__ else None


def behind(text: str, vocabulary: Vocabulary, languages: Sequence[str]) -> str:
    """What is said behind a command's name and is none of its own, as a code and a language are; empty for no command.

    Behind a code in words it is what stands beside it (`beside_code`).
    """
    said = "".join(text.split(maxsplit=1)[1:]).strip()
    if command_in(text) is None or not said:
        return ""
    named = language_in(said, languages) or link_in(text, languages)
    if len(said.split()) <= SHORT:
        named = named or named_language(vocabulary, said, tuple(languages))
    return "" if named or is_code(f"/{Command.start} {said}") else said


def beside_code(text: str, vocabulary: Vocabulary) -> str:
    """What is said beside a case code: empty where it is only called one."""
    said = " ".join(without_codes(text.removeprefix(f"/{Command.start}").split()))
    return "" if vocabulary.calls_a_code(said) else said


def link_in(text: str, languages: Sequence[str]) -> str | None:
    """The language behind /start of a link that leads to its consent: `ru`, or `ru_u` for somebody in danger."""
    behind = text.partition(" ")[2].strip().lower() if command_in(text) is Command.start else ""
    language = behind.removesuffix(URGENT)
    return language if language in languages else None


def is_code(text: str) -> bool:
    """A text is a code with its dash, or what stands behind /start in a link is one of any kind."""
    if command_in(text) is Command.start:
        behind = text.partition(" ")[2].strip()
        return tidy_code(behind) is not None or (
            len(behind) >= SHORTEST_CODE and behind.isascii() and " " not in behind and not behind.isalpha()
        )
    return tidy_code(text) is not None and any(unicodedata.category(one) == "Pd" for one in text)


def first_language(text: str, vocabulary: Vocabulary, languages: Sequence[str]) -> str | None:
    """The language that a first message names, or in which it is written. A code is written in none."""
    if command_in(text) is not None or tidy_code("".join(text.split())) is not None:
        return None
    named = language_in(text, languages) or numbered_language(text, vocabulary, languages)
    return named or read_language(vocabulary, text, tuple(languages), languages[0])


def numbered_language(text: str, vocabulary: Vocabulary, languages: Sequence[str]) -> str | None:
    """The language whose number on the card a text is, also in words."""
    words = words_in(text)
    numbers = vocabulary.numbers.read(words) or vocabulary.numbers.counted(words, languages[0])
    return languages[numbers[0] - 1] if len(numbers) == 1 and 0 < numbers[0] <= len(languages) else None


def at_consent(text: str, vocabulary: Vocabulary, languages: Sequence[str], shown: str) -> tuple[str, Consents | None]:
    """What is typed at the consent, and the language in which it goes on: another one when it is named."""
    button = vocabulary.numbers.read(words_in(text)) or vocabulary.numbers.counted(words_in(text), shown)
    if len(button) == 1 and 0 < button[0] <= len(_BUTTONS):
        return shown, _BUTTONS[button[0] - 1]
    meant = read_consent(vocabulary, text)
    if meant is not None:
        return shown, meant
    return named_language(vocabulary, text, tuple(languages)) or language_in(text, languages) or shown, None


def language_in(text: str, languages: Sequence[str]) -> str | None:
    """A typed language: its name, its code or its number."""
    said = plain(text[:40])
    if said.isascii() and said.isdigit() and 0 < int(said) <= len(languages):
        return languages[int(said) - 1]
    return next((language for language in languages if said in {language, plain(NAMES[language])}), None)


def consent_in(text: str, words: Words, languages: Sequence[str]) -> tuple[str, bool] | None:
    """A typed consent button as (language, urgent); "urgent" may be typed as its first word."""
    said = plain(text[:60])
    for language in languages:
        urgent = plain(words.text(language, texts.URGENT))
        if said and said in {urgent, urgent.split()[0]}:
            return language, True
        if said == plain(words.text(language, texts.CONTINUE)):
            return language, False
    return None
