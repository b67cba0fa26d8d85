"""Makes the zips that lawyers get: of a snapshot, outside the writer thread, however large a case is."""

import asyncio
import contextlib
import io
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from bot.delivery.kind import SealedZip
from storage.bundle import with_files, write_bundle
from storage.case import Live, Parted
from storage.cases import Cases
from storage.database import Database
from storage.tx import Reading

LARGE = 1024**2  # bytes; those with a few answers or a photo wait for nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundles:
    """Makes them one after another where they are large."""

    database: Database
    cases: Cases
    _one: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    def turn(self, wanted: SealedZip) -> AbstractAsyncContextManager[object]:
        """Held from the making of a zip until it was sent: a single large one is in memory."""
        return self._one if wanted.size > LARGE else contextlib.nullcontext()

    def made(self, wanted: SealedZip) -> bytes | None:
        """The zip, None when its case has ended. Blocking: in a thread of its own."""

        def look(tx: Reading) -> bytes | None:
            case = self.cases.get(tx, wanted.case_row)
            if not isinstance(case, Live | Parted):
                return None
            bundle = with_files(self.cases.chain.bundle(tx, case, only_for=wanted.member_id), wanted.files)
            ring, buffer = self.cases.ring, io.BytesIO()
            write_bundle(buffer, [bundle], ring.sign, ring.verify_key, self.cases.chain.today(tx.now))
            return buffer.getvalue()

        return self.database.read(look)
