"""What a file is by its first bytes, whatever it is called or says that it is."""

# Signatures as their specifications give them: JPEG (ITU T.81), PNG (RFC 2083), WebP and WAV (RIFF), PDF (ISO 32000-1,
# 7.5.2), Ogg (RFC 3533), ISO base media (ISO 14496-12, ftyp; HEIC: its brands), MP3 (ID3v2.4, or a frame's sync).
_AT_THE_START = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_HEIC = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"hevc"})
_SPOKEN = frozenset({b"M4A ", b"M4B "})
LOOKED_AT = 16
UNKNOWN = "application/octet-stream"


def media_of(start: bytes) -> str:
    """The media type that the first `LOOKED_AT` bytes show; `UNKNOWN` for any other."""
    for signature, media in _AT_THE_START:
        if start.startswith(signature):
            return media
    if start[:4] == b"RIFF":
        return _RIFF.get(start[8:12], UNKNOWN)
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return "image/heic" if brand in _HEIC else "audio/mp4" if brand in _SPOKEN else "video/mp4"
    return UNKNOWN
