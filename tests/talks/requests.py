"""How far a request has come: what many talks begin with."""

from tests.talks.talks import Talks, urgent
from tests.talks.walked_once import walked_once
from tests.ways import HELD_TO_THE_END

PERSON = 900


@walked_once
def asked(talks: Talks) -> None:
    """The first question is open, and nothing is sealed."""
    talks.say(PERSON, "/start")
    talks.press(PERSON, "Русский")
    talks.press(PERSON, "Продолжить")


@walked_once
def called(talks: Talks) -> None:
    """A question is open, and lawyers are called."""
    urgent(talks, PERSON)


@walked_once
def sent(talks: Talks) -> None:
    """No question is open any more."""
    called(talks)
    sends(talks)


def sends(talks: Talks) -> None:
    """Whoever is held answers the rest, and sends it."""
    for said in HELD_TO_THE_END:
        talks.say(PERSON, said)
    assert "Ответы отправлены" in talks.text(PERSON)
