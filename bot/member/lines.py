"""What members are told in one line: of a case, a shift, the bot itself; and what is said outside Telegram."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.speech import presses
from bot.speech.outgoing import Card
from bot.speech.reader import Reader, Speech
from bot.speech.texts import coordinator
from bot.speech.texts import member as texts
from bot.speech.words import day
from storage.case import Case
from storage.members import Member, Members
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading

_NOTICES = {
    "more": texts.MORE,
    "unclaimed": coordinator.UNCLAIMED,
    "nobody": coordinator.NOBODY,
    "lapsed": texts.LAPSED,
    "freed": texts.FREED,
    "overtaken": texts.OVERTAKEN,
    "reachable": texts.REACHABLE,
    "declined": texts.OFFER_DECLINED,
    "sent_on": texts.WRAP_SENT,
}
_UNTAKEN = {"unclaimed", "nobody"}
_LINES = {
    "taken": coordinator.LINE_TAKEN,
    "lapsed": coordinator.LINE_LAPSED,
    "released": coordinator.LINE_RELEASED,
    "passed": coordinator.LINE_PASSED,
    "closed": coordinator.LINE_CLOSED,
    "undone": coordinator.LINE_UNDONE,
    "gone": coordinator.LINE_GONE,
    "collects": coordinator.LINE_COLLECTS,
    "risen": coordinator.LINE_RISEN,
    "unseen": coordinator.LINE_UNSEEN,
    "seen": coordinator.LINE_SEEN,
    "joined": coordinator.LINE_JOINED,
    "often": coordinator.LINE_OFTEN,
    "left": coordinator.LINE_LEFT,
    "suspended": coordinator.LINE_SUSPENDED,
    "unsuspended": coordinator.LINE_NOT_SUSPENDED,
    "resumed": coordinator.LINE_RESUMED,
    "rekeyed": coordinator.LINE_REKEYED,
    "key": coordinator.LINE_KEY,
    "rota": coordinator.LINE_ROTA,
    "broken": coordinator.LINE_ROTA_BROKEN,
    "gap": coordinator.LINE_GAP,
    "bare": coordinator.LINE_BARE,
    "aside": coordinator.LINE_ASIDE,
    "unreadable": coordinator.LINE_UNREADABLE,
    "erasing": coordinator.LINE_ERASING,
    "clock": coordinator.LINE_CLOCK,
    "moved": texts.SHIFT_MOVED,
    "unreached": coordinator.LINE_UNREACHED,
    "freed": coordinator.LINE_FREED,
    "ending": coordinator.LINE_ENDING,
    "swapped": texts.SWAP_ACCEPTED,
    "unswapped": texts.SWAP_DECLINED,
    "nowrap": texts.WRAP_WRONG,
    "webhook": coordinator.LINE_TAKEN_ELSEWHERE,
    "rival": coordinator.LINE_TAKEN_ELSEWHERE,
    "refused": coordinator.LINE_REFUSED,
    "unreachable": coordinator.LINE_DEAF,
}
_OUTSIDE = {
    "waits": texts.OUTSIDE,
    "unseen": texts.OUTSIDE,
    "yours": texts.OUTSIDE_YOURS,
    "attention": texts.OUTSIDE_ATTENTION,
    "test": texts.OUTSIDE_TEST,
}
_COMMANDS = {
    "key": "pana member approve NAME --fingerprint KEY",
    "broken": "pana oncall check",
    "gap": "pana oncall check",
    "bare": "/oncall",
    "aside": "pana doctor",
    "unreadable": "pana doctor",
    "erasing": "pana case list",
    "clock": "pana doctor",
    **dict.fromkeys(("webhook", "rival", "refused"), "@BotFather"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Every method runs inside a change."""

    speech: Speech
    members: Members

    def notice(self, member: Member, case: Case, kind: str) -> Card:
        """A line about a case: something was added, nobody has taken it, nobody can be reached, a claim lapsed."""
        reader = self.speech.to_member(member)
        called = (reader.button(coordinator.WHO_WAS_CALLED, presses.ShowCase(case.code)),)
        return reader.card(_NOTICES[kind], *([called] if kind in _UNTAKEN else ()), code=case.code)

    def line(self, tx: Reading, member: Member, case: Case | None, args: Mapping[str, object]) -> Card:
        """A line to a coordinator, or to a lawyer about a shift: what happened, when, with whom."""
        reader, what = self.speech.to_member(member), str(args["what"])
        about = self.members.find(tx, int(str(args["about"]))) if args.get("about") else None
        values: dict[str, object] = {"name": about.name if about else "", "code": case.code if case else ""}
        values["key"] = args.get("key") or (fingerprint(about.recipient) if about else "")
        values["count"] = "" if args.get("count") is None else args["count"]
        values["command"] = _COMMANDS.get(what, "")
        return reader.card(_LINES[what], **values, **_times(reader, args))

    def reach(self, member: Member) -> Card:
        """The monthly test page."""
        reader = self.speech.to_member(member)
        return reader.card(texts.REACH_TEST, (reader.button(texts.REACH_CONFIRM, presses.Reached()),))

    def outside(self, language: str, says: str = "waits") -> str:
        """All that is said outside Telegram."""
        return self.speech.words.text(language, _OUTSIDE[says])


def _times(reader: Reader, args: Mapping[str, object]) -> dict[str, object]:
    """When it was, on which day, of which shift."""
    values: dict[str, object] = {
        "date": day(reader.language, date.fromisoformat(str(args["day"]))) if "day" in args else "",
    }
    if "at" in args:
        values["time"] = reader.clock(datetime.fromisoformat(str(args["at"])))
    if "begins" in args:
        both = (datetime.fromisoformat(str(args[name])) for name in ("begins", "ends"))
        values["shift"] = reader.shift(*both)
    return values
