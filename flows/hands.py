"""In whose hands a person's phone may be, by what was answered: what may ring on it depends on that. Pure."""

from enum import StrEnum

from flows.conditions import holds
from flows.model import Answers, Flow, tells_nothing


class Hands(StrEnum):
    """In whose hands the phone may be.

    `free`: its person is at liberty, or writes for somebody else. `held`: others may hold it, or another way of contact
    was chosen. `chosen`: they may, but its person asked to be written to in this chat. `unsure`: nothing was said of
    it. `hidden`: the chat shows nothing until its code is typed.
    """

    free = "free"
    held = "held"
    chosen = "chosen"
    unsure = "unsure"
    hidden = "hidden"


def hands_of(flow: Flow, given: Answers) -> Hands:
    """In whose hands the phone may be, by what was answered."""
    if holds(flow.quiet, given):
        return Hands.held
    if holds(flow.held, given):
        return Hands.chosen
    where, contact = given.get(flow.danger), given.get(flow.contact) if flow.contact else None
    untold = where is None or tells_nothing(where)
    if not untold or flow.form(given) == "other":
        return Hands.free
    return Hands.unsure if contact is None or tells_nothing(contact) else Hands.chosen
