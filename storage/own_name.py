"""The bot's user name, as Telegram told it last: for links, where Telegram cannot be asked."""

from sqlalchemy import delete, insert, select

from storage.schema import own_name as table
from storage.tx import Reading, Tx


def keep(tx: Tx, name: str) -> None:
    """In place of the one before; nothing is written where it is the same."""
    if kept(tx) != name:
        tx.execute(delete(table))
        tx.execute(insert(table).values(name=name))


def kept(tx: Reading) -> str | None:
    """None before the bot has met Telegram."""
    return tx.execute(select(table.c.name)).scalar()
