"""The bot's picture: three plain bars, drawn here so that it says nothing and is nobody's. A JPEG file.

Each block of eight by eight points has one colour, so that of its frequencies only the mean is written (ITU-T T.81).
"""

from collections.abc import Iterable
from struct import pack
from typing import TypeAlias

BLOCKS = 80  # a side: 640 points
Colour: TypeAlias = tuple[int, int, int]  # brightness and the two differences of colour, each around 128

_BEHIND: Colour = (112, 138, 118)
_BARS: Colour = (226, 130, 126)
_ROWS = {range(22, 30): range(20, 60), range(36, 44): range(20, 52), range(50, 58): range(20, 44)}
_STEP = 8  # the mean of a block is written in steps of so many, which are those of its brightness


def picture() -> bytes:
    """The file."""
    size = pack(">BHHB", 8, 8 * BLOCKS, 8 * BLOCKS, 3)
    parts = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))  # none is coarser than another
    means, nothing_else = _table(0, 4, range(9)), _table(0x10, 1, range(1))
    scan = bytes((3, 1, 0, 2, 0, 3, 0, 0, 63, 0))
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xDB, bytes((0, *[_STEP] * 64))),
            _segment(0xC0, size + parts),
            _segment(0xC4, means),
            _segment(0xC4, nothing_else),
            _segment(0xDA, scan),
            _packed(_blocks()),
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + pack(">H", len(content) + 2) + content


def _table(which: int, length: int, symbols: range) -> bytes:
    """A table of codes that all have one length, in the order of their symbols."""
    counts = bytes(len(symbols) if bits == length else 0 for bits in range(1, 17))
    return bytes((which,)) + counts + bytes(symbols)


def _blocks() -> Iterable[str]:
    """The bits of every block: how its three means differ from those before, and that there is nothing else."""
    before = [0, 0, 0]
    for y in range(BLOCKS):
        for x in range(BLOCKS):
            lies_in = any(y in rows and x in columns for rows, columns in _ROWS.items())
            means = [value - 128 for value in (_BARS if lies_in else _BEHIND)]
            yield "".join(f"{_difference(mean - last)}0" for mean, last in zip(means, before, strict=True))
            before = means


def _difference(value: int) -> str:
    """How many bits it has, then these bits; of what is negative, those of one less."""
    bits = abs(value).bit_length()
    return f"{bits:04b}" + (f"{value if value > 0 else value + (1 << bits) - 1:0{bits}b}" if bits else "")


def _packed(blocks: Iterable[str]) -> bytes:
    written = "".join(blocks)
    written += "1" * (-len(written) % 8)
    whole = int(written, 2).to_bytes(len(written) // 8, "big")
    return whole.replace(b"\xff", b"\xff\x00")  # a byte of this value begins a marker
