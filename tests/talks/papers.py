"""Files that have come from Telegram, without Telegram: wanted, sealed and kept as the bot does it."""

from typing import Any

from sqlalchemy import insert

from bot.handoff.case_files import Fetched
from storage.media import media_of
from storage.record import FileSealing
from storage.schema import file_part
from storage.sent_files import PART, About, Wanted
from tests.talks.talks import Talks


def is_sent(talks: Talks, kind: str = "photo", *, seconds: int = 0, row: int | None = None) -> Wanted:
    """Somebody has sent a file; it is not here yet. `row`: of their case, the newest unless it is given."""
    about = About(
        file_id="AgAC",
        kind=kind,
        chat_id=900,
        message=77,
        sent_at=talks.at,
        size=10,
        seconds=seconds,
    )
    files, case_row = talks.core.case_files.files, row or talks.case().row
    talks.change(lambda tx: files.want(tx, case_row, about))
    taken = talks.change(lambda tx: files.take(tx, 100))
    return max(taken, key=lambda one: one.row)  # type: ignore[no-any-return]


def comes(talks: Talks, wanted: Wanted, content: bytes = b"\xff\xd8\xff" + bytes(1_200_000)) -> None:
    """It has come, and is kept; then whatever that brought about."""
    core, about = talks.core, wanted.about
    assert about is not None
    case = talks.change(lambda tx: core.cases.get(tx, wanted.case_row))
    sealing = FileSealing(case.recipient)
    sealed = sealing.add(content) + sealing.end()
    pieces = [sealed[at : at + PART] for at in range(0, len(sealed), PART)]

    def keep(tx: Any) -> None:
        assert core.case_files.begins(tx, wanted)
        rows = [{"file_row": wanted.row, "number": number, "sealed": piece} for number, piece in enumerate(pieces)]
        tx.execute(insert(file_part), rows)

    talks.change(keep)
    fetched = Fetched(
        parts=len(pieces),
        bytes=sealing.bytes,
        sha256=sealing.clear_sha256,
        sealed_size=sealing.size,
        sealed_sha256=sealing.sha256,
        media=media_of(content),
    )
    assert talks.change(lambda tx: core.case_files.is_kept(tx, wanted, about, fetched))
    talks.deliver()


def sends(talks: Talks, kind: str = "photo", content: bytes = b"\xff\xd8\xff" + bytes(1_200_000), **more: int) -> None:
    """The person sends a file, and it has come."""
    comes(talks, is_sent(talks, kind, **more), content)
