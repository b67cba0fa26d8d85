"""Every press on a button, by name: what it is about, and how it is written into at most 64 bytes.

A button's data is a verb, what the press is about, and a MAC that binds both to the chat: Telegram warns that a client
can forge it (Bot API, CallbackQuery). What belongs to one request, one question or one case names it: a button of an
older card is known as one, and a press under one case never acts on another of the same chat. What names none is about
the chat as a whole, whatever stands there (`OfChat`), or is made before there is a request.
"""

import base64
import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

import msgspec

from storage.sealing.keyring import KeyRing

LONGEST = 64  # bytes (Bot API, InlineKeyboardButton)


class Ended(StrEnum):
    """Why nothing is known of a request any more."""

    expired = "x"
    closed = "c"
    joined = "j"  # what was answered is in an earlier request, which is out of sight


class Date(StrEnum):
    """A date that is not typed."""

    today = "t"
    yesterday = "y"
    tomorrow = "m"
    unknown = "k"


# --- a person: nothing is stored of them yet ---


class ChooseLanguage(msgspec.Struct, frozen=True):
    """A language, on the first message."""

    language: str


class Consent(msgspec.Struct, frozen=True):
    """*Urgent* or *continue*, on the consent."""

    language: str
    urgent: bool


class Leave(msgspec.Struct, frozen=True):
    """*Leave*, on the consent."""

    language: str


# --- a person: the chat as a whole ---


class HideChat(msgspec.Struct, frozen=True):
    """*Hide chat*: everything that stands there goes.

    `language`: of a card where nothing is known of who presses it.
    """

    language: str | None = None


class ShowEnd(msgspec.Struct, frozen=True):
    """*Show*, on the last news of a request."""

    why: Ended
    language: str


class ShowMessages(msgspec.Struct, frozen=True):
    """*Show*: whatever waits in this chat to be opened."""


class DeleteAll(msgspec.Struct, frozen=True):
    """The yes of /delete: whatever is kept of this person. `lawyer_too`: also what a lawyer could still open."""

    lawyer_too: bool = False


class GoBack(msgspec.Struct, frozen=True):
    """The no of a question about something grave: what was shown before comes back."""


# --- a person: one request ---


class Notify(msgspec.Struct, frozen=True):
    """News of a case rings, or does not. `case`: as the person's buttons call it (`Case.tag`)."""

    case: str
    rings: bool


class SituationChanged(msgspec.Struct, frozen=True):
    """*My situation has changed*, on a case that was sent."""

    case: str


class AskToWithdraw(msgspec.Struct, frozen=True):
    """*Withdraw the call*, while a lawyer is being called; a yes is asked for."""

    request: str


class Withdraw(msgspec.Struct, frozen=True):
    """The yes to *withdraw the call*."""

    request: str


class CallAgain(msgspec.Struct, frozen=True):
    """*Call a lawyer* after a call was withdrawn."""

    request: str


class Option(msgspec.Struct, frozen=True):
    """An answer, by its number."""

    request: str
    visit: int
    number: int


class DidMean(msgspec.Struct, frozen=True):
    """What was typed meant this one of the answers that are offered."""

    request: str
    visit: int
    number: int


class ShowFrom(msgspec.Struct, frozen=True):
    """Other answers of a long list: those from this place on."""

    request: str
    visit: int
    place: int


class ShowTitles(msgspec.Struct, frozen=True):
    """How the papers of a list are called on their sheets: those from this place on."""

    request: str
    visit: int
    place: int


class FromPhone(msgspec.Struct, frozen=True):
    """*My location*, or *my number*: Telegram's own button that sends it is to come."""

    request: str
    visit: int


class DateOf(msgspec.Struct, frozen=True):
    """Today, the day before or after, or not known."""

    request: str
    visit: int
    date: Date


class DaySpan(msgspec.Struct, frozen=True):
    """Some day so long ago, by the number of the button."""

    request: str
    visit: int
    number: int


class DayPart(msgspec.Struct, frozen=True):
    """A part of a day: 0 for the night, 1 the morning, 2 the day, 3 the evening. `day`: as `date.toordinal` counts."""

    request: str
    visit: int
    day: int
    part: int


class Done(msgspec.Struct, frozen=True):
    """Enough is ticked."""

    request: str
    visit: int


class Back(msgspec.Struct, frozen=True):
    """The question before."""

    request: str
    visit: int


class Skip(msgspec.Struct, frozen=True):
    """No answer to this question."""

    request: str
    visit: int


class Revisit(msgspec.Struct, frozen=True):
    """An answer of the summary is given anew, by its number there."""

    request: str
    visit: int
    number: int


class Send(msgspec.Struct, frozen=True):
    """The answers are sent."""

    request: str
    visit: int


Acts: TypeAlias = Option | DidMean | DateOf | DaySpan | DayPart | Done | Back | Skip | Revisit | Send
OnQuestion: TypeAlias = Acts | ShowFrom | ShowTitles | FromPhone
OnCall: TypeAlias = AskToWithdraw | Withdraw | CallAgain
OnRequest: TypeAlias = OnCall | OnQuestion
OnSent: TypeAlias = Notify | SituationChanged
OfChat: TypeAlias = HideChat | ShowEnd | ShowMessages | DeleteAll | GoBack
OfPerson: TypeAlias = ChooseLanguage | Consent | Leave | OfChat | OnSent | OnRequest


# --- a lawyer or a coordinator ---


class Claim(StrEnum):
    """What the claimer of a case does with it, without more words."""

    write = "write"  # begins a message
    cancel = "cancel"
    note = "note"  # begins a note for a colleague
    save_note = "keep"
    acting = "acting"
    phoned = "phoned"
    seen = "seen"  # what has become graver
    give_back = "release"
    hand_over = "hand"  # asks to whom
    close = "close"  # asks how
    not_closed = "open"


class Offer(StrEnum):
    """What a lawyer says to a case that is offered, or that was handed over."""

    accept = "accept"
    decline = "decline"
    opens = "opens"
    shut = "shut"


class Take(msgspec.Struct, frozen=True):
    """A case is taken."""

    case: str


class Pass(msgspec.Struct, frozen=True):
    """A call is passed on; a second press says why."""

    case: str
    why: str | None = None


class OfClaim(msgspec.Struct, frozen=True):
    """A step of a claim."""

    case: str
    step: Claim


class SendTyped(msgspec.Struct, frozen=True):
    """What was typed goes out, as the message of this number."""

    case: str
    number: int


class Say(msgspec.Struct, frozen=True):
    """A ready phrase, as the message of this number. Buttons of before this was counted have none."""

    case: str
    phrase: int
    number: int | None = None


class Give(msgspec.Struct, frozen=True):
    """To whom a case is handed over; `sure`: their key's fingerprint was shown."""

    case: str
    member: int
    sure: bool = False


class HowClosed(msgspec.Struct, frozen=True):
    """How a case came out, before it is confirmed."""

    case: str
    outcome: str


class CloseWith(msgspec.Struct, frozen=True):
    """The yes to closing."""

    case: str
    outcome: str


class Undo(msgspec.Struct, frozen=True):
    """A false alarm was none."""

    case: str


class SettleClock(msgspec.Struct, frozen=True):
    """A deadline needs no reminder any more."""

    case: str
    clock: str


class GetFile(msgspec.Struct, frozen=True):
    """One file of a case, by the number of its entry."""

    case: str
    seq: int


class Answer(msgspec.Struct, frozen=True):
    """An offer, or a file that was handed over, is answered."""

    case: str
    said: Offer


class Colleagues(msgspec.Struct, frozen=True):
    """To whom a case could be handed over, from one of them on."""

    case: str
    first: int


class Dismiss(msgspec.Struct, frozen=True):
    """A question is not answered: it goes, and nothing is done."""


class ShowList(msgspec.Struct, frozen=True):
    """The cases of a lawyer's list, from one of them on."""

    first: int


class ShowSilent(msgspec.Struct, frozen=True):
    """Those who have pressed *urgent* and answered nothing, from one of them on."""

    first: int = 0


class Reached(msgspec.Struct, frozen=True):
    """A test of reach is answered."""


class Rehearsal(StrEnum):
    """What is done with the practice case."""

    begin = "begin"
    take = "take"
    write = "write"
    say = "say"  # a ready phrase
    ask = "ask"  # one that asks
    hand = "hand"
    give = "give"
    back = "back"
    close = "close"
    end = "end"
    stay = "stay"


class Practise(msgspec.Struct, frozen=True):
    """A step of the practice case."""

    step: Rehearsal


class Outside(StrEnum):
    """A way outside Telegram; the words are those of its rows (bot/handoff/queue.py)."""

    push = "push"
    email = "email"


class Arrived(msgspec.Struct, frozen=True):
    """Whether the test of a way outside Telegram has come."""

    way: Outside
    came: bool


class Duty(StrEnum):
    """What a lawyer says of their duty; the words are those of /oncall."""

    on = "on"
    off = "off"
    rota = "rota"
    swap = "swap"


class OnDuty(msgspec.Struct, frozen=True):
    """A lawyer's duty changes, or a shift is to be given away."""

    said: Duty


class OfferShift(msgspec.Struct, frozen=True):
    """A shift of one's own is to be taken by somebody else; moments in minutes since 1970.

    `first`: the first colleague who is shown.
    """

    begins: int
    ends: int
    first: int = 0


class AskColleague(msgspec.Struct, frozen=True):
    """Who is asked to take it."""

    begins: int
    ends: int
    member: int


class SettleSwap(msgspec.Struct, frozen=True):
    """The colleague's answer."""

    swap: int
    accepted: bool


class ShowDuty(msgspec.Struct, frozen=True):
    """Who is on duty, drawn anew."""


class ShowQueue(msgspec.Struct, frozen=True):
    """What waits, from one case on; `unanswered`: whose person has answered nothing."""

    unanswered: bool = True
    first: int = 0


class ShowCase(msgspec.Struct, frozen=True):
    """Who was called about a case that waits."""

    case: str


class CallNow(msgspec.Struct, frozen=True):
    """Lawyers are rung about a case now: one, or everybody who can take it."""

    case: str
    member: int | None = None


class TakeRota(msgspec.Struct, frozen=True):
    """Whether a new rota is put in force; `sha256`: the beginning of its hash."""

    yes: bool
    sha256: str


class Suspend(msgspec.Struct, frozen=True):
    """A coordinator's answer to whether a member is suspended."""

    yes: bool
    about: int


class LetThrough(msgspec.Struct, frozen=True):
    """The lawyers are called for a case of a muted account."""

    case: str


class Free(msgspec.Struct, frozen=True):
    """A silent claim is ended."""

    case: str


OnClaim: TypeAlias = OfClaim | SendTyped | Say | GetFile | Colleagues | Give | HowClosed | CloseWith | SettleClock
OfShift: TypeAlias = OnDuty | OfferShift | AskColleague | SettleSwap
OfCoordinator: TypeAlias = ShowDuty | ShowQueue | ShowCase | CallNow | TakeRota | Suspend | LetThrough | Free
OnCase: TypeAlias = Take | Pass | OnClaim | Undo | Answer | ShowCase | CallNow | LetThrough | Free
OfLists: TypeAlias = ShowList | ShowSilent
OfMember: TypeAlias = OnCase | OfLists | Dismiss | Reached | Arrived | Practise | OfShift | OfCoordinator
Press: TypeAlias = OfPerson | OfMember

_VERBS: Mapping[type[Press], str] = {
    ChooseLanguage: "l",
    Consent: "c",
    Leave: "x",
    HideChat: "h",
    ShowEnd: "j",
    ShowMessages: "m",
    DeleteAll: "e",
    GoBack: "z",
    Notify: "r",
    SituationChanged: "g",
    AskToWithdraw: "n",
    Withdraw: "q",
    CallAgain: "w",
    Option: "o",
    DidMean: "i",
    ShowFrom: "more",
    ShowTitles: "look",
    FromPhone: "phone",
    DateOf: "t",
    DaySpan: "p",
    DayPart: "u",
    Done: "d",
    Back: "b",
    Skip: "s",
    Revisit: "v",
    Send: "f",
    Take: "take",
    Pass: "pass",
    OfClaim: "claim",
    SendTyped: "send",
    Say: "say",
    GetFile: "file",
    Colleagues: "others",
    Give: "give",
    HowClosed: "how",
    CloseWith: "with",
    Undo: "undo",
    SettleClock: "clock",
    Answer: "offer",
    Dismiss: "dismiss",
    ShowList: "list",
    ShowSilent: "silent",
    Reached: "reach",
    Arrived: "came",
    Practise: "practise",
    OnDuty: "duty",
    OfferShift: "swap",
    AskColleague: "whom",
    SettleSwap: "swapped",
    ShowDuty: "oncall",
    ShowQueue: "queue",
    ShowCase: "about",
    CallNow: "call",
    TakeRota: "rota",
    Suspend: "suspend",
    LetThrough: "through",
    Free: "free",
}
_NAMES: Mapping[type[Press], tuple[str, ...]] = {kind: kind.__struct_fields__ for kind in _VERBS}
_BY_VERB: Mapping[str, type[Press]] = {verb: kind for kind, verb in _VERBS.items()}


def button_data(ring: KeyRing, chat_id: int, press: Press) -> str:
    """What stands in a button of this chat."""
    written = [getattr(press, name) for name in _NAMES[type(press)]]
    told = [str(int(value)) if isinstance(value, bool) else str(value) for value in written if value is not None]
    payload = ".".join((_VERBS[type(press)], *told))
    data = f"{payload}.{base64.urlsafe_b64encode(ring.mac(chat_id, payload.encode())).decode()}"
    assert len(data.encode()) <= LONGEST, "a button says too much"
    return data


def read_press(ring: KeyRing, chat_id: int, data: str) -> Press | None:
    """The press, or None for data that was not made for this chat, or not by this version."""
    payload, _, mac = data.rpartition(".")
    try:
        given = base64.urlsafe_b64decode(mac.encode("ascii"))
    except ValueError:
        return None
    if not hmac.compare_digest(given, ring.mac(chat_id, payload.encode("utf-8", "replace"))):
        return None
    verb, *told = payload.split(".")
    kind = _BY_VERB.get(verb)
    if kind is None or len(told) > len(_NAMES[kind]):
        return None
    named = zip(_NAMES[kind], told, strict=False)
    try:
        return msgspec.convert(dict(named), kind, strict=False)
    except msgspec.ValidationError:
        return None
