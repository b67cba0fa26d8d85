"""What every command needs: key file, database, what is kept in it, and the rules about cases, claims and duty."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import ConfigurationError
from bot.handoff.calls import Calls
from bot.handoff.case_files import CaseFiles
from bot.handoff.checks import Checks
from bot.handoff.claims import Claims
from bot.handoff.closing import Closing
from bot.handoff.giving_back import GivingBack
from bot.handoff.graver import Graver
from bot.handoff.handing_over import HandingOver
from bot.handoff.looking import Looking
from bot.handoff.membership_changes import MembershipChanges
from bot.handoff.messages import Messages
from bot.handoff.queue import Queue
from bot.handoff.reaching import Reaching
from bot.handoff.readers import Readers
from bot.handoff.roster import Roster
from bot.handoff.rota.current import CurrentRota
from bot.handoff.rota.duty import Duty
from bot.handoff.sealed_messages import SealedMessages
from bot.settings import Settings
from bot.unreadable import Sealed
from flows.place import Place
from flows.place_file import load_place
from storage.accounts import Accounts
from storage.alerted import AlertedMembers
from storage.cases import Cases
from storage.chain import Chain
from storage.claims import KeptClaims
from storage.contact import Contacts
from storage.database import Database
from storage.delivered import Delivered
from storage.drafts import Drafts
from storage.duty import Duties
from storage.handoffs import Handoffs
from storage.intakes import Intakes
from storage.invites import Invites
from storage.members import Members
from storage.membership import Membership
from storage.offers import Offers
from storage.outbox import Outbox
from storage.practice import Practices
from storage.relay import Relay
from storage.rotas import Rotas
from storage.sealing.keyring import KeyRing
from storage.sent_files import SentFiles
from storage.undoing import Undoing
from storage.waiting import WaitingUpdates
from storage.wraps import Wraps


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The parts by name. Whoever needs some of them is handed those, and not this.

    `place`: where people are helped; `languages`: those of the place that they may choose.
    """

    settings: Settings
    place: Place
    languages: tuple[str, ...]
    ring: KeyRing = field(repr=False)
    database: Database
    members: Members
    membership: Membership
    invites: Invites
    practices: Practices
    cases: Cases
    intakes: Intakes
    relay: Relay
    waiting: WaitingUpdates
    duty: Duty
    queue: Queue
    claims: Claims
    calls: Calls
    giving_back: GivingBack
    looking: Looking
    messages: Messages
    contacts: Contacts
    reaching: Reaching
    handing_over: HandingOver
    closing: Closing
    sealed_messages: SealedMessages
    case_files: CaseFiles
    membership_changes: MembershipChanges
    checks: Checks

    @property
    def sealed(self) -> tuple[Sealed, ...]:
        """Every store with sealed rows, some of which may not open."""
        cases, rotas, outbox = self.cases, self.duty.rota.kept, self.queue.outbox
        on_their_way = self.relay, self.relay.drafts, outbox
        return (
            self.members,
            cases,
            cases.handoffs,
            self.intakes,
            *on_their_way,
            self.case_files.files,
            self.waiting,
            self.invites,
            rotas,
        )


def open_core(settings: Settings, regions: Callable[[], frozenset[str]] = frozenset) -> Core:
    """Opens key file and database, and reads where people are helped; raises FlowErrors, or ConfigurationError.

    `regions`: those of the questionnaire, where the rota is read.
    """
    place = load_place(settings.place_file)
    languages = _languages(settings, place)
    ring = KeyRing.load(settings.server.key_file, settings.server.draft_keys)
    oncall, recovery = settings.oncall, settings.recovery.recipients
    members = Members(ring=ring, last_resort=place.last_resort)
    relay, contacts = Relay(ring=ring, drafts=Drafts(ring=ring)), Contacts()
    membership, invites = Membership(members=members, recovery=recovery), Invites(ring=ring)
    handoffs, wraps = Handoffs(ring=ring), Wraps()
    rota = CurrentRota(members=members, kept=Rotas(ring=ring), place=place, languages=languages, regions=regions)
    duty = Duty(members=members, duties=Duties(), rota=rota)
    in_order = Readers(duty).in_order
    chain = Chain(ring=ring, members=members, recovery=recovery, wraps=wraps, in_order=in_order, here=place.here)
    cases = Cases(
        ring=ring,
        handoffs=handoffs,
        alerted=AlertedMembers(),
        wraps=wraps,
        chain=chain,
        claims=KeptClaims(ring=ring, handoffs=handoffs, wraps=wraps, chain=chain),
    )
    queue = Queue(outbox=Outbox(ring=ring), members=members, delivered=Delivered())
    roster = Roster(members=members, cases=cases, duty=duty, open_claims=oncall.open_claims)
    files = SentFiles(ring=ring)
    messages = Messages(queue=queue, relay=relay, contacts=contacts, files=files)
    offers = Offers()
    claims = Claims(
        cases=cases,
        queue=queue,
        relay=relay,
        offers=offers,
        ladder=oncall.ladder,
        contacts=contacts,
        place=place,
    )
    reaching = Reaching(cases=cases, queue=queue, claims=claims, roster=roster, contacts=contacts, messages=messages)
    handing_over = HandingOver(cases=cases, queue=queue, claims=claims, offers=offers, relay=relay)
    undoing = Undoing(ring=ring)
    closing = Closing(cases=cases, queue=queue, claims=claims, contacts=contacts, messages=messages, undoing=undoing)
    calls = Calls(
        cases=cases,
        queue=queue,
        claims=claims,
        roster=roster,
        oncall=oncall,
        accounts=Accounts(ring=ring),
        graver=Graver(cases=cases, queue=queue, claims=claims, roster=roster, handing_over=handing_over),
        place=place,
    )
    giving_back = GivingBack(calls=calls, claims=claims, relay=relay, offers=offers, contacts=contacts)
    return Core(
        settings=settings,
        place=place,
        languages=languages,
        ring=ring,
        database=Database(settings.database.url),
        members=members,
        membership=membership,
        invites=invites,
        practices=Practices(ring=ring, recovery=recovery, today=place.today),
        checks=Checks(queue=queue, duty=duty, invites=invites, membership=membership, place=place),
        cases=cases,
        intakes=Intakes(ring=ring, expires_after=settings.intake.expires_after),
        relay=relay,
        waiting=WaitingUpdates(ring=ring),
        duty=duty,
        queue=queue,
        claims=claims,
        calls=calls,
        giving_back=giving_back,
        looking=Looking(calls=calls, giving_back=giving_back),
        messages=messages,
        contacts=contacts,
        reaching=reaching,
        handing_over=handing_over,
        closing=closing,
        sealed_messages=SealedMessages(cases=cases, messages=messages, reaching=reaching),
        case_files=CaseFiles(cases=cases, messages=messages, reaching=reaching, files=files),
        membership_changes=MembershipChanges(
            calls=calls, giving_back=giving_back, handing_over=handing_over, duty=duty, membership=membership
        ),
    )


def _languages(settings: Settings, place: Place) -> tuple[str, ...]:
    """Those that people may choose; raises ConfigurationError for one in which the place has no texts."""
    chosen = settings.intake.languages or place.languages
    unknown = [one for one in chosen if one not in place.languages]
    if unknown:
        known = ", ".join(place.languages)
        raise ConfigurationError([f"intake.languages: {unknown[0]} is none of the place's languages, {known}"])
    return chosen
