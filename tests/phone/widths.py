"""Writes bot/speech/widths.json: how wide the letters of Roboto are, Android's font (Apache License): `make widths`."""

import json
import sys
from importlib.resources import files

from fontTools.ttLib import TTFont

FACES = {
    "regular": "Roboto-Regular.ttf",
    "medium": "Roboto-Medium.ttf",
    "bold": "Roboto-Bold.ttf",
    "italic": "Roboto-Italic.ttf",
}
LETTERS = [
    chr(code)
    for code in (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x400, 0x530), *range(0x2010, 0x2040), 0x2116)
]


def widths() -> dict[str, dict[str, float]]:
    """Weight -> letter -> its width as a part of the font's size."""
    found = {}
    for weight, name in FACES.items():
        with (files("font_roboto") / "files" / name).open("rb") as file:
            font = TTFont(file)
            places, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            found[weight] = {
                letter: round(advances[places[ord(letter)]][0] / em, 4) for letter in LETTERS if ord(letter) in places
            }
    return found


if __name__ == "__main__":
    json.dump(widths(), sys.stdout, ensure_ascii=False, indent=0)
    print()
