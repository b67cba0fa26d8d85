"""The wraps in a file that a lawyer has made with `pana share`; whatever else it holds is left alone."""

import io
import re
import zipfile

MOST_WRAPS, LARGEST_WRAP = 100, 64 * 1024
_WRAP = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{4})/keys/([0-9a-f]{1,32})\.age")
_AGE = b"age-encryption.org/v1\n"


def wraps_in(content: bytes) -> dict[str, dict[str, bytes]]:
    """Case code -> name -> wrap; empty for anything that is no bundle.

    A hostile zip costs little: only small entries of the right name are read.
    """
    found: dict[str, dict[str, bytes]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist()[:100_000]:
                match = _WRAP.fullmatch(info.filename)
                if match is None or info.file_size > LARGEST_WRAP or sum(map(len, found.values())) >= MOST_WRAPS:
                    continue
                sealed = archive.read(info)
                if sealed.startswith(_AGE):
                    found.setdefault(match[1], {})[match[2]] = sealed
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return {}
    return found
