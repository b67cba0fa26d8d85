"""Updates that wait in a flood: confirmed to Telegram, sealed here until they are heard (bot/telegram/flood.py).

Only those of people about whom something is stored already; what strangers send rests nowhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.engine import Row

from storage.schema import Exact, waiting_update
from storage.sealing.keyring import KeyRing
from storage.tx import Reading, Tx
from storage.unreadable import readable, reading, unreadable
from storage.upsert import upsert

Raw = Mapping[str, Any]
KEPT_FOR = timedelta(hours=24)  # Telegram keeps an update as long (Bot API, getUpdates)
_OLD = delete(waiting_update).where(waiting_update.c.at < bindparam("before", type_=Exact()))


@dataclass(frozen=True, slots=True)
class WaitingUpdates:
    """Every method runs inside a change, or looks."""

    ring: KeyRing = field(repr=False)

    def keep(self, tx: Tx, updates: Mapping[int, Raw], heard: Sequence[int]) -> None:
        """These wait from now on, by their number; those that were `heard` do so no more."""
        if heard:
            tx.execute(delete(waiting_update).where(waiting_update.c.update_id.in_(heard)))
        if updates:
            rows = [self._row(tx, number, raw) for number, raw in updates.items()]
            tx.execute(upsert(tx, waiting_update).on_conflict_do_nothing(), rows)

    def all(self, tx: Reading) -> Sequence[Raw]:
        """What waits, in the order in which it was sent; what cannot be read is left out."""
        return readable(tx.execute(select(waiting_update).order_by(waiting_update.c.update_id)).all(), self._raw)

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        return {"waiting_update": unreadable(tx.execute(select(waiting_update)), self._raw)}

    def _row(self, tx: Tx, number: int, raw: Raw) -> dict[str, object]:
        sealed = self.ring.seal_row("update", "waiting_update", "raw", str(number), json.dumps(raw).encode())
        return {"update_id": number, "raw_sealed": sealed, "at": tx.now}

    def _raw(self, row: Row[tuple[object, ...]]) -> Raw:
        with reading("waiting_update"):
            opened = self.ring.open_row("update", "waiting_update", "raw", str(row.update_id), row.raw_sealed)
            found: Raw = json.loads(opened)
            return found


def forget_old(tx: Tx) -> None:
    """Drops what nobody has heard for a day."""
    tx.execute(_OLD, {"before": tx.now - KEPT_FOR})
