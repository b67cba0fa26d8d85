"""Calendar files as programs write them, for the tests of the rota: their heads, zones, and the words they add."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Almaty")
_NUMBERS = itertools.count(1)
Shift = tuple[str, datetime, datetime]


def at(text: str) -> datetime:
    """A time of Kazakhstan: 26.11.2026 20:00."""
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=HERE)


def folded(text: str) -> bytes:
    """Lines of at most 75 bytes, as RFC 5545, 3.1 wants them; a letter may be cut in two, as some programs do."""
    lines = []
    for line in text.strip("\n").split("\n"):
        data = line.encode()
        cuts = range(75, len(data), 74)
        lines.append(data[:75] + b"".join(b"\r\n " + data[i : i + 74] for i in cuts) if cuts else data)
    return b"\r\n".join(lines) + b"\r\n"


ALMATY = """BEGIN:VTIMEZONE
TZID:Asia/Almaty
X-LIC-LOCATION:Asia/Almaty
BEGIN:STANDARD
TZOFFSETFROM:+0600
TZOFFSETTO:+0500
TZNAME:+05
DTSTART:20240301T000000
END:STANDARD
BEGIN:STANDARD
TZOFFSETFROM:+0700
TZOFFSETTO:+0600
TZNAME:+06
DTSTART:20041031T030000
END:STANDARD
END:VTIMEZONE
"""
WINDOWS = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:DAYLIGHT
END:VTIMEZONE
"""
BERLIN = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
ALARM = "BEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:Reminder\nEND:VALARM\n"


def _event(summary: str, times: str, uid: str, before: str, after: str) -> str:
    return f"BEGIN:VEVENT\n{before}UID:{uid}\n{times}\nSUMMARY:{summary}\n{after}END:VEVENT\n"


def local(begins: str, ends: str, zone: str = "Asia/Almaty") -> str:
    """DTSTART and DTEND in a zone: 20261126T200000."""
    return f"DTSTART;TZID={zone}:{begins}\nDTEND;TZID={zone}:{ends}"


def google(*events: str, zone: str = "") -> bytes:
    """Google Calendar, exported."""
    head = (
        "BEGIN:VCALENDAR\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n"
        "METHOD:PUBLISH\nX-WR-CALNAME:Дежурства\nX-WR-TIMEZONE:Asia/Almaty\nX-WR-CALDESC:График\n"
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_google(summary: str, times: str, uid: str = "", more: str = "", *, status: str = "CONFIRMED") -> str:
    """An event of Google's."""
    after = (
        f"DTSTAMP:20261120T081500Z\nCREATED:20241101T070000Z\nDESCRIPTION:\nLAST-MODIFIED:20261101T070000Z\nLOCATION:\n"
        f"SEQUENCE:0\nSTATUS:{status}\nTRANSP:OPAQUE\nORGANIZER;CN=Дежурства:mailto:c_1@group.calendar.google.com\n"
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:x@example.org\n"
    )
    return _event(summary, times, uid or f"{next(_NUMBERS)}abc@google.com", "", after + more)


def outlook(*events: str, zone: str = "") -> bytes:
    """Outlook on a calls, saved as iCalendar."""
    head = (
        "BEGIN:VCALENDAR\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\nVERSION:2.0\nMETHOD:PUBLISH\n"
        "X-CALSTART:20241101T030000Z\nX-CALEND:20271101T030000Z\nX-CLIPSTART:20241031T190000Z\n"
        "X-WR-RELCALID:{0000002E-4C0C-2E58-B1A4-4B6E6C3B1A5E}\nX-WR-CALNAME:Календарь\nX-PRIMARY-CALENDAR:TRUE\n"
        'X-MS-OLK-WKHRSTART;TZID="Central Asia Standard Time":080000\nX-MS-OLK-WKHRDAYS:MO,TU,WE,TH,FR\n'
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_outlook(summary: str, times: str, uid: str = "", more: str = "") -> str:
    """An event of Outlook's."""
    after = (
        'TRANSP:OPAQUE\nX-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//EN">\\n<HTML>\\n'
        "<BODY>\\n<!-- Converted from text/rtf format -->\\n\\n<P DIR=LTR></P>\\n\\n</BODY>\\n</HTML>\n"
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-IMPORTANCE:1\nX-MICROSOFT-DISALLOW-COUNTER:FALSE\n"
        "X-MS-OLK-AUTOFILLLOCATION:FALSE\nX-MS-OLK-CONFTYPE:0\n" + ALARM
    )
    before = (
        "CATEGORIES:Красная категория\nCLASS:PUBLIC\nCREATED:20261101T070000Z\nDTSTAMP:20261120T081500Z\nPRIORITY:5\n"
    )
    uid = uid or f"040000008200E00074C5B7101A82E00800000000{next(_NUMBERS):032X}"
    return _event(summary, times, uid, before, more + "SEQUENCE:0\n" + after).replace(
        "SUMMARY:", "SUMMARY;LANGUAGE=ru:"
    )


def exchange(*events: str, zone: str = "") -> bytes:
    """Outlook on the web, a published calendar."""
    head = (
        "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\nX-WR-CALNAME:Calendar\n"
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_exchange(summary: str, times: str, uid: str = "", more: str = "", *, status: str = "CONFIRMED") -> str:
    """An event of Exchange's."""
    after = (
        f"CLASS:PUBLIC\nPRIORITY:5\nDTSTAMP:20261120T081500Z\nTRANSP:OPAQUE\nSTATUS:{status}\nSEQUENCE:3\nLOCATION:\n"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:3\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\n"
        "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE\nX-MICROSOFT-CDO-INSTTYPE:0\nX-MICROSOFT-REQUESTEDATTENDANCEMODE:DEFAULT\n"
    )
    return _event(summary, times, uid or f"{next(_NUMBERS):040X}", "DESCRIPTION:\\n\n", more + after)


def apple(*events: str, zone: str = ALMATY) -> bytes:
    """Apple's Calendar, exported."""
    head = (
        "BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nPRODID:-//Apple Inc.//macOS 15.1//EN\nVERSION:2.0\n"
        "X-APPLE-CALENDAR-COLOR:#FF2968\nX-WR-CALNAME:Дежурства\n"
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_apple(summary: str, times: str, uid: str = "", more: str = "") -> str:
    """An event of Apple's."""
    before = "TRANSP:OPAQUE\nCREATED:20241101T070000Z\nLAST-MODIFIED:20261101T070000Z\nX-APPLE-CREATOR:calendar\n"
    after = (
        "DTSTAMP:20261120T081500Z\nSEQUENCE:1\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\n"
        "BEGIN:VALARM\nX-WR-ALARMUID:1\nUID:A1\nTRIGGER:-PT30M\nATTACH;VALUE=URI:Chord\nACTION:AUDIO\nEND:VALARM\n"
    )
    return _event(summary, times, uid or f"{next(_NUMBERS):08X}-1C2B-4D3E-8F90-ABCDEF012345", before, more + after)


def nextcloud(*events: str, zone: str = ALMATY) -> bytes:
    """Nextcloud's calendar, exported."""
    head = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//SabreDAV//SabreDAV//EN\nCALSCALE:GREGORIAN\nX-WR-CALNAME:Дежурства\n"
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H\nX-PUBLISHED-TTL:PT4H\nX-APPLE-CALENDAR-COLOR:#0082C9\n"
    )
    return folded(head + "".join(events) + zone + "END:VCALENDAR\n")


def by_nextcloud(summary: str, times: str, uid: str = "", more: str = "") -> str:
    """An event of Nextcloud's."""
    before = "CREATED:20241101T070000Z\nDTSTAMP:20261120T081500Z\nLAST-MODIFIED:20261101T070000Z\nSEQUENCE:2\n"
    after = "STATUS:CONFIRMED\nCATEGORIES:Дежурство\nCOLOR:crimson\n" + more
    return _event(summary, times, uid or f"{next(_NUMBERS):08x}-aaaa-4bbb-8ccc-dddddddddddd", before, after)


def proton(*events: str, zone: str = ALMATY) -> bytes:
    """Proton Calendar, exported."""
    head = (
        "BEGIN:VCALENDAR\nPRODID:-//Proton AG//WebCalendar 5.0.21.0//EN\nVERSION:2.0\nMETHOD:PUBLISH\n"
        "CALSCALE:GREGORIAN\nX-WR-CALNAME:Duty\nX-WR-TIMEZONE:Asia/Almaty\nX-WR-CALDESC:\n"
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_proton(summary: str, times: str, uid: str = "", more: str = "") -> str:
    """An event of Proton's."""
    before = "DTSTAMP:20261120T081500Z\nSEQUENCE:1\nSTATUS:CONFIRMED\nCREATED:20241101T070000Z\n"
    after = "X-PM-PROTON-REPLY;VALUE=BOOLEAN:TRUE\nCOLOR:#8080FF\n" + ALARM
    return _event(summary, times, uid or f"{next(_NUMBERS):028d}@proton.me", before, more + after)


def yandex(*events: str, zone: str = ALMATY) -> bytes:
    """Yandex's calendar, exported."""
    head = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Yandex LLC//Yandex Calendar//EN\nCALSCALE:GREGORIAN\n"
        "X-WR-CALNAME:Мои события\n"
    )
    return folded(head + zone + "".join(events) + "END:VCALENDAR\n")


def by_yandex(summary: str, times: str, uid: str = "", more: str = "") -> str:
    """An event of Yandex's."""
    after = (
        "SEQUENCE:0\nDTSTAMP:20261120T081500Z\nCREATED:20241101T070000Z\n"
        "URL:https://calendar.yandex.ru/event?event_id=1\n"
        "TRANSP:OPAQUE\nCATEGORIES:Мои события\nLAST-MODIFIED:20261101T070000Z\nCLASS:PRIVATE\nLOCATION:\n"
    )
    return _event(summary, times, uid or f"{next(_NUMBERS)}yandex.ru", "", more + after)


def nights(
    writes: Callable[..., str], *, names: tuple[str, ...], first: str, last: str, hours: int = 12
) -> Iterator[str]:
    """A shift each night from a day to a day, by turns, in UTC."""
    begins, ends = at(f"{first} 20:00"), at(f"{last} 20:00")
    for number in range((ends - begins).days + 1):
        one = (begins + timedelta(days=number)).astimezone(UTC)
        until = one + timedelta(hours=hours)
        yield writes(names[number % len(names)], f"DTSTART:{one:%Y%m%dT%H%M%SZ}\nDTEND:{until:%Y%m%dT%H%M%SZ}")
