"""The place as its author writes it: `place.yaml`, strictly read, errors with file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from flows.errors import FlowErrors, Problem
from flows.place import Offset, Place, PublicContact
from flows.time_of_day import time_of_day
from flows.yaml_file import Spot, read_yaml, spot_of

_AHEAD = re.compile(r"([+-])(0[0-9]|1[0-4]):([0-5][0-9])")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class _Night(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    begins: str
    ends: str


class _Offset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ahead: str
    since: str


class _Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    number: str
    verified_at: str


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    zone: str
    night: _Night
    languages: tuple[str, ...]
    last_resort: str
    offset: _Offset | None = None
    contacts: tuple[_Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class _PlaceFile:
    file: str
    written: _Written
    spots: Mapping[str, Spot]

    def problem(self, path: str, what: str, remedy: str) -> Problem:
        return Problem(*spot_of(self.spots, path, self.file), what, remedy)


def load_place(path: Path) -> Place:
    """Reads a place; raises FlowErrors with all that is wrong with it."""
    read = _read(path)
    problems = [*_clock(read), *_languages(read), *_contacts(read)]
    if problems:
        raise FlowErrors(problems)
    written, offset = read.written, read.written.offset
    return Place(
        zone=ZoneInfo(written.zone),
        night_begins=_hour(written.night.begins),
        night_ends=_hour(written.night.ends),
        languages=written.languages,
        last_resort=written.last_resort,
        offset=Offset(ahead=_ahead(offset.ahead), since=date.fromisoformat(offset.since)) if offset else None,
        contacts=tuple(
            PublicContact(label=one.label, number=one.number, verified_at=date.fromisoformat(one.verified_at))
            for one in written.contacts
        ),
    )


def _read(path: Path) -> _PlaceFile:
    spots: dict[str, Spot] = {}
    plain = read_yaml(path, "$", spots)
    if plain is None:
        raise FlowErrors([Problem(str(path), 1, "the file is empty", "begin with `zone:`")])
    try:
        return _PlaceFile(str(path), msgspec.convert(plain, _Written, strict=True), spots)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        spot = spot_of(spots, where.strip("`") or "$", str(path))
        raise FlowErrors([Problem(*spot, what, "see docs/writing-a-flow.md for what may stand here")]) from None


def _clock(read: _PlaceFile) -> Iterator[Problem]:
    """The zone, what is said of it, and the night."""
    written, night = read.written, read.written.night
    if not _is_zone(written.zone):
        yield read.problem("$.zone", f"there is no time zone `{written.zone}`", "write one such as Europe/Berlin")
    for name, hour in (("begins", night.begins), ("ends", night.ends)):
        if time_of_day(hour) is None:
            yield read.problem(f"$.night.{name}", f"`{hour}` is no time of day", "write hours and minutes: 07:30")
    if time_of_day(night.begins) == time_of_day(night.ends):
        yield read.problem("$.night", "the night ends when it begins", "let it end at another hour")
    if written.offset is not None:
        if not _AHEAD.fullmatch(written.offset.ahead):
            yield read.problem("$.offset.ahead", "it is no distance from UTC", 'write it as "+05:00"')
        if not _is_day(written.offset.since):
            yield read.problem("$.offset.since", "it is no day", "write year-month-day")


def _languages(read: _PlaceFile) -> Iterator[Problem]:
    languages = read.written.languages
    if not languages:
        yield read.problem("$.languages", "there is no language", "name those that people are spoken to in")
    for at, language in enumerate(languages):
        if not _LANGUAGE.fullmatch(language):
            yield read.problem(f"$.languages[{at}]", f"`{language}` is no code of a language", "write one such as de")
        if language in languages[:at]:
            yield read.problem(f"$.languages[{at}]", f"`{language}` stands twice", "keep one of them")
    if languages and read.written.last_resort not in languages:
        what = f"`{read.written.last_resort}` is none of the languages"
        yield read.problem("$.last_resort", what, f"name one of {', '.join(languages)}")


def _contacts(read: _PlaceFile) -> Iterator[Problem]:
    for at, contact in enumerate(read.written.contacts):
        path = f"$.contacts[{at}]"
        for name, value in (("label", contact.label), ("number", contact.number)):
            if not value.strip():
                yield read.problem(f"{path}.{name}", f"the {name} is empty", "fill it in, or leave the contact out")
        if not _is_day(contact.verified_at):
            yield read.problem(f"{path}.verified_at", "it is no day", "call the number, and write year-month-day")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # it is unknown, leads out of the zones' folder, or is a folder there
        return False
    return True


def _hour(text: str) -> time:
    found = time_of_day(text)
    assert found is not None, "a time was checked before"
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _ahead(text: str) -> timedelta:
    hours, minutes = int(text[1:3]), int(text[4:])
    length = timedelta(hours=hours, minutes=minutes)
    return -length if text[0] == "-" else length
