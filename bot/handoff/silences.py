"""Silences in a claim that somebody was asked about: once a word is heard, or the claim is over, nobody is any more."""

from bot.handoff.queue import Queue
from storage.case import Case, Claimed
from storage.contact import Contacts
from storage.tx import Tx


def heard(tx: Tx, contacts: Contacts, queue: Queue, case: Case, **values: object) -> None:
    """A word from either side. `values`: what else is known of the contact from here on."""
    known = contacts.get(tx, case.row)
    if known.asked_at is not None and isinstance(case, Claimed):
        queue.wipes.asked(tx, case.claim.by, case.row)
    if known.raised_at is not None:
        nobody_frees(tx, queue, case)
    contacts.spoke(tx, case.row, **values)


def nobody_frees(tx: Tx, queue: Queue, case: Case) -> None:
    """Coordinators are no longer asked whether others are to be called: a button that calls nobody goes."""
    for one in queue.members.coordinators(tx):
        queue.wipes.asked(tx, one.id, case.row)
