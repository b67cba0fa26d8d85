"""The office and what talks to people, wired by hand for the bot and for commands that read the questionnaire."""

from dataclasses import dataclass

from bot.conversation.card import Cards
from bot.conversation.casework import Casework
from bot.conversation.from_lawyer import FromLawyer
from bot.conversation.joining import Joining, Tries
from bot.conversation.seeker import Seeker
from bot.conversation.shelf import Shelf
from bot.conversation.standing import Progress
from bot.conversation.vanish import Vanish
from bot.conversation.words import Words
from bot.office import Office, open_office
from bot.settings import Settings
from flows.check import released
from flows.source import load_source


@dataclass(frozen=True, slots=True)
class House:
    """The office and what talks to people."""

    office: Office
    words: Words
    shelf: Shelf
    cards: Cards
    casework: Casework
    seeker: Seeker

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.office.settings


def compiled_flow(settings: Settings, words: Words) -> bytes:
    """The configured questionnaire, checked and compiled; raises FlowErrors."""
    return released(load_source(settings.flow_file), words.translate, ["ru", "kk", "en"])


def build(settings: Settings, compiled: bytes | None = None) -> House:
    """Opens key file, database and questionnaire and wires what works on them.

    `compiled`: the questionnaire, when it has been compiled already.
    """
    words = Words.load()
    shelf = Shelf(compiled or compiled_flow(settings, words))
    office = open_office(settings, lambda: regions_of(shelf))
    cards = Cards(office.ring, words, settings.intake.languages)
    casework = Casework(shelf, office.intakes, office.cases, office.desk, office.messages)
    vanish = Vanish(cards, casework, office.intakes, office.cases, office.dispatch)
    standing = Progress(words, office.desk, shelf, settings.contacts)
    from_lawyer = FromLawyer(cards, office.relay, office.contacts)
    seeker = Seeker(
        office.ring,
        shelf,
        cards,
        office.intakes,
        office.cases,
        office.dispatch,
        casework,
        standing,
        from_lawyer,
        vanish,
        Joining(cards, office.invites, office.dispatch, Tries()),
    )
    return House(office, words, shelf, cards, casework, seeker)


def regions_of(shelf: Shelf) -> frozenset[str]:
    """The regions of the questionnaire in use."""
    flow = shelf.current
    return frozenset(one.id for one in flow.question(flow.region).options) if flow.region else frozenset()
