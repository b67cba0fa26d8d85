"""Who rings when: one table of what happens, whom it reaches, and how. Pure.

A person's phone is asked about in bot/gate.py, a member's message where it is drawn (bot/delivery/kinds/to_members.py):
both look here, and nothing else decides it. docs/rings.md is this table in words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.model import Level
from storage.outbox import LineKind, RowKind


class Event(StrEnum):
    """What happens. `late`: a text older than a minute. `told`: something changed that is no news of its own."""

    # in the person's chat
    press = "press"
    text = "text"
    aside = "aside"
    redraw = "redraw"
    late = "late"
    asked_again = "asked_again"
    ends = "ends"
    expiry = "expiry"
    renewed = "renewed"
    told = "told"
    kept = "kept"
    not_kept = "not_kept"
    # a case that waits
    called = "called"
    listed = "listed"
    passed = "passed"
    untaken = "untaken"
    muted = "muted"
    rise = "rise"
    out_of_reach = "out_of_reach"
    withdrawn = "withdrawn"
    # a claim
    taken = "taken"
    asked = "asked"
    lapsed = "lapsed"
    returned = "returned"
    freed = "freed"
    relayed = "relayed"
    unopened = "unopened"
    reached = "reached"
    written = "written"
    answered = "answered"
    unreached = "unreached"
    reachable = "reachable"
    graver = "graver"
    changed = "changed"
    unseen = "unseen"
    seen = "seen"
    remind = "remind"
    quiet = "quiet"
    ending = "ending"
    offered = "offered"
    declined = "declined"
    shared = "shared"
    wrapped = "wrapped"
    handed = "handed"
    overtaken = "overtaken"
    closed = "closed"
    parted = "parted"
    deleted = "deleted"
    undone = "undone"
    # duty
    on_call = "on_call"
    swap = "swap"
    swapped = "swapped"
    moved = "moved"
    rota = "rota"
    unusable = "unusable"
    cover = "cover"
    # members and the service
    tested = "tested"
    members = "members"
    admitted = "admitted"
    untried = "untried"
    practice = "practice"
    suspending = "suspending"
    lost = "lost"
    gone = "gone"
    much = "much"
    broken = "broken"
    wrong_file = "wrong_file"


class ForPerson(StrEnum):
    """What an event is to the chat of whoever asks for help; what of it leaves hangs on the phone too (bot/gate.py).

    `answer`: to what they have just pressed or typed. `change`: the card that stands there is kept true. `news`: a
    neutral message beside that. `message`: words for them, which ring also where they asked for this chat.
    """

    nothing = "nothing"
    change = "change"
    answer = "answer"
    news = "news"
    message = "message"


class Who(StrEnum):
    """A member. `claimer`: who has the case, or had it until now. `lawyers`: others, whom it concerns."""

    claimer = "claimer"
    lawyers = "lawyers"
    coordinators = "coordinators"


class Sound(StrEnum):
    """How something reaches a member's chat. `edit`: what stands there changes; if it is gone, it comes silently."""

    edit = "edit"
    silent = "silent"
    rings = "rings"


class Calm(StrEnum):
    """Why something that rings does not. `waits`: it can wait (`calm_of`). `often`: its account has just rung.

    `night`: it is night, and the case not of the gravest kind; what the person does themself rings even then.
    """

    waits = "waits"
    night = "night"
    often = "often"


@dataclass(frozen=True, slots=True)
class Reaches:
    """A message to a member: for whom, of which kind, how. `what`: which line, of a kind that has several.

    `unless`: what takes the sound from it.
    """

    who: Who
    kind: RowKind
    sound: Sound
    what: str = ""
    unless: frozenset[Calm] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One event in words, what it is to the person's chat, and which messages members get."""

    happens: str
    person: ForPerson = ForPerson.nothing
    members: tuple[Reaches, ...] = ()


_ANY = frozenset(Calm)
_OFTEN = frozenset({Calm.often})
_NIGHT = frozenset({Calm.night})
_NOTHING, _CHANGE, _ANSWER = ForPerson.nothing, ForPerson.change, ForPerson.answer
_NEWS, _MESSAGE = ForPerson.news, ForPerson.message


def _edits(who: Who, *kinds: RowKind) -> tuple[Reaches, ...]:
    return tuple(Reaches(who, kind, Sound.edit) for kind in kinds)


def _silent(who: Who, *kinds: RowKind) -> tuple[Reaches, ...]:
    return tuple(Reaches(who, kind, Sound.silent) for kind in kinds)


def _rings(who: Who, *kinds: RowKind, unless: frozenset[Calm] = frozenset()) -> tuple[Reaches, ...]:
    return tuple(Reaches(who, kind, Sound.rings, unless=unless) for kind in kinds)


def _line(
    sound: Sound, *what: LineKind, who: Who = Who.coordinators, unless: frozenset[Calm] = frozenset()
) -> tuple[Reaches, ...]:
    """A line of the kind that has many (bot/member/lines.py)."""
    return tuple(Reaches(who, RowKind.line, sound, one, unless) for one in what)


def _outside(who: Who, says: str, unless: frozenset[Calm] = frozenset()) -> tuple[Reaches, ...]:
    """By e-mail or push, to who has set it."""
    return (Reaches(who, RowKind.outside, Sound.rings, says, unless),)


_CLAIMER, _LAWYERS, _COORDINATORS = Who.claimer, Who.lawyers, Who.coordinators
_ALERTS = _edits(_LAWYERS, RowKind.alert, RowKind.list)  # those that are out are brought up to date
_CALLS = (*_rings(_LAWYERS, RowKind.ring, unless=_ANY), *_outside(_LAWYERS, "waits", _ANY), *_ALERTS)
_MINE = _edits(_CLAIMER, RowKind.alert)  # the card of the claim
_NEW = (*_rings(_CLAIMER, RowKind.risen), *_outside(_CLAIMER, "yours"), *_MINE, *_ALERTS)
_BUNDLE = _silent(_CLAIMER, RowKind.bundle)  # its taker has just pressed

TABLE: Mapping[Event, Row] = {
    # --- in the person's chat ---
    Event.press: Row("the person presses a button", _ANSWER),
    Event.text: Row("the person writes", _ANSWER),
    Event.aside: Row("what they sent could not be handled, and they are asked to send it again", _ANSWER),
    Event.redraw: Row("the bot has started anew, and draws the card that it may have lost", _ANSWER),
    Event.late: Row("a text is answered more than a minute after it was written", _NEWS),
    Event.asked_again: Row("after an outage the question comes once more", _NEWS),
    Event.ends: Row("what was answered and not sent is about to run out of time", _MESSAGE),
    Event.expiry: Row("what was answered and not sent has run out of time", _NEWS),
    Event.renewed: Row("the card is two days old, and gives way to a new one", _ANSWER),
    Event.told: Row("something else has changed that the card tells", _CHANGE),
    Event.kept: Row("a photo, paper or voice message of the person is saved", _CHANGE),
    Event.not_kept: Row("a photo, paper or voice message of the person could not be fetched", _NEWS),
    # --- a case that waits ---
    Event.called: Row("lawyers are called, for the first time or again", _CHANGE, _CALLS),
    Event.listed: Row(
        "the case stands on a list: it can wait, or very many come at once",
        _CHANGE,
        (*_rings(_LAWYERS, RowKind.rings, unless=_OFTEN | _NIGHT), *_ALERTS),
    ),
    Event.passed: Row("a lawyer passes", _CHANGE, _ALERTS),
    Event.untaken: Row(
        "nobody has taken the case, or nobody is there who could",
        _CHANGE,
        (
            *_rings(_COORDINATORS, RowKind.unclaimed, RowKind.nobody, unless=_OFTEN | _NIGHT),
            *_edits(_COORDINATORS, RowKind.alert),
            *_rings(_COORDINATORS, RowKind.backstop, unless=_OFTEN | _NIGHT),
        ),
    ),
    Event.muted: Row(
        "the case comes from an account of which an earlier one was a false alarm",
        _CHANGE,
        _rings(_COORDINATORS, RowKind.muted),
    ),
    Event.rise: Row("while it waits the case has become more urgent, since a deadline comes near", _NEWS, _CALLS),
    Event.out_of_reach: Row(
        "the person has blocked the bot, or is gone from Telegram, before anybody has taken the case",
        _NOTHING,
        (*_ALERTS, *_line(Sound.rings, LineKind.unreached, unless=_NIGHT)),
    ),
    Event.withdrawn: Row("the person does not want a lawyer called any more", _ANSWER, _ALERTS),
    # --- a claim ---
    Event.taken: Row(
        "a lawyer takes the case", _NEWS, (*_MINE, *_BUNDLE, *_ALERTS, *_line(Sound.silent, LineKind.taken))
    ),
    Event.asked: Row(
        "the time for first contact is nearly over", _NOTHING, _rings(_CLAIMER, RowKind.ask, unless=_NIGHT)
    ),
    Event.lapsed: Row(
        "the time for first contact is over, and others are called",
        _NEWS,
        (
            *_rings(_CLAIMER, RowKind.lapsed, unless=_NIGHT),
            *_CALLS,
            *_line(Sound.rings, LineKind.lapsed, unless=_NIGHT),
        ),
    ),
    Event.returned: Row(
        "the lawyer gives the case back or takes part no more, and others are called",
        _NEWS,
        (*_MINE, *_CALLS, *_line(Sound.rings, LineKind.given_back, LineKind.stopped, unless=_NIGHT)),
    ),
    Event.freed: Row(
        "the lawyer was silent for days, and a coordinator gives the case to others",
        _NEWS,
        (*_rings(_CLAIMER, RowKind.freed), *_CALLS, *_line(Sound.silent, LineKind.freed)),
    ),
    Event.relayed: Row("the lawyer writes", _MESSAGE, (*_silent(_CLAIMER, RowKind.preview, RowKind.receipt), *_MINE)),
    Event.unopened: Row(
        "nobody has opened the lawyer's message for a day", _MESSAGE, (*_edits(_CLAIMER, RowKind.receipt), *_MINE)
    ),
    Event.reached: Row(
        "the person has read or answered the lawyer", _CHANGE, (*_edits(_CLAIMER, RowKind.receipt), *_MINE)
    ),
    Event.written: Row(
        "the person writes or sends a file, to the lawyer or as an answer",
        _ANSWER,
        (*_rings(_CLAIMER, RowKind.relay, RowKind.files), Reaches(_CLAIMER, RowKind.more, Sound.rings, "words")),
    ),
    Event.answered: Row("the person answers more, and it is no graver", _ANSWER, _silent(_CLAIMER, RowKind.more)),
    Event.unreached: Row(
        "the person has blocked the bot, or is gone from Telegram",
        _NOTHING,
        (*_rings(_CLAIMER, RowKind.unreached), *_edits(_CLAIMER, RowKind.receipt), *_MINE, *_ALERTS),
    ),
    Event.reachable: Row(
        "the person can be reached again", _CHANGE, (*_rings(_CLAIMER, RowKind.reachable), *_MINE, *_ALERTS)
    ),
    Event.graver: Row(
        "what the person answers makes the case more urgent than it was",
        _ANSWER,
        (*_NEW, *_line(Sound.rings, LineKind.risen)),
    ),
    Event.changed: Row("what they answer is another danger of the gravest kind", _ANSWER, _NEW),
    Event.unseen: Row(
        "the lawyer has not seen within three minutes what is new",
        _NOTHING,
        (*_NEW, *_CALLS, *_outside(_LAWYERS, "unseen"), *_line(Sound.rings, LineKind.unseen)),
    ),
    Event.seen: Row(
        "after others were called, the lawyer has seen it, or acts",
        _NOTHING,
        (*_edits(_CLAIMER, RowKind.risen), *_MINE, *_ALERTS, *_line(Sound.silent, LineKind.seen)),
    ),
    Event.remind: Row("a deadline comes near", _NOTHING, _rings(_CLAIMER, RowKind.remind)),
    Event.quiet: Row(
        "nothing was heard from either side for two days; a day later coordinators can give the case to others",
        _NOTHING,
        (*_rings(_CLAIMER, RowKind.quiet, unless=_NIGHT), *_rings(_COORDINATORS, RowKind.silent, unless=_NIGHT)),
    ),
    Event.ending: Row(
        "nothing was heard for so long that the case is about to be erased",
        _NOTHING,
        (*_rings(_CLAIMER, RowKind.ending, unless=_NIGHT), *_line(Sound.rings, LineKind.ending, unless=_NIGHT)),
    ),
    Event.offered: Row(
        "the lawyer offers the case to another one; again where it becomes graver before that one answers",
        _NOTHING,
        _rings(_LAWYERS, RowKind.offer),
    ),
    Event.declined: Row("the other lawyer declines", _NOTHING, _rings(_CLAIMER, RowKind.declined)),
    Event.shared: Row(
        "the other lawyer accepts, and cannot open the case yet", _NOTHING, _rings(_CLAIMER, RowKind.share)
    ),
    Event.wrapped: Row(
        "the lawyer has sent what opens it",
        _NOTHING,
        (
            *_rings(_LAWYERS, RowKind.opens),
            *_silent(_LAWYERS, RowKind.bundle),
            *_silent(_CLAIMER, RowKind.sent_on),
        ),
    ),
    Event.handed: Row(
        "the case is another lawyer's now", _NEWS, (*_MINE, *_BUNDLE, *_ALERTS, *_line(Sound.silent, LineKind.passed))
    ),
    Event.overtaken: Row(
        "another lawyer takes over what the first has not seen",
        _NEWS,
        (*_rings(_CLAIMER, RowKind.overtaken), *_MINE, *_BUNDLE, *_ALERTS, *_line(Sound.silent, LineKind.passed)),
    ),
    Event.closed: Row("the case is closed", _NEWS, (*_MINE, *_ALERTS, *_line(Sound.silent, LineKind.closed))),
    Event.parted: Row(
        "the person deletes everything, and a lawyer has the case, which is of the gravest kind",
        _ANSWER,
        (*_rings(_CLAIMER, RowKind.parted), *_BUNDLE, *_ALERTS, *_line(Sound.silent, LineKind.parted)),
    ),
    Event.deleted: Row(
        "the person deletes everything, also from the lawyer at once; or the lawyer's case is of another kind",
        _ANSWER,
        (*_rings(_CLAIMER, RowKind.parted), *_ALERTS, *_line(Sound.silent, LineKind.deleted)),
    ),
    Event.undone: Row(
        "a false alarm was none: the lawyer has the case again",
        _CHANGE,
        (*_MINE, *_BUNDLE, *_silent(_CLAIMER, RowKind.receipt), *_ALERTS, *_line(Sound.silent, LineKind.undone)),
    ),
    # --- duty ---
    Event.on_call: Row(
        "a lawyer looks at their duty, or it changes",
        _NOTHING,
        (*_silent(_LAWYERS, RowKind.duty), *_edits(_LAWYERS, RowKind.dutynow)),
    ),
    Event.swap: Row("a lawyer is asked to take a shift", _NOTHING, _rings(_LAWYERS, RowKind.swap)),
    Event.swapped: Row(
        "the other lawyer answers", _NOTHING, _line(Sound.rings, LineKind.swapped, LineKind.unswapped, who=Who.lawyers)
    ),
    Event.moved: Row("a shift is not theirs as it was", _NOTHING, _line(Sound.rings, LineKind.moved, who=Who.lawyers)),
    Event.rota: Row(
        "a new rota is in force, or waits for a yes",
        _NOTHING,
        (*_line(Sound.silent, LineKind.rota), *_rings(_COORDINATORS, RowKind.askrota)),
    ),
    Event.unusable: Row(
        "the rota, or an entry of it, cannot be used",
        _NOTHING,
        (*_line(Sound.rings, LineKind.broken, LineKind.unplanned), *_rings(_COORDINATORS, RowKind.unusable)),
    ),
    Event.cover: Row("nobody is on call, or soon nobody is", _NOTHING, _line(Sound.rings, LineKind.bare, LineKind.gap)),
    # --- members and the service ---
    Event.tested: Row(
        "once a month it is tried whether a member hears the bot", _NOTHING, _rings(_LAWYERS, RowKind.reach)
    ),
    Event.members: Row(
        "somebody becomes a member, leaves, is suspended, takes part again, or has a new key",
        _NOTHING,
        (
            *_line(Sound.silent, LineKind.joined, LineKind.left, LineKind.suspended, LineKind.resumed),
            *_line(Sound.silent, LineKind.rekeyed, LineKind.key),
        ),
    ),
    Event.admitted: Row(
        "somebody who was invited is a member now",
        _NOTHING,
        (*_rings(_LAWYERS, RowKind.welcome, RowKind.trial), *_outside(_LAWYERS, "test")),
    ),
    Event.untried: Row(
        "what a new member was sent outside Telegram has not come",
        _NOTHING,
        _line(Sound.rings, LineKind.nopush, LineKind.nomail),
    ),
    Event.practice: Row(
        "a lawyer takes the practice case, or finishes it",
        _NOTHING,
        (*_silent(_LAWYERS, RowKind.practice), *_line(Sound.silent, LineKind.practised)),
    ),
    Event.suspending: Row(
        "a second coordinator is asked to agree that a member is suspended, and answers",
        _NOTHING,
        (*_rings(_COORDINATORS, RowKind.asksuspend), *_line(Sound.rings, LineKind.unsuspended)),
    ),
    Event.lost: Row("somebody has typed a member's lost word", _NOTHING, _line(Sound.rings, LineKind.lost)),
    Event.gone: Row("the bot cannot reach a member", _NOTHING, _line(Sound.rings, LineKind.gone)),
    Event.much: Row(
        "one lawyer takes very many cases, or one account calls very often",
        _NOTHING,
        _line(Sound.rings, LineKind.collects, LineKind.often),
    ),
    Event.broken: Row(
        "the service needs somebody: nobody could write to it, its clock is wrong, something cannot be read or done",
        _NOTHING,
        (
            *_line(Sound.rings, LineKind.aside, LineKind.unreadable, LineKind.erasing, LineKind.clock),
            *_line(Sound.rings, LineKind.webhook, LineKind.rival, LineKind.refused, LineKind.unreachable),
            *_outside(_LAWYERS, "attention"),
            *_outside(_COORDINATORS, "attention"),
        ),
    ),
    Event.wrong_file: Row(
        "a lawyer has sent a file that is none of what was asked for",
        _NOTHING,
        _line(Sound.silent, LineKind.nowrap, who=Who.claimer),
    ),
}


def _by_message() -> Mapping[tuple[str, str], Reaches]:
    """Kind and line -> how a new one reaches. Raises LookupError where two events say two things of it.

    Where one of them changes what stands there already, the other says how what is new comes.
    """
    found: dict[tuple[str, str], Reaches] = {}
    for one in (each for row in TABLE.values() for each in row.members):
        known = found.setdefault((one.kind.value, one.what), one)
        if known.sound is Sound.edit:
            found[one.kind.value, one.what] = one
        elif one.sound is not Sound.edit and (known.sound, known.unless) != (one.sound, one.unless):
            raise LookupError(f"{one.kind.value} {one.what}: it reaches members in two ways")
    return found


_MESSAGES = _by_message()


def sound_of(kind: str, what: object = None, calm: Collection[Calm] = ()) -> Sound:
    """How a message of this kind reaches a member; `calm`: what is true of its case. KeyError for what has no row."""
    found = _MESSAGES.get((kind, str(what))) or _MESSAGES[kind, ""]
    return Sound.silent if found.unless.intersection(calm) else found.sound


def depends(kind: str) -> bool:
    """True when whether it rings hangs on its case."""
    return any(one.unless for (of, _), one in _MESSAGES.items() if of == kind)


def calm_of(level: Level, *, night: bool, often: bool) -> frozenset[Calm]:
    """What is true of a case: the least grave calls nobody by itself, and only the gravest wakes somebody at night."""
    sleeps = night and level is not Level.critical
    found = {Calm.waits: level is Level.normal or sleeps, Calm.night: sleeps, Calm.often: often}
    return frozenset(calm for calm, holds in found.items() if holds)
