"""A core, the questionnaire and the texts, and who talks to people: all of Pana that needs no network."""

from dataclasses import dataclass

from bot.delivery.kinds import Kinds
from bot.due_work import DueWork, due_work
from bot.front import Front
from bot.handoff.intake_ends import IntakeEnds
from bot.handoff.intake_to_case import IntakeToCase
from bot.handoff.parting import Parting
from bot.joining import Joining, Tries
from bot.member.lost_word import LostWordTalk
from bot.questionnaires import Questionnaires
from bot.retention import Retention
from bot.settings import Settings
from bot.speech.reader import Speech
from bot.speech.words import Words
from bot.sweep import Sweep
from bot.wiring.core import Core, open_core
from bot.wiring.wings import MemberWing, SeekerWing, member_wing, seeker_wing
from flows.check import released
from flows.place_file import load_place
from flows.source import load_source
from storage.lost_words import LostWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Pana:
    """The parts by name. `front` hears everybody, `kinds` draw what is sent, `due` is what time brings."""

    core: Core
    words: Words
    questionnaires: Questionnaires
    intake_to_case: IntakeToCase
    intake_ends: IntakeEnds
    seeker: SeekerWing
    member: MemberWing
    front: Front
    kinds: Kinds
    retention: Retention
    due: DueWork
    sweep: Sweep

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self.core.settings


def compiled_flow(settings: Settings, words: Words) -> bytes:
    """The configured questionnaire, checked and compiled; raises FlowErrors."""
    place = load_place(settings.place_file)
    return released(load_source(settings.flow_file), words.translate, place.languages)


def open_pana(settings: Settings, compiled: bytes | None = None) -> Pana:
    """Opens key file, database and questionnaire. `compiled`: the questionnaire, where it has been compiled already."""
    words = Words.load()
    questionnaires = Questionnaires(compiled or compiled_flow(settings, words))
    core = open_core(settings, lambda: questionnaires.regions)
    speech = Speech(ring=core.ring, words=words, place=core.place)
    intake_to_case = IntakeToCase(
        questionnaires=questionnaires,
        intakes=core.intakes,
        cases=core.cases,
        calls=core.calls,
        messages=core.messages,
    )
    intake_ends = IntakeEnds(
        intake_to_case=intake_to_case,
        intakes=core.intakes,
        cases=core.cases,
        calls=core.calls,
        undoing=core.closing.undoing,
        parting=Parting(calls=core.calls),
    )
    seeker = seeker_wing(core, questionnaires, speech, intake_ends)
    member = member_wing(core, questionnaires, speech, intake_ends)
    joining = Joining(speech=speech, invites=core.invites, membership=core.membership, queue=core.queue, tries=Tries())
    kinds = Kinds.of(
        calls=core.calls,
        reaching=core.reaching,
        handing_over=core.handing_over,
        alerts=member.alerts,
        lines=member.lines,
        duty=member.duty,
        coordinators=member.coordinators,
        screen=seeker.screen,
        arrivals=seeker.arrivals,
        joining=joining,
        beginning=member.beginning,
    )
    retention = Retention(
        cases=core.cases, queue=core.queue, calls=core.calls, claims=core.claims, kept=settings.retention
    )
    due = due_work(
        intakes=core.intakes,
        messages=core.messages,
        calls=core.calls,
        looking=core.looking,
        relay=core.relay,
        intake_to_case=intake_to_case,
        intake_ends=intake_ends,
        over_time=seeker.over_time,
        retention=retention,
    )
    return Pana(
        core=core,
        words=words,
        questionnaires=questionnaires,
        intake_to_case=intake_to_case,
        intake_ends=intake_ends,
        seeker=seeker,
        member=member,
        front=Front(
            members=core.members,
            member=member.talk,
            joining=joining,
            seeker=seeker.talk,
            arrivals=seeker.arrivals,
            lost_word=LostWordTalk(
                speech=speech,
                words=LostWords(ring=core.ring),
                membership_changes=core.membership_changes,
                questionnaires=questionnaires,
            ),
        ),
        kinds=kinds,
        retention=retention,
        due=due,
        sweep=Sweep(database=core.database, duty=core.duty, due=due, retention=retention),
    )
