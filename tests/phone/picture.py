"""Draws chats as a small phone shows them, with Android's font in the system's Chromium."""

import html
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from playwright.async_api import Page

from bot.speech import phone
from bot.speech.outgoing import Card, Look
from bot.speech.phone import Phone
from tests.chromium import chromium

BESIDE = 24  # between two phones
_TAGS = {Look.strong: "b", Look.quiet: "i", Look.code: "code", Look.folded: "blockquote"}
_FACES = {"Regular": (400, "normal"), "Medium": (500, "normal"), "Bold": (700, "normal"), "Italic": (400, "italic")}


def _faces() -> str:
    """The pinned font, so that the picture does not depend on the machine."""
    folder = Path(str(files("font_roboto") / "files"))
    return "".join(
        f"@font-face{{font-family:R;font-weight:{weight};font-style:{style};src:url(file://{folder}/Roboto-{name}.ttf)}}"
        for name, (weight, style) in _FACES.items()
    )


_STYLE = f"""
* {{ box-sizing: border-box; margin: 0; }}
body {{ font: {phone.TEXT_SIZE}px/{phone.LINE}px R, sans-serif; background: #fff; color: #111; }}
main {{ display: flex; gap: {BESIDE}px; width: max-content; }}
.phone {{ position: relative; overflow: hidden; background: #dfe7dc; display: flex; flex-direction: column; }}
header {{ flex: none; height: 80px; padding: 34px 0 0 64px; background: #4a7aa5; color: #fff; font-weight: 500; }}
footer {{ flex: none; height: 48px; padding: 14px 16px; background: #fff; color: #9aa3a8; }}
.chat {{ flex: 1; display: flex; flex-direction: column; justify-content: flex-end; overflow: hidden; padding: 0 8px; }}
.card {{ flex: none; margin-top: 4px; }}
.text {{ background: #fff; border-radius: 10px; padding: 6px 11px; white-space: pre-wrap; overflow-wrap: anywhere; }}
.text small {{ display: block; text-align: right; font-size: 12px; line-height: 13px; color: #9aa3a8; }}
i {{ color: #4d5860; }}
code {{ font: 15px/1 "DejaVu Sans Mono", monospace; color: #2f6797; }}
blockquote {{ border-left: 3px solid #2f6797; padding-left: 8px; display: -webkit-box; overflow: hidden;
  -webkit-line-clamp: {phone.FOLDED}; -webkit-box-orient: vertical; }}
.row {{ display: flex; gap: {phone.GAP}px; margin-top: 4px; }}
.row span {{ flex: 1; min-width: 0; height: 44px; line-height: 44px; padding: 0 8px; border-radius: 8px;
  overflow: hidden; text-align: center; text-overflow: ellipsis; white-space: nowrap;
  font-size: {phone.LABEL_SIZE}px; font-weight: 500;
  background: #8fa08c; color: #fff; }}
.row .danger {{ background: #bf4f49; }} .row .primary {{ background: #4583bd; }}
"""


def _text(card: Card) -> str:
    """The text with its looks; a folded quotation is a block, and takes the line breaks around it."""
    parts, at = [], 0
    for mark in card.marks:
        parts.append(html.escape(card.text[at : mark.at]))
        at = mark.at + mark.length
        parts.append(f"<{_TAGS[mark.look]}>{html.escape(card.text[mark.at : at])}</{_TAGS[mark.look]}>")
    said = "".join([*parts, html.escape(card.text[at:])])
    return said.replace("\n<blockquote>", "<blockquote>").replace("</blockquote>\n", "</blockquote>")


def _card(card: Card) -> str:
    rows = "".join(
        '<div class="row">'
        + "".join(f'<span class="{one.style or ""}">{html.escape(one.text)}</span>' for one in row)
        + "</div>"
        for row in card.rows
    )
    return f'<div class="card"><div class="text">{_text(card)}<small>03:00</small></div>{rows}</div>'


def _phone(cards: Sequence[Card], on: Phone, name: str) -> str:
    card = f'class="card" style="width:{on.width - phone.MARGIN}px"'
    chat = "".join(map(_card, cards)).replace('class="card"', card)
    return (
        f'<div class="phone" style="width:{on.width}px;height:{on.height}px"><header>{html.escape(name)}</header>'
        f'<div class="chat">{chat}</div><footer>Message</footer></div>'
    )


@asynccontextmanager
async def browser() -> AsyncIterator[Page]:
    """A page of the system's Chromium."""
    async with chromium() as found:
        yield await found.new_page(device_scale_factor=2)


async def show(page: Page, chats: Sequence[Sequence[Card]], folder: Path, on: Phone = phone.SMALLEST) -> None:
    """Shows chats side by side, each to its end. `folder`: where the page may stand, for the font is a file."""
    drawn = "".join(_phone(cards, on, "Anketa") for cards in chats)
    at = folder / "phones.html"
    at.write_text(f"<meta charset=utf-8><style>{_faces()}{_STYLE}</style><main>{drawn}</main>", encoding="utf-8")
    await page.goto(at.as_uri())
    await page.evaluate("document.fonts.ready")


async def heights(page: Page) -> list[float]:
    """How tall each card is that is shown, in CSS pixels."""
    found: list[float] = await page.evaluate("[...document.querySelectorAll('.card')].map(e => e.offsetHeight)")
    return found
