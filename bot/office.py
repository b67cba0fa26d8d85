"""What commands and the running bot share: key file, database, members, cases, duty, the desk; wired by hand.

Everything that only a conversation needs is in `bot/app.py`, so that a command that needs none of it answers at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.handoff.calls import Calls
from bot.handoff.claims import Claims
from bot.handoff.leaving import Leaving
from bot.handoff.messages import Messages
from bot.handoff.queue import Queue
from bot.handoff.roster import Roster
from bot.handoff.rota.duty import Duty
from bot.settings import Settings
from storage.accounts import Accounts
from storage.alerted import AlertedMembers
from storage.cases import Cases
from storage.contact import Contacts
from storage.database import Database
from storage.delivered import Delivered
from storage.duty import Duties
from storage.handoffs import Handoffs
from storage.intakes import Intakes
from storage.invites import Invites
from storage.members import Members
from storage.offers import Offers
from storage.outbox import Outbox
from storage.relay import Relay
from storage.sealing.keyring import KeyRing
from storage.undoing import Undoing
from storage.wraps import Wraps


@dataclass(frozen=True, slots=True)
class Office:
    """The objects of one instance."""

    settings: Settings
    ring: KeyRing = field(repr=False)
    database: Database
    members: Members
    invites: Invites
    cases: Cases
    intakes: Intakes
    relay: Relay
    duty: Duty
    queue: Queue
    claims: Claims
    calls: Calls
    messages: Messages
    contacts: Contacts
    leaving: Leaving


def open_office(settings: Settings, regions: Callable[[], frozenset[str]] = frozenset) -> Office:
    """Opens key file and database. `regions`: those of the questionnaire, where the rota is read."""
    ring = KeyRing.load(settings.server.key_file, settings.server.draft_keys)
    members, relay, oncall = Members(ring, settings.recovery.recipients), Relay(ring), settings.oncall
    cases = Cases(ring, members, settings.recovery.recipients, Handoffs(ring), AlertedMembers(), Wraps())
    duty = Duty(members, Duties(ring), settings.intake.languages, regions)
    queue = Queue(Outbox(ring), members, Delivered())
    roster = Roster(members, cases, duty, oncall.open_claims)
    contacts = Contacts()
    messages = Messages(cases, queue, relay, contacts)
    undoing = Undoing(ring)
    claims = Claims(cases, queue, roster, relay, Offers(), oncall.ladder, contacts, messages, undoing)
    calls = Calls(cases, queue, claims, roster, oncall, Accounts(ring))
    return Office(
        settings=settings,
        ring=ring,
        database=Database(settings.database.url),
        members=members,
        invites=Invites(ring),
        cases=cases,
        intakes=Intakes(ring, settings.intake.expires_after),
        relay=relay,
        duty=duty,
        queue=queue,
        claims=claims,
        calls=calls,
        messages=messages,
        contacts=contacts,
        leaving=Leaving(calls, duty),
    )
