"""Babel's way to the texts of a questionnaire (entry point `pana_flow`)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from flows.source import load_texts
from flows.texts import messages

Message = tuple[int, str, tuple[str, str], list[str]]


def extract(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: object, options: object
) -> Iterator[Message]:
    """Yields (line, "pgettext", (msgctxt, msgid), translator's notes) for each text (Babel, "Writing Extractors")."""
    del keywords, comment_tags, options
    path = Path(fileobj.name)
    if path.name in {"clocks.yaml", "place.yaml"} or path.parent.name in {"words", "signed"}:
        return  # the texts of the first come with the questionnaire, the others have none
    source = load_texts(path)
    for where, context, msgid in messages(source.flow):
        yield source.problem(where, "", "").line, "pgettext", (context, msgid), []
