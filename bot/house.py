"""The office and what talks to people, wired by hand for the bot and for commands that read the questionnaire."""

from dataclasses import dataclass

from bot.front import Front
from bot.handoff.intake_to_case import IntakeToCase
from bot.joining import Joining, Tries
from bot.office import Office, open_office
from bot.questionnaires import Questionnaires
from bot.settings import Settings
from bot.speech.reader import Speech
from bot.speech.words import Words
from bot.wings import MemberWing, SeekerWing, member_wing, seeker_wing
from flows.check import released
from flows.source import load_source


@dataclass(frozen=True, slots=True)
class House:
    """The office and what talks to people."""

    office: Office
    words: Words
    questionnaires: Questionnaires
    speech: Speech
    intake_to_case: IntakeToCase
    seeker: SeekerWing
    member: MemberWing
    front: Front

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
    speech = Speech(ring=office.ring, words=words)
    intake_to_case = IntakeToCase(questionnaires, office.intakes, office.cases, office.calls, office.messages)
    seeker = seeker_wing(office, questionnaires, speech, intake_to_case)
    member = member_wing(office, questionnaires, speech, intake_to_case)
    front = Front(
        members=office.members,
        member=member.talk,
        joining=Joining(speech=speech, invites=office.invites, queue=office.queue, tries=Tries()),
        seeker=seeker.talk,
        screen=seeker.screen,
        arrivals=seeker.arrivals,
    )
    return House(
        office=office,
        words=words,
        questionnaires=questionnaires,
        speech=speech,
        intake_to_case=intake_to_case,
        seeker=seeker,
        member=member,
        front=front,
    )


def regions_of(questionnaires: Questionnaires) -> frozenset[str]:
    """The regions of the questionnaire in use."""
    flow = questionnaires.current
    return frozenset(one.id for one in flow.question(flow.region).options) if flow.region else frozenset()
