"""docs/rings.md, the table of bot/rings.py in words: `make rings` writes it, a test compares it."""

import sys
from collections.abc import Iterator, Mapping, Sequence

from bot.gate import Way, let_out
from bot.rings import TABLE, Calm, Event, Reaches, Row, Sound, Who
from flows.hands import Hands
from storage.outbox import RowKind

_HEAD = """# Who rings when

Written by `make rings` from `bot/rings.py`: change the table there. The program asks it before every message, and
tests let everything happen and compare what arrives.

A phone that rings at the wrong moment can betray the one who hides it, and a phone that stays silent can cost a night.
So for every event it is laid down who hears it, and how:

- **rings**: a new message with a sound. On the phone of whoever asks for help it says only that there is a new message:
  no name, no code, nothing of what it is about.
- *silent*: a new message without a sound.
- *answer*: the card, changed or sent anew without a sound, to who has just pressed or written.
- *card*: the message that stands there already is brought up to date; nothing new comes.
- –: nothing at all.

Of the phone of whoever asks for help it counts in whose hands it may be:

- **free, or a relative's**: they are at liberty, or it is the phone of a relative or anybody else who writes for them.
  That is so too where *by phone* or another way of contact was chosen: it says where a lawyer calls, and silences no
  such phone.
- **unsure**: they have not said where they are.
- **held, this chat**: they are held, and want to be written to in this chat.
- **held**: they are held and have not said so, or have chosen another way, and somebody else may hold the phone.
- **hidden**: they have hidden the chat; nothing leaves for it until its code is typed there. (Whoever writes there is
  answered like somebody who comes for the first time.)

Where a card is changed for news, they can press *tell me of news* under it: then all news rings, and with *do not tell*
none does. A hidden chat stays silent all the same.

*The lawyer* is who has the case, or had it until now; *other lawyers* are those whom it concerns: who is called, or
to whom the case is offered. In the last column stand the event's name in the program, and the kinds of its messages.
"""
_NOTES = """¹ Without a sound where it can wait: a case of the lowest level, at night one that is not of the highest.
² Without a sound where the same account has rung a moment ago.
³ At night without a sound where the case is not of the highest level.
⁴ By e-mail or push too, which says only that a case waits or needs its lawyer, or that the service needs somebody; to
members who have set it, and to the addresses of the last resort.
"""
_SECTIONS = {
    "What a person does in their own chat, and what time does there": Event.press,
    "A case that waits": Event.called,
    "A case that a lawyer has": Event.taken,
    "Duty": Event.on_call,
    "Members, and the service itself": Event.tested,
}
_PHONES = {
    Hands.free: "free, or a relative's",
    Hands.unsure: "unsure",
    Hands.chosen: "held, this chat",
    Hands.held: "held",
    Hands.hidden: "hidden",
}
_MEMBERS = {Who.claimer: "the lawyer", Who.lawyers: "other lawyers", Who.coordinators: "coordinators"}
_WAYS = {Way.nothing: "–", Way.edit: "*card*", Way.card: "*answer*", Way.hint: "*silent*", Way.ping: "**rings**"}
_SOUNDS = {Sound.edit: "*card*", Sound.silent: "*silent*", Sound.rings: "**rings**"}
_OUTSIDE = frozenset({RowKind.outside, RowKind.backstop})


def page() -> str:
    """The whole page."""
    tables = [f"## {title}\n\n{_table(events)}" for title, events in sections().items()]
    return "\n".join([_HEAD, *tables, _NOTES])


def sections() -> Mapping[str, Sequence[Event]]:
    """Every event, under its title."""
    events, begins = list(Event), [*map(list(Event).index, _SECTIONS.values()), len(Event)]
    return {title: events[begins[at] : begins[at + 1]] for at, title in enumerate(_SECTIONS)}


def loudest(row: Row, who: Who) -> Sound | None:
    """What one member gets at most, in Telegram; None for nothing."""
    order, found = list(Sound), {one.sound for one in row.members if one.who is who and one.kind not in _OUTSIDE}
    return max(found, key=order.index, default=None)


def _table(events: Sequence[Event]) -> str:
    phones = any(let_out(event, Hands.free) is not Way.nothing for event in events)
    head = ["what happens", *(_PHONES.values() if phones else ()), *_MEMBERS.values(), "in the program"]
    rows = [head, ["---"] * len(head), *(list(_cells(event, phones=phones)) for event in events)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cells(event: Event, *, phones: bool) -> Iterator[str]:
    row = TABLE[event]
    yield row.happens
    if phones:
        yield from (_WAYS[let_out(event, hands)] for hands in _PHONES)
    for who in _MEMBERS:
        sound = loudest(row, who)
        yield (_SOUNDS[sound] if sound is not None else "–") + _notes([one for one in row.members if one.who is who])
    named = dict.fromkeys(f"{one.kind.value} {one.what}".strip() for one in row.members)
    kinds = ", ".join(f"`{one}`" for one in named)
    yield f"`{event.value}`" + (f": {kinds}" if kinds else "")


def _notes(reaches: Sequence[Reaches]) -> str:
    calm = {each for one in reaches for each in one.unless}
    notes = (
        ("¹", Calm.waits in calm),
        ("²", Calm.often in calm),
        ("³", Calm.night in calm and Calm.waits not in calm),
        ("⁴", any(one.kind in _OUTSIDE for one in reaches)),
    )
    return "".join(mark for mark, holds in notes if holds)


if __name__ == "__main__":
    sys.stdout.write(page())
