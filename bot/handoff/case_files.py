"""What people send that is no text: wanted when it is heard of, in the case once it is sealed, told when it is lost."""

from dataclasses import dataclass, field

from bot.handoff.messages import Messages
from bot.handoff.reaching import Reaching
from bot.rings import Event
from storage.case import Handed, Live
from storage.cases import Cases
from storage.record import Entry, EntryKind
from storage.sent_files import GONE, About, Kept, SentFiles, Wanted
from storage.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that has come whole: its true size and SHA-256, those of the age file, and what it is by its bytes."""

    parts: int
    bytes: int
    sha256: str = field(repr=False)
    sealed_size: int
    sealed_sha256: str = field(repr=False)
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiles:
    """Every method runs inside a change."""

    cases: Cases
    messages: Messages
    reaching: Reaching
    files: SentFiles

    def wants(self, tx: Tx, case: Live, about: About) -> None:
        """A file has come into the chat of a case: it is fetched; until it is in the case its message stays."""
        self.files.want(tx, case.row, about)
        if isinstance(case, Handed):
            self.reaching.answered(tx, case)

    def begins(self, tx: Tx, wanted: Wanted) -> str | None:
        """To whom a file is sealed that is fetched from its beginning now; None when nobody wants it any more."""
        case = self.cases.get(tx, wanted.case_row)
        if not isinstance(case, Live):  # closed: whose chat it was is known no more, and so it has to be here
            self.files.lose(tx, wanted.row, GONE)
            return None
        return case.recipient if self.files.begins(tx, wanted) else None

    def is_kept(self, tx: Tx, wanted: Wanted, about: About, fetched: Fetched) -> bool:
        """Its entry is written; only now its message goes from the person's chat. False when its case has ended."""
        case = self.cases.get(tx, wanted.case_row)
        if not isinstance(case, Live) or not self.files.goes_on(tx, wanted):
            return False
        entry = Entry(
            kind=EntryKind.file,
            at=self.cases.chain.stamp(about.sent_at),
            value=_value(about, fetched),
            flow=case.revision,
            question=about.question or None,
            lang=about.lang or case.language,
            form=about.form or None,
        )
        seq = self.cases.chain.append(tx, case, entry)
        kept = Kept(
            row=wanted.row,
            seq=seq,
            parts=fetched.parts,
            size=fetched.sealed_size,
            sha256=fetched.sealed_sha256,
        )
        self.files.is_kept(tx, wanted.row, kept)
        self._wipe(tx, about)
        if self.files.counts(tx, case.row).waiting == 0:  # until then the card says what it says already
            self.messages.queue.person.news(tx, case, Event.kept)
        self.messages.file_came(tx, case, seq, about.kind, fetched.bytes, about.seconds)
        return True

    def lost(self, tx: Tx, wanted: Wanted, why: str) -> None:
        """It cannot be had: nothing of it stays, and its person is told. `why`: TOO_LARGE or GONE."""
        if not self.files.goes_on(tx, wanted):
            return
        self.files.lose(tx, wanted.row, why)
        case = self.cases.get(tx, wanted.case_row)
        if wanted.about is not None:
            self._wipe(tx, wanted.about)
        if isinstance(case, Live):
            self.messages.queue.person.news(tx, case, Event.not_kept)

    def _wipe(self, tx: Tx, about: About) -> None:
        self.messages.queue.wipes.messages(tx, about.chat_id, [about.message])


def _value(about: About, fetched: Fetched) -> dict[str, object]:
    """What the entry says of its file; `media` by its bytes, `said` where it was called something else."""
    said = {"said": about.media} if about.media and about.media != fetched.media else {}
    return {
        "name": about.name,
        "kind": about.kind,
        "bytes": fetched.bytes,
        "sha256": fetched.sha256,
        "media": fetched.media,
        **said,
        **({"seconds": about.seconds} if about.seconds else {}),
    }
