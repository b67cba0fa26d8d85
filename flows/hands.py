"""In whose hands a person's phone may be, by what was answered: what may ring on it depends on that. Pure."""

from enum import StrEnum

from flows.model import Answers, Flow, tells_nothing


class Hands(StrEnum):
    """In whose hands the phone may be.

    `free`: its person is at liberty, or writes for somebody else. `held`: others may hold it, or nothing was said of it
    and another way of contact was chosen. `chosen`: they may, but its person asked to be written to in this chat.
    `unsure`: nothing was said of it. `hidden`: the chat shows nothing until its code is typed.
    """

    free = "free"
    held = "held"
    chosen = "chosen"
    unsure = "unsure"
    hidden = "hidden"


def hands_of(flow: Flow, given: Answers) -> Hands:
    """In whose hands the phone may be, by what was answered.

    Another way of contact says where a lawyer calls; it silences nobody's own phone that is in nobody else's hands.
    """
    if flow.form(given) == "other":
        return Hands.free
    where, held = given.get(flow.danger), flow.held.holds(given)
    if where is not None and not tells_nothing(where) and not held:
        return Hands.free
    if flow.quiet.holds(given):
        return Hands.held
    contact = given.get(flow.contact) if flow.contact else None
    return Hands.chosen if held or not (contact is None or tells_nothing(contact)) else Hands.unsure
