"""The two conversations, wired by hand: what a seeker meets, and what a member meets."""

from dataclasses import dataclass

from bot.handoff.intake_ends import IntakeEnds
from bot.member.alerts import Alerts
from bot.member.beginning import BeginningTalk
from bot.member.claim import ClaimTalk
from bot.member.claim_cards import ClaimCards
from bot.member.closing import ClosingTalk
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.member.handing_over import HandingOverTalk
from bot.member.lines import Lines
from bot.member.overview import Overview
from bot.member.practice import PracticeTalk
from bot.member.rota import RotaTalk
from bot.member.suspending import SuspendingTalk
from bot.member.taking import TakingTalk
from bot.member.talk import MemberTalk
from bot.member.tidying import Tidying
from bot.member.writing import WritingTalk
from bot.questionnaires import Questionnaires
from bot.seeker.arrivals import Arrivals
from bot.seeker.asking import AskingTalk
from bot.seeker.cards import SeekerCards
from bot.seeker.chat import Chats
from bot.seeker.consent import ConsentTalk
from bot.seeker.from_lawyer import FromLawyer
from bot.seeker.hiding import Hiding
from bot.seeker.last_consent import LastConsent
from bot.seeker.other_cards import OtherCards
from bot.seeker.over_time import OverTime
from bot.seeker.own_words import OwnWords
from bot.seeker.question_card import QuestionCards
from bot.seeker.repeats import Repeats
from bot.seeker.request import RequestTalk
from bot.seeker.screen import Screen
from bot.seeker.sent_files import FilesSent
from bot.seeker.status import StatusInWords
from bot.seeker.talk import SeekerTalk
from bot.speech.reader import Speech
from bot.wiring.core import Core


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerWing:
    """What a seeker meets: who hears them, what their chat shows, what may come to it, and what time brings."""

    talk: SeekerTalk
    screen: Screen
    arrivals: Arrivals
    over_time: OverTime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWing:
    """What a member meets: who hears them, and what draws the messages that come by themselves."""

    talk: MemberTalk
    alerts: Alerts
    lines: Lines
    duty: DutyTalk
    coordinators: CoordinatorTalk
    beginning: BeginningTalk


def seeker_wing(core: Core, questionnaires: Questionnaires, speech: Speech, intake_ends: IntakeEnds) -> SeekerWing:
    """The seeker's wing."""
    intake_to_case = intake_ends.intake_to_case
    screen = _screen(core, questionnaires, speech)
    files = FilesSent(
        case_files=core.case_files,
        intake_to_case=intake_to_case,
        questionnaires=questionnaires,
        from_lawyer=screen.from_lawyer,
    )
    hiding = Hiding(
        cards=screen.cards,
        intake_to_case=intake_to_case,
        intakes=core.intakes,
        cases=core.cases,
        queue=core.queue,
        undoing=core.closing.undoing,
    )
    talk = SeekerTalk(
        screen=screen,
        consent=ConsentTalk(
            screen=screen,
            questionnaires=questionnaires,
            intakes=core.intakes,
            intake_ends=intake_ends,
            hiding=hiding,
            last_consent=LastConsent(),
        ),
        asking=AskingTalk(
            screen=screen,
            questionnaires=questionnaires,
            intakes=core.intakes,
            intake_to_case=intake_to_case,
            own_words=OwnWords(
                from_lawyer=screen.from_lawyer,
                intake_to_case=intake_to_case,
                sealed_messages=core.sealed_messages,
                repeats=Repeats(),
            ),
            files=files,
        ),
        request=RequestTalk(
            screen=screen,
            questionnaires=questionnaires,
            files=files,
            intake_ends=intake_ends,
            hiding=hiding,
            sealed_messages=core.sealed_messages,
        ),
        hiding=hiding,
        reaching=core.reaching,
    )
    return SeekerWing(
        talk=talk,
        screen=screen,
        arrivals=Arrivals(chats=screen.chats, intakes=core.intakes, cases=core.cases, queue=core.queue),
        over_time=OverTime(screen=screen, intakes=core.intakes, cases=core.cases, queue=core.queue, relay=core.relay),
    )


def _screen(core: Core, questionnaires: Questionnaires, speech: Speech) -> Screen:
    cards = SeekerCards(speech=speech, languages=core.languages)
    return Screen(
        chats=Chats(
            ring=core.ring,
            questionnaires=questionnaires,
            intakes=core.intakes,
            cases=core.cases,
            place=core.place,
            languages=core.languages,
            others=OtherCards(alone=not core.database.shared),
        ),
        cards=cards,
        questions=QuestionCards(speech=speech),
        status=StatusInWords(
            words=speech.words,
            calls=core.calls,
            questionnaires=questionnaires,
            contacts=core.settings.contacts or core.place.contacts,
            files=core.case_files.files,
        ),
        from_lawyer=FromLawyer(relay=core.relay, contacts=core.contacts),
        queue=core.queue,
    )


def member_wing(core: Core, questionnaires: Questionnaires, speech: Speech, intake_ends: IntakeEnds) -> MemberWing:
    """The members' wing."""
    cards = ClaimCards(speech=speech, questionnaires=questionnaires, contacts=core.contacts)
    alerts = Alerts(
        speech=speech,
        questionnaires=questionnaires,
        contacts=core.contacts,
        claim_cards=cards,
        undoing=core.closing.undoing,
    )
    duty = DutyTalk(speech=speech, members=core.members, duty=core.duty, queue=core.queue)
    coordinators = CoordinatorTalk(
        speech=speech,
        calls=core.calls,
        giving_back=core.giving_back,
        overview=Overview(speech=speech, cases=core.cases, members=core.members, duty=core.duty),
        suspending=SuspendingTalk(
            speech=speech,
            members=core.members,
            duty=core.duty,
            queue=core.queue,
            membership_changes=core.membership_changes,
        ),
        rota=RotaTalk(speech=speech, duty=core.duty, queue=core.queue),
    )
    beginning = BeginningTalk(
        speech=speech,
        queue=core.queue,
        practice=PracticeTalk(speech=speech, practices=core.practices, questionnaires=questionnaires, queue=core.queue),
    )
    talk = MemberTalk(
        taking=TakingTalk(speech=speech, cases=core.cases, calls=core.calls, alerts=alerts),
        claims=_claim_talk(core, speech, intake_ends, cards),
        duty=duty,
        coordinators=coordinators,
        tidying=Tidying(queue=core.queue),
        beginning=beginning,
    )
    lines = Lines(speech=speech, members=core.members, invites=core.invites)
    return MemberWing(talk=talk, alerts=alerts, lines=lines, duty=duty, coordinators=coordinators, beginning=beginning)


def _claim_talk(core: Core, speech: Speech, intake_ends: IntakeEnds, cards: ClaimCards) -> ClaimTalk:
    return ClaimTalk(
        speech=speech,
        calls=core.calls,
        reaching=core.reaching,
        writing=WritingTalk(
            speech=speech,
            cases=core.cases,
            relay=core.relay,
            calls=core.calls,
            sealed_messages=core.sealed_messages,
            claim_cards=cards,
        ),
        handing_over=HandingOverTalk(
            speech=speech,
            cases=core.cases,
            members=core.members,
            offers=core.handing_over,
            giving_back=core.giving_back,
        ),
        closing=ClosingTalk(
            speech=speech, cases=core.cases, calls=core.calls, ends=core.closing, intake_ends=intake_ends
        ),
    )
