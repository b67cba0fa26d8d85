"""The questionnaire as an earlier start has made it: that takes half a second, and most starts find nothing changed.

It lies beside the key file, with a hash over it and everything that it was made of: the files of the questionnaire and
of its place, the catalogs, and the program that reads them. Where one of them is another, it is made and checked anew.
Whoever can write there has the keys already.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.settings import Settings
from bot.speech.words import Words
from bot.wiring import pana
from storage.files import all_or_nothing

_NAME = "questionnaire.made"
_PROGRAM = Path(__file__).parent.parent.parent
_OF_THE_PROGRAM = ("flows/**/*.py", "bot/speech/**/*.py", "bot/signable.py", "locales/*/LC_MESSAGES/pana.po")


@dataclass(frozen=True, slots=True)
class Made:
    """The compiled questionnaire, and how many of the texts that must be signed are not (`grave_unsigned`)."""

    compiled: bytes
    unsigned: int


def made(settings: Settings, words: Words) -> Made:
    """As it was kept, where it is of the same files; else made now and kept. Raises FlowErrors."""
    file = settings.server.key_file.with_name(_NAME)
    of = _hash_of(settings)  # before they are read: what changes meanwhile is another the next time
    with contextlib.suppress(OSError):
        head, _, content = file.read_bytes().partition(b"\n")
        if head == _head(of, content):
            unsigned, _, compiled = content.partition(b"\n")
            return Made(compiled, int(unsigned))
    new = _make(settings, words)
    content = f"{new.unsigned}\n".encode() + new.compiled
    _keep(file, _head(of, content) + b"\n" + content)
    return new


def _head(of: bytes, content: bytes) -> bytes:
    """What the file begins with: of these files, and this content."""
    return sha256(of + content).hexdigest().encode()


def _make(settings: Settings, words: Words) -> Made:
    from bot.signable import grave_unsigned
    from flows.place_file import load_place
    from flows.source import load_texts

    compiled = pana.compiled_flow(settings, words)
    languages = load_place(settings.place_file).languages
    return Made(compiled, grave_unsigned(load_texts(settings.flow_file), words, languages))


def _keep(file: Path, content: bytes) -> None:
    """Where it cannot be written, the next start makes it again; one that is cut short is not what its head says."""
    partial = file.with_name(f".{_NAME}.{os.getpid()}.partial")
    with contextlib.suppress(OSError), all_or_nothing() as begun:
        begun.append(partial)
        partial.write_bytes(content)
        partial.replace(file)


def made_of(settings: Settings) -> Iterator[Path]:
    """Every file that what is made depends on, whether it is there or not."""
    flow = settings.flow_file
    yield from (flow, flow.with_name("clocks.yaml"), settings.place_file)
    for folder in ("words", "signed"):
        yield from sorted(flow.with_name(folder).glob("*.yaml"))
    for pattern in _OF_THE_PROGRAM:
        yield from sorted(_PROGRAM.glob(pattern))


def _hash_of(settings: Settings) -> bytes:
    """SHA-256 over names and contents; what cannot be read is named where it is made."""
    whole = sha256()
    for path in made_of(settings):
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            whole.update(f"{path} {len(content)}\n".encode() + content)
    return whole.digest()
