"""The office and what talks to people, wired by hand for the bot and for commands that read the questionnaire."""

from dataclasses import dataclass

from bot.handoff.intake_to_case import IntakeToCase
from bot.office import Office, open_office
from bot.questionnaires import Questionnaires
from bot.seeker.cards import Cards
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.hiding import Hiding
from bot.seeker.joining import Joining, Tries
from bot.seeker.status import StatusInWords
from bot.seeker.talk import SeekerTalk
from bot.settings import Settings
from bot.speech.words import Words
from flows.check import released
from flows.source import load_source


@dataclass(frozen=True, slots=True)
class House:
    """The office and what talks to people."""

    office: Office
    words: Words
    questionnaires: Questionnaires
    cards: Cards
    intake_to_case: IntakeToCase
    seeker: SeekerTalk

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
    questionnaires = Questionnaires(compiled or compiled_flow(settings, words))
    office = open_office(settings, lambda: regions_of(questionnaires))
    cards = Cards(office.ring, words, settings.intake.languages)
    intake_to_case = IntakeToCase(questionnaires, office.intakes, office.cases, office.calls, office.messages)
    hiding = Hiding(cards, intake_to_case, office.intakes, office.cases, office.queue)
    standing = StatusInWords(words, office.calls, questionnaires, settings.contacts)
    from_lawyer = FromLawyer(cards, office.relay, office.contacts)
    seeker = SeekerTalk(
        office.ring,
        questionnaires,
        cards,
        office.intakes,
        office.cases,
        office.queue,
        intake_to_case,
        standing,
        from_lawyer,
        hiding,
        Joining(cards, office.invites, office.queue, Tries()),
    )
    return House(office, words, questionnaires, cards, intake_to_case, seeker)


def regions_of(questionnaires: Questionnaires) -> frozenset[str]:
    """The regions of the questionnaire in use."""
    flow = questionnaires.current
    return frozenset(one.id for one in flow.question(flow.region).options) if flow.region else frozenset()
