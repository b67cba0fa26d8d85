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
from storage.invites import Invites
from storage.members import Member, Members
from storage.outbox import LineKind, RowKind
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading

_NOTICES = {
    RowKind.more: texts.MORE,
    RowKind.unclaimed: coordinator.UNCLAIMED,
    RowKind.nobody: coordinator.NOBODY,
    RowKind.lapsed: texts.LAPSED,
    RowKind.freed: texts.FREED,
    RowKind.overtaken: texts.OVERTAKEN,
    RowKind.reachable: texts.REACHABLE,
    RowKind.declined: texts.OFFER_DECLINED,
    RowKind.sent_on: texts.WRAP_SENT,
}
_UNTAKEN = {RowKind.unclaimed, RowKind.nobody}
# Of every LineKind; asked for with the word that rests in a row, which may be a newer version's.
_LINES: Mapping[str, str] = {
    LineKind.taken: coordinator.LINE_TAKEN,
    LineKind.lapsed: coordinator.LINE_LAPSED,
    LineKind.given_back: coordinator.LINE_GIVEN_BACK,
    LineKind.passed: coordinator.LINE_PASSED,
    LineKind.closed: coordinator.LINE_CLOSED,
    LineKind.parted: coordinator.LINE_PARTED,
    LineKind.deleted: coordinator.LINE_DELETED,
    LineKind.undone: coordinator.LINE_UNDONE,
    LineKind.gone: coordinator.LINE_GONE,
    LineKind.collects: coordinator.LINE_COLLECTS,
    LineKind.risen: coordinator.LINE_RISEN,
    LineKind.unseen: coordinator.LINE_UNSEEN,
    LineKind.seen: coordinator.LINE_SEEN,
    LineKind.joined: coordinator.LINE_JOINED,
    LineKind.often: coordinator.LINE_OFTEN,
    LineKind.left: coordinator.LINE_LEFT,
    LineKind.nopush: coordinator.LINE_NO_PUSH,
    LineKind.nomail: coordinator.LINE_NO_MAIL,
    LineKind.practised: coordinator.LINE_PRACTISED,
    LineKind.suspended: coordinator.LINE_SUSPENDED,
    LineKind.lost: coordinator.LINE_LOST,
    LineKind.unsuspended: coordinator.LINE_NOT_SUSPENDED,
    LineKind.resumed: coordinator.LINE_RESUMED,
    LineKind.rekeyed: coordinator.LINE_REKEYED,
    LineKind.key: coordinator.LINE_KEY,
    LineKind.rota: coordinator.LINE_ROTA,
    LineKind.broken: coordinator.LINE_ROTA_BROKEN,
    LineKind.unplanned: coordinator.LINE_ROTA_MISSING,
    LineKind.gap: coordinator.LINE_GAP,
    LineKind.bare: coordinator.LINE_BARE,
    LineKind.aside: coordinator.LINE_ASIDE,
    LineKind.unreadable: coordinator.LINE_UNREADABLE,
    LineKind.erasing: coordinator.LINE_ERASING,
    LineKind.clock: coordinator.LINE_CLOCK,
    LineKind.moved: texts.SHIFT_MOVED,
    LineKind.unreached: coordinator.LINE_UNREACHED,
    LineKind.freed: coordinator.LINE_FREED,
    LineKind.stopped: coordinator.LINE_STOPPED,
    LineKind.ending: coordinator.LINE_ENDING,
    LineKind.swapped: texts.SWAP_ACCEPTED,
    LineKind.unswapped: texts.SWAP_DECLINED,
    LineKind.nowrap: texts.WRAP_WRONG,
    LineKind.webhook: coordinator.LINE_TAKEN_ELSEWHERE,
    LineKind.rival: coordinator.LINE_TAKEN_ELSEWHERE,
    LineKind.refused: coordinator.LINE_REFUSED,
    LineKind.unreachable: coordinator.LINE_DEAF,
}
_OUTSIDE = {
    "waits": texts.OUTSIDE,
    "unseen": texts.OUTSIDE,
    "yours": texts.OUTSIDE_YOURS,
    "attention": texts.OUTSIDE_ATTENTION,
    "test": texts.OUTSIDE_TEST,
}
_COMMANDS: Mapping[str, str] = {
    LineKind.key: "pana member approve NAME --fingerprint KEY",
    LineKind.broken: "pana oncall check",
    LineKind.unplanned: "pana oncall check",
    LineKind.gap: "pana oncall check",
    LineKind.bare: "/oncall",
    LineKind.aside: "pana doctor",
    LineKind.unreadable: "pana doctor",
    LineKind.erasing: "pana case list",
    LineKind.clock: "pana doctor",
    **dict.fromkeys((LineKind.nopush, LineKind.nomail), "pana member set NAME"),
    **dict.fromkeys((LineKind.webhook, LineKind.rival, LineKind.refused), "@BotFather"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Every method runs inside a change."""

    speech: Speech
    members: Members
    invites: Invites

    def notice(self, member: Member, case: Case, kind: RowKind) -> Card:
        """A line about a case: something was added, nobody has taken it, nobody can be reached, a claim lapsed."""
        reader = self.speech.to_member(member)
        called = (reader.button(coordinator.WHO_WAS_CALLED, presses.ShowCase(case.code)),)
        return reader.card(_NOTICES[kind], *([called] if kind in _UNTAKEN else ()), code=case.code)

    def line(self, tx: Reading, member: Member, case: Case | None, args: Mapping[str, object]) -> Card:
        """A line to a coordinator, or to a lawyer about a shift: what happened, when, with whom."""
        reader, what = self.speech.to_member(member), str(args["what"])
        about = self.members.find(tx, int(str(args["about"]))) if args.get("about") else None
        values: dict[str, object] = {"name": about.name if about else "", "code": case.code if case else ""}
        if args.get("invite"):
            values["name"] = self.invites.name_of(tx, int(str(args["invite"]))) or ""
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
