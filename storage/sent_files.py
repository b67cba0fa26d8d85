"""What people send that is no text: fetched from Telegram piece by piece, sealed as it comes, kept in parts.

A row is put in the change that hears of the file and stays until the case ends: first it says what is to be fetched
(under the server key, a day at most), then where the sealed parts of which entry lie. Nothing of it ever rests in
clear, and no piece is larger than `PART`, so that no change holds up a tap.

Whoever fetches a file has it for a while, and says again and again that it goes on. Each time that it is taken it has
another `turn`: what was fetched in an earlier one, by somebody who was slow, never mixes with what is fetched now.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.engine import Row

from storage.errors import Unreadable
from storage.schema import Exact, case_file, file_part, sent_file
from storage.sealing.keyring import KeyRing
from storage.troubles import may_be_tried
from storage.tx import Reading, Tx
from storage.unreadable import reading, unreadable

PART = 128 * 1024
TAKEN_FOR = timedelta(seconds=30)
WANTED_FOR = timedelta(hours=24)
SEEN_AFTER = timedelta(seconds=10)  # what was lost a moment ago stands on no card yet that somebody has read
MOST_FILES, MOST_BYTES = 300, 256 * 1024**2  # of one case: erasing it is one change, which nobody may wait for long
TOO_LARGE, GONE = "too_large", "gone"


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a file before it is fetched. `size` in bytes, 0 if unknown; `message`: the one it came in.

    `kind`: photo, paper, voice, round (a video note) or video. `question`: the one that it answers.
    """

    file_id: str
    kind: str
    chat_id: int
    message: int
    sent_at: datetime
    size: int = 0
    seconds: int = 0
    name: str = ""
    media: str = ""
    lang: str = ""
    question: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that is to be fetched into a case; how often that was tried, and how often Telegram gave none."""

    row: int
    case_row: int
    about: About | None = field(repr=False)
    turn: int
    attempts: int
    refusals: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Files of a case: on their way, kept, and such as could not be had and were not spoken of since (`lost`).

    `large`: those of the lost that were too large.
    """

    waiting: int = 0
    kept: int = 0
    lost: int = 0
    large: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A sealed file of a case: its entry's number, and the size and SHA-256 of the age file."""

    row: int
    seq: int
    parts: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SentFiles:
    """Every method runs inside a change, or looks."""

    ring: KeyRing = field(repr=False)

    def want(self, tx: Tx, case_row: int, about: About) -> int:
        """Somebody has sent a file; returns its row."""
        place = secrets.token_hex(16)
        sealed = self.ring.seal_row("file", "sent_file", "wanted", place, msgspec.json.encode(about))
        values: dict[str, object] = {"case_row": case_row, "place": place, "wanted_sealed": sealed, "size": about.size}
        values |= {"parts": 0, "sent_at": about.sent_at, "next_at": tx.at_once, "message": about.message}
        values |= {"attempts": 0, "refusals": 0, "turn": 0}
        tx.queued(sent_file)
        return int(tx.execute(insert(sent_file).values(**values).returning(sent_file.c.id)).scalar_one())

    def is_full(self, tx: Reading, case_row: int) -> bool:
        """A case has so many files, or so much in them, that no more are taken."""
        query = select(func.count(), func.coalesce(func.sum(sent_file.c.size), 0))
        count, size = tx.execute(query.where(sent_file.c.case_row == case_row)).one()
        return int(count) >= MOST_FILES or int(size) >= MOST_BYTES

    def counts(self, tx: Reading, case_row: int) -> Counts:
        """How many files of a case are on their way, kept, and lost."""
        every, kept, lost, too_large = tx.execute(_COUNTS, {"row": case_row}).one()
        return Counts(waiting=every - kept - lost, kept=kept, lost=lost, large=too_large)

    def take(self, tx: Tx, most: int) -> Sequence[Wanted]:
        """Takes what is to be fetched now, for `TAKEN_FOR`; whoever fetches it goes on saying so (`add`).

        What is wanted no longer is taken too, whatever has failed about it: its end has to be told.
        """
        rows = tx.execute(_DUE, {"now": tx.now, "wanted": tx.now - WANTED_FOR, "most": most}).all()
        for row in rows:
            tx.execute(_OF_ROW, {"row": row.id, "taken_until": tx.now + TAKEN_FOR, "turn": row.turn + 1})
        return [self._wanted(row) for row in rows]

    def begins(self, tx: Tx, wanted: Wanted) -> bool:
        """It is fetched from its beginning; False when it is not wanted any more, or somebody else fetches it."""
        if not self.goes_on(tx, wanted):
            return False
        tx.execute(_PARTS_GONE, {"file": wanted.row})
        return True

    def goes_on(self, tx: Tx, wanted: Wanted) -> bool:
        """It is still being fetched, and taken for `TAKEN_FOR` from now; False as `begins` says."""
        mine = {"row": wanted.row, "mine": wanted.turn, "taken_until": tx.now + TAKEN_FOR}
        return tx.execute(_GOES_ON, mine).rowcount > 0

    def add(self, tx: Tx, wanted: Wanted, number: int, sealed: bytes) -> bool:
        """The next part; False as `begins` says: its case was erased meanwhile, or it took too long."""
        if not self.goes_on(tx, wanted):
            return False
        tx.execute(_NEW_PART, {"file_row": wanted.row, "number": number, "sealed": sealed})
        return True

    def is_kept(self, tx: Tx, row: int, kept: Kept) -> None:
        """All of it is there and its entry is written: nothing is left that leads back to Telegram."""
        values = {"seq": kept.seq, "parts": kept.parts, "size": kept.size, "sha256": kept.sha256}
        over = {"wanted_sealed": None, "message": None, "taken_until": None, "last_error": None}
        tx.execute(_OF_ROW, {"row": row, **values, **over})

    def later(
        self, tx: Tx, wanted: Wanted, at: datetime, error_class: str, *, refused: bool = False, told: bool = False
    ) -> None:
        """Put off; only the class of the error is kept. `refused`: Telegram was reached, and gave no file.

        `told`: it said until when, so that this was no attempt.
        """
        attempts = wanted.attempts + int(not told)
        values: dict[str, object] = {"next_at": at, "taken_until": None, "attempts": attempts}
        values |= {"refusals": wanted.refusals + int(refused), "last_error": error_class[:80]}
        here = (sent_file.c.id == wanted.row) & (sent_file.c.turn == wanted.turn)
        tx.execute(update(sent_file).where(here).values(**values))

    def lose(self, tx: Tx, row: int, why: str) -> None:
        """It cannot be had: nothing of it stays but that it was lost, until its person has read that."""
        tx.execute(delete(file_part).where(file_part.c.file_row == row))
        over = {"wanted_sealed": None, "message": None, "taken_until": None, "size": 0, "next_at": tx.at_once}
        tx.execute(update(sent_file).where(sent_file.c.id == row).values(lost=why, **over))

    def told(self, tx: Tx, case_row: int) -> None:
        """From now on a card says that files of this case were lost: `taken_until` of such a one is since when."""
        new = sent_file.c.lost.is_not(None) & sent_file.c.taken_until.is_(None)
        tx.execute(update(sent_file).where(sent_file.c.case_row == case_row, new).values(taken_until=tx.now))

    def forget_lost(self, tx: Tx, case_row: int) -> None:
        """Its person has read on a card that files were lost, and has sent something since."""
        seen = sent_file.c.lost.is_not(None) & (sent_file.c.taken_until <= tx.now - SEEN_AFTER)
        tx.execute(delete(sent_file).where(sent_file.c.case_row == case_row, seen))

    def due_again(self, tx: Tx) -> int:
        """At the start of the only process on a database: what a crashed one had taken is due at once."""
        taken = sent_file.c.taken_until.is_not(None) & _ON_ITS_WAY
        values = {"taken_until": None, "attempts": sent_file.c.attempts + 1}
        return tx.execute(update(sent_file).where(taken).values(**values)).rowcount

    def unreadable(self, tx: Reading) -> Mapping[str, int]:
        """Table -> how many of its rows cannot be read."""
        rows = tx.execute(select(sent_file).where(sent_file.c.wanted_sealed.is_not(None)))
        return {"sent_file": unreadable(rows, self._about)}

    def _wanted(self, row: Row[tuple[object, ...]]) -> Wanted:
        try:
            about = self._about(row)
        except Unreadable:  # whoever fetches it will say so
            about = None
        until = row.sent_at + WANTED_FOR
        tried = {"turn": row.turn + 1, "attempts": row.attempts, "refusals": row.refusals}
        return Wanted(row=row.id, case_row=row.case_row, about=about, until=until, **tried)

    def _about(self, row: Row[tuple[object, ...]]) -> About:
        with reading("sent_file"):
            opened = self.ring.open_row("file", "sent_file", "wanted", row.place, row.wanted_sealed)
            return msgspec.json.decode(opened, type=About)


_ON_ITS_WAY = sent_file.c.seq.is_(None) & sent_file.c.lost.is_(None)
# Asked every second, so it is made once.
_COUNTS = select(
    func.count(),
    func.count(sent_file.c.seq),
    func.count(sent_file.c.lost),
    func.count(case((sent_file.c.lost == TOO_LARGE, 1))),
).where(sent_file.c.case_row == bindparam("row"))
_NOW = bindparam("now", type_=Exact())
_FREE = sent_file.c.taken_until.is_(None) | (sent_file.c.taken_until <= _NOW)
_OVER = sent_file.c.sent_at <= bindparam("wanted", type_=Exact())
_OF_ROW = update(sent_file).where(sent_file.c.id == bindparam("row"))  # what is set is given with the row
_GOES_ON = _OF_ROW.where(sent_file.c.turn == bindparam("mine"), _ON_ITS_WAY)
_OF_FILE = file_part.c.file_row == bindparam("file")
_PARTS_GONE, _NEW_PART = delete(file_part).where(_OF_FILE), insert(file_part)
_PART = select(file_part.c.sealed).where(_OF_FILE, file_part.c.number == bindparam("number"))
_KEPT = select(sent_file).where(sent_file.c.case_row == bindparam("row"), sent_file.c.seq.is_not(None))
_MESSAGES = select(sent_file.c.message).where(
    sent_file.c.case_row.in_(select(case_file.c.id).where(case_file.c.chat_look_up == bindparam("look_up"))),
    sent_file.c.message.is_not(None),
)
_DUE = (
    select(sent_file)
    .where(
        _ON_ITS_WAY & (sent_file.c.next_at <= _NOW) & _FREE,
        may_be_tried(_NOW, "file", sent_file.c.id) | _OVER,
    )
    .order_by(sent_file.c.next_at, sent_file.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def messages(tx: Reading, look_up: bytes) -> Sequence[int]:
    """What a chat still shows of files that are on their way: the messages in which they came."""
    return list(tx.execute(_MESSAGES, {"look_up": look_up}).scalars())


def kept(tx: Reading, case_row: int) -> Mapping[int, Kept]:
    """The sealed files of a case, by the number of their entry."""
    return {
        row.seq: Kept(row=row.id, seq=row.seq, parts=row.parts, size=row.size, sha256=row.sha256)
        for row in tx.execute(_KEPT, {"row": case_row}).all()
    }


def parts(tx: Reading, file: Kept) -> Iterator[bytes]:
    """The age file, part by part; one is in memory."""
    for number in range(file.parts):
        yield bytes(tx.execute(_PART, {"file": file.row, "number": number}).scalar_one())
