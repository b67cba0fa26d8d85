"""Texts, dates and plurals in the language of whoever reads; the only door to Babel.

Catalogs are read from the .po files at start: no compiled file to forget. English is the source, and the answer
wherever a text is missing, which the checks of `locales/` make impossible for Russian and Kazakh.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.plural import to_python

from flows.place import Place

_FOLDER = Path(__file__).parent.parent.parent / "locales"
# CLDR plural rules for whole numbers, in the order of the catalogs' forms (gettext headers of locales/).
_FORMS: Mapping[str, tuple[str, ...]] = {
    "ru": ("one", "few", "many"),
    "kk": ("one", "other"),
    "en": ("one", "other"),
}
_RULES: Mapping[str, Callable[[int], str]] = {
    "ru": to_python(
        {
            "one": "n mod 10 is 1 and n mod 100 is not 11",
            "few": "n mod 10 in 2..4 and n mod 100 not in 12..14",
        }
    ),
    "kk": to_python({"one": "n is 1"}),
    "en": to_python({"one": "n is 1"}),
}

MEGABYTE = 1024**2
Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogs of one process."""

    texts: Mapping[str, Mapping[Key, str]] = field(repr=False)
    plurals: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)

    @classmethod
    @cache
    def load(cls, folder: Path = _FOLDER) -> "Words":
        """Reads every catalog, once in a process."""
        texts: dict[str, dict[Key, str]] = {"en": {}}
        plurals: dict[str, dict[str, tuple[str, ...]]] = {"en": {}}
        for file in sorted(folder.glob("*/LC_MESSAGES/pana.po")):
            language = file.parent.parent.name
            with file.open("rb") as opened:
                catalog = read_po(opened, locale=language)
            texts[language], plurals[language] = {}, {}
            for one in catalog:
                if isinstance(one.id, str) and one.id and isinstance(one.string, str) and one.string:
                    texts[language][one.context, one.id] = one.string
                elif isinstance(one.id, tuple | list) and isinstance(one.string, tuple | list):
                    plurals[language][one.id[0]] = tuple(one.string)
        return cls(texts, plurals)

    def text(self, language: str, msgid: str, context: str | None = None, /, **values: object) -> str:
        """A text with its named placeholders filled in."""
        found = self.texts.get(language, {}).get((context, msgid), msgid)
        # A Russian date ends in «г.»: at the end of a sentence one full stop is enough.
        return (found % values).replace("г..", "г.") if values else found

    def has(self, msgid: str) -> bool:
        """Whether a text of the bot stands in any catalog."""
        return any((None, msgid) in known for known in self.texts.values()) or any(
            msgid in known for known in self.plurals.values()
        )

    def forms(self, language: str, forms: tuple[str, str]) -> tuple[str, ...]:
        """Every form of a text that depends on a number."""
        return self.plurals.get(language, {}).get(forms[0], forms)

    def plural(self, language: str, forms: tuple[str, str], num: int, **values: object) -> str:
        """A text that depends on a number, with its placeholders filled in."""
        known = self.forms(language, forms)
        rule, names = _RULES.get(language, _RULES["en"]), _FORMS.get(language, _FORMS["en"])
        form = rule(num)
        at = names.index(form) if form in names else len(names) - 1
        return known[at] % {"num": num, **values}

    def translate(self, context: str, msgid: str, language: str) -> str:
        """A text of a questionnaire (flows.release.Translate)."""
        return self.text(language, msgid, context)


def notes(folder: Path = _FOLDER) -> Mapping[str, str]:
    """What translators are told about the texts of the bot, by their English; every catalog has the same."""
    with min(folder.glob("*/LC_MESSAGES/pana.po")).open("rb") as opened:
        catalog = read_po(opened)
    return {
        (one.id if isinstance(one.id, str) else one.id[0]): " ".join(one.auto_comments)
        for one in catalog
        if one.id and one.context is None and one.auto_comments
    }


def cut(text: str, most: int) -> str:
    """A text, or as much of it as fits."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def day(language: str, when: date) -> str:
    """A date in words: «5 марта 2026 г.», «2026 ж. 5 наурыз»."""
    return format_date(when, "long", language).replace("\u202f", "\u00a0")


def short_day(language: str, when: date, today: date) -> str:
    """The same without its year, where that is the year of today: «5 марта», «5 наурыз»."""
    if when.year != today.year:
        return day(language, when)
    return format_date(when, "d MMMM", language).replace("\u202f", "\u00a0")


def clock(place: Place, language: str, when: datetime, now: datetime | None = None) -> str:
    """The time of day at a place, 24 hours: 14:05. With `now`, on another day: 26.11, 14:05."""
    here = place.here(when)
    time = format_time(here, "HH:mm", locale=language)
    if now is None or place.today(now) == here.date():
        return time
    return f"{here:%d.%m}, {time}"


def moment(place: Place, language: str, when: datetime) -> str:
    """A moment that has passed, for a text that may be read on another day: 26.11, 14:05."""
    return f"{place.here(when):%d.%m}, {clock(place, language, when)}"


def amount(language: str, size: int) -> str:
    """Bytes in megabytes with one place, or below that in whole kilobytes: 1.2, 40."""
    if size >= MEGABYTE:
        return format_decimal(size / MEGABYTE, "0.#", language)
    return str(max(1, round(size / 1024)))


def language_name(code: str, language: str) -> str:
    """A language's name in another language (CLDR)."""
    return Locale.parse(code).get_display_name(language) or code


def shift_in_words(place: Place, language: str, begins: datetime, ends: datetime) -> str:
    """A shift: 26.11, 20:00 – 27.11, 08:00."""
    first, last, until = place.here(begins), place.here(ends), clock(place, language, ends)
    until = until if first.date() == last.date() else f"{last:%d.%m}, {until}"
    return f"{first:%d.%m}, {clock(place, language, begins)} – {until}"
