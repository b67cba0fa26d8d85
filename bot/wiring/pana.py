"""A core, the questionnaire and the texts, and who talks to people: all of Pana that needs no network."""

from dataclasses import dataclass

from bot.delivery.kinds import Kinds
from bot.due_work import DueWork, due_work
from bot.front import Front
from bot.handoff.intake_to_case import IntakeToCase
from bot.member.cards import Alerts
from bot.member.claim import ClaimTalk
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.member.talk import MemberTalk
from bot.questionnaires import Questionnaires
from bot.retention import Retention
from bot.seeker.cards import Cards
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.hiding import Hiding
from bot.seeker.joining import Joining, Tries
from bot.seeker.status import StatusInWords
from bot.seeker.talk import SeekerTalk
from bot.settings import Settings
from bot.speech.words import Words
from bot.sweep import Sweep
from bot.wiring.core import Core, open_core
from flows.check import released
from flows.source import load_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Pana:
    """The parts by name. `front` hears everybody, `kinds` draw what is sent, `due` is what time brings."""

    core: Core
    words: Words
    questionnaires: Questionnaires
    intake_to_case: IntakeToCase
    seeker: SeekerTalk
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
    return released(load_source(settings.flow_file), words.translate, ["ru", "kk", "en"])


def open_pana(settings: Settings, compiled: bytes | None = None) -> Pana:
    """Opens key file, database and questionnaire. `compiled`: the questionnaire, where it has been compiled already."""
    words = Words.load()
    questionnaires = Questionnaires(compiled or compiled_flow(settings, words))
    core = open_core(settings, lambda: questionnaires.regions)
    intake_to_case = IntakeToCase(
        questionnaires=questionnaires,
        intakes=core.intakes,
        cases=core.cases,
        calls=core.calls,
        messages=core.messages,
    )
    cards = Cards(ring=core.ring, words=words, languages=settings.intake.languages)
    seeker = _seeker(core, words, questionnaires, cards, intake_to_case)
    alerts = Alerts(
        ring=core.ring,
        words=words,
        questionnaires=questionnaires,
        cases=core.cases,
        members=core.members,
        contacts=core.contacts,
    )
    duty = DutyTalk(ring=core.ring, words=words, members=core.members, duty=core.duty, queue=core.queue)
    coordinators = CoordinatorTalk(
        ring=core.ring,
        words=words,
        cases=core.cases,
        members=core.members,
        calls=core.calls,
        duty=core.duty,
        queue=core.queue,
        leaving=core.leaving,
    )
    member = MemberTalk(
        ring=core.ring,
        words=words,
        cases=core.cases,
        members=core.members,
        calls=core.calls,
        claims=_claim_talk(core, words, intake_to_case, alerts),
        duty=duty,
        coordinators=coordinators,
    )
    kinds = Kinds.of(calls=core.calls, cards=alerts, seeker=seeker, duty=duty, coordinators=coordinators)
    retention = Retention(
        cases=core.cases, queue=core.queue, calls=core.calls, claims=core.claims, kept=settings.retention
    )
    due = due_work(
        intakes=core.intakes,
        messages=core.messages,
        calls=core.calls,
        relay=core.relay,
        intake_to_case=intake_to_case,
        seeker=seeker,
        retention=retention,
    )
    return Pana(
        core=core,
        words=words,
        questionnaires=questionnaires,
        intake_to_case=intake_to_case,
        seeker=seeker,
        front=Front(seeker=seeker, talk=member, members=core.members, cards=cards),
        kinds=kinds,
        retention=retention,
        due=due,
        sweep=Sweep(database=core.database, duty=core.duty, due=due, retention=retention),
    )


def _seeker(
    core: Core, words: Words, questionnaires: Questionnaires, cards: Cards, intake_to_case: IntakeToCase
) -> SeekerTalk:
    return SeekerTalk(
        ring=core.ring,
        questionnaires=questionnaires,
        cards=cards,
        intakes=core.intakes,
        cases=core.cases,
        queue=core.queue,
        intake_to_case=intake_to_case,
        status=StatusInWords(
            words=words, calls=core.calls, questionnaires=questionnaires, contacts=core.settings.contacts
        ),
        from_lawyer=FromLawyer(cards=cards, relay=core.relay, contacts=core.contacts),
        hiding=Hiding(
            cards=cards, intake_to_case=intake_to_case, intakes=core.intakes, cases=core.cases, queue=core.queue
        ),
        joining=Joining(cards=cards, invites=core.invites, membership=core.membership, queue=core.queue, tries=Tries()),
    )


def _claim_talk(core: Core, words: Words, intake_to_case: IntakeToCase, alerts: Alerts) -> ClaimTalk:
    return ClaimTalk(
        ring=core.ring,
        words=words,
        cases=core.cases,
        members=core.members,
        relay=core.relay,
        claims=core.claims,
        calls=core.calls,
        intake_to_case=intake_to_case,
        alerts=alerts,
    )
