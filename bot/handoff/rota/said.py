"""What lawyers say about their own duty. Every function runs inside a change."""

from datetime import datetime

from bot.handoff.rota.duty import Duty
from storage.duty import Swap
from storage.members import Member
from storage.tx import Tx


def stays(tx: Tx, duty: Duty, member: Member, until: datetime | None) -> None:
    """On duty from now until then, or until changed."""
    follows(tx, duty, member)
    if until is None:
        duty.members.set_on_call(tx, member.id, on_call=True)
    else:
        duty.duties.stay(tx, member.id, until)


def goes(tx: Tx, duty: Duty, member: Member) -> None:
    """Off duty: what runs now ends, also a shift, until its end. What was agreed on for later stays."""
    running = [one for one in duty.now(tx).of(member.id, tx.now) if one.shift.begins <= tx.now]
    _said_nothing(tx, duty, member)
    for one in running:
        duty.duties.hand(tx, one.owner.id, one.shift.begins, one.shift.ends, member.id, given_up=True)


def follows(tx: Tx, duty: Duty, member: Member) -> None:
    """On duty by the rota and what was agreed on, and by nothing else."""
    _said_nothing(tx, duty, member)
    for one in duty.duties.handed(tx):
        if one.holder == member.id and one.given_up:
            duty.duties.hand(tx, one.owner, one.begins, one.ends, one.holder, given_up=False)


def _said_nothing(tx: Tx, duty: Duty, member: Member) -> None:
    duty.duties.go(tx, member.id)
    if member.on_call:
        duty.members.set_on_call(tx, member.id, on_call=False)


def takes(tx: Tx, duty: Duty, swap: Swap) -> None:
    """The other lawyer has agreed: every shift that the asker has at this time is theirs."""
    for one in duty.now(tx).of(swap.asker, tx.now):
        if (one.shift.begins, one.shift.ends) == (swap.begins, swap.ends):
            duty.duties.hand(tx, one.owner.id, swap.begins, swap.ends, swap.taker, given_up=False)
