"""The reader's page in headless Chromium, on a phone of 360x640: what a lawyer does with it, and what it never does."""

import os
import re
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Download, Page, expect
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.reader_page import PAGE
from storage.reading import read_bundle
from storage.sealing import age
from storage.sealing.identity_file import fingerprint, read_identity_file
from tests.bot.test_told_fingerprints import WAYS
from tests.chromium import chromium
from tests.reader.test_reader import LANGUAGES, installed
from tests.storage.make_vectors import (
    CODE,
    LAWYER,
    OTHER_SIGNING,
    PDF,
    SIGNED_BY,
    STRANGER,
    VOICE,
    Sent,
    a_case,
    a_case_of_kazakhstan,
    signed,
)
from tests.storage.make_vectors import FOLDER as VECTORS
from tests.storage.vector_entries import HOSTILE, PLAIN, snapshot, written

__all__ = ["installed"]  # a fixture
PICTURES = os.environ.get("PICTURES")
KEY = VECTORS / "key.txt"
PHRASE = "дождь корзина мост роса"
SMALL = {"width": 360, "height": 640}
QUIET_MOMENT = 20_000  # milliseconds that a slow machine may take
Opens = Callable[..., Awaitable[Page]]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One for all: each test has a window of its own in it, with nothing of another's."""
    async with chromium() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def opens(browser: Browser) -> AsyncIterator[Opens]:
    """The page as it is opened from a phone's files; anything it asks for, and any fault in it, fails the test."""
    asked, wrong, contexts = list[str](), list[str](), list[BrowserContext]()

    async def opened(path: Path = PAGE, language: str = "ru", scheme: Any = "light", **more: Any) -> Page:
        context = await browser.new_context(
            viewport=SMALL, locale=language, color_scheme=scheme, accept_downloads=True, **more
        )  # fmt: skip
        contexts.append(context)
        await context.set_offline(True)
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(path.as_uri())
        return page

    yield opened
    for one in contexts:
        await one.close()
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert wrong == []


async def with_key(page: Page, key: Path = KEY) -> None:
    """Chooses a key file that no passphrase protects."""
    await page.locator("input[type=file]").first.set_input_files(key)
    await expect(page.locator(".drop")).to_be_visible()


async def with_case(page: Page, bundle: Path) -> None:
    """Chooses a zip, and waits until it is open."""
    await page.locator(".drop input[type=file]").set_input_files(bundle)
    await expect(page.locator("#cases article").first).to_be_visible()


async def saved(page: Page, press: Callable[[], Awaitable[None]]) -> bytes:
    """What a press offers as a file."""
    async with page.expect_download() as offered:
        await press()
    download: Download = await offered.value
    return Path(await download.path()).read_bytes()


async def picture(page: Page, name: str) -> None:
    """A picture for the documentation, when they are asked for."""
    if PICTURES and not name.startswith("en-"):
        await page.screenshot(path=Path(PICTURES) / f"reader-{name}.png")


def painted(width: int = 320, height: int = 240) -> bytes:
    """A picture that a browser can draw."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in (x * 255 // width, y, 140)) for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bundle(folder: Path, said: Sequence[Any] = PLAIN, files: Sequence[Sent] = (), **more: Any) -> Path:
    """A zip in a folder."""
    path = folder / f"{CODE}.zip"
    path.write_bytes(signed(a_case(said, files), **more))
    return path


async def test_a_key_is_made_saved_and_opens_a_case_with_its_passphrase(opens: Opens, tmp_path: Path) -> None:
    """A passphrase that is too short is refused; `pana open` takes the same key file; the paper holds the same key."""
    page = await opens()
    one, two = (page.locator("input[type=password]").nth(at) for at in (0, 1))
    for phrases, said in ((("коротко", "коротко"), "Слишком коротко"), ((PHRASE, PHRASE + "!"), "не совпадают")):
        await one.fill(phrases[0])
        await two.fill(phrases[1])
        await page.get_by_role("button", name="Создать ключ").click()
        await expect(page.get_by_role("status").first).to_contain_text(said)
    await two.fill(PHRASE)
    await page.get_by_role("button", name="Создать ключ").click()
    await expect(page.get_by_text("Ключ создан")).to_be_visible(timeout=20_000)
    await picture(page, "key")
    key = await saved(page, page.get_by_role("button", name="Сохранить файл ключа").click)
    public = await saved(page, page.get_by_role("button", name="Сохранить файл для бота").click)
    assert b"-> scrypt" in key and b" 16\n" in key[:80]
    (identity,) = read_identity_file(key, passphrase=lambda: PHRASE).identities
    recipient = age.recipient_of(identity)
    assert public.decode() == f"{recipient}\n"
    await expect(page.locator("code.fingerprint")).to_have_text(fingerprint(recipient))
    await page.get_by_text("Бумажная копия").click()
    await expect(page.locator(".paper code")).to_have_text(identity)
    await expect(page.locator(".paper svg")).to_be_visible()
    await page.locator(".paper").scroll_into_view_if_needed()
    await picture(page, "paper")
    assert await page.evaluate("localStorage.length") == 0
    await page.get_by_role("button", name="Дальше с этим ключом").click()
    await expect(page.locator(".drop")).to_contain_text(fingerprint(recipient))

    (tmp_path / "me.age").write_bytes(key)
    (tmp_path / "me.pub").write_bytes(public)
    shared = tmp_path / "shared.zip"
    plain = ["share", str(VECTORS / "plain.zip"), "-i", str(KEY), "--to", str(tmp_path / "me.pub"), "-o", str(shared)]
    assert CliRunner().invoke(app, plain).exit_code == 0
    page = await opens()
    await page.locator("input[type=file]").first.set_input_files(tmp_path / "me.age")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Открыть ключ")).first
    await form.locator("input[type=password]").fill("wrong")
    await form.get_by_role("button").click()
    await expect(page.get_by_role("status").first).to_contain_text("не открывает", timeout=20_000)
    await form.locator("input[type=password]").fill(PHRASE)
    await form.get_by_role("button").click()
    await expect(page.locator(".drop")).to_be_visible(timeout=20_000)
    await with_case(page, shared)
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()


async def test_the_key_on_paper_opens_a_case_too(opens: Opens) -> None:
    """Typed in where the phone with the file is lost."""
    page = await opens()
    await page.get_by_text("Ключ на бумаге").click()
    await page.locator("details input").fill(LAWYER.lower())
    await page.locator("details").get_by_role("button", name="Открыть ключ").click()
    await with_case(page, VECTORS / "plain.zip")
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_case_is_read_on_the_smallest_phone(
    opens: Opens, tmp_path: Path, language: str, installed: Path
) -> None:
    """Alert lines, deadlines, messages, a picture, a voice; nothing is wider than the screen, and axe finds nothing."""
    page = await opens(language=language, scheme="dark" if language == "kk" else "light")
    await axe(page, installed)
    files = [
        Sent(painted(), "photo"),
        Sent(VOICE, "voice", {"seconds": 42}),
        Sent(PDF, "paper", {"name": "\u202egpj.exe"}),
    ]
    path = tmp_path / "a.zip"
    path.write_bytes(signed(a_case_of_kazakhstan(HOSTILE[2:3], files)))
    await with_key(page)
    await with_case(page, path)
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()
    await expect(page.get_by_text("K7Q4F2")).to_be_visible()
    top = await page.locator("#cases h2").evaluate("one => one.getBoundingClientRect().top")
    assert -1 <= top < 40  # it is what is seen, and what has the focus
    await picture(page, f"{language}-case")
    for number in (10, 11):
        await page.get_by_role("button", name=f"{number}").first.click()
    image = page.locator("article img")
    await expect(image).to_be_visible()
    assert await image.evaluate("one => [one.naturalWidth, one.clientWidth <= 336]") == [320, True]
    await expect(page.locator("article audio")).to_be_visible()
    await image.scroll_into_view_if_needed()
    await picture(page, f"{language}-picture")
    assert await page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert await page.locator("article a").count() == 0
    assert "\u202e" not in await page.locator("article").inner_text()
    await page.locator("article details summary").click()
    await axe(page, installed)


async def axe(page: Page, folder: Path) -> None:
    """No violation of what a screen reader, a keyboard or weak eyes need (axe-core)."""
    source = (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()
    await page.evaluate(source)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    violations = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
    assert violations == []
    assert len(found["passes"]) > 5


async def test_dark_and_light_are_what_the_phone_asks_for(opens: Opens) -> None:
    """Without a switch."""
    for scheme, dark in (("light", False), ("dark", True)):
        page = await opens(scheme=scheme)
        red = await page.evaluate("Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0])")
        assert (red < 60) == dark


async def test_what_is_wrong_stands_in_red_before_everything_and_is_not_handed_over(opens: Opens) -> None:
    """In the language of whoever reads; the rest is shown."""
    page = await opens()
    await with_key(page)
    await with_case(page, VECTORS / "tampered-entry-changed.zip")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("0003.age — не тот файл, который подписан")
    await expect(alert).to_contain_text("0004.age")
    assert await alert.evaluate("one => getComputedStyle(one).color") == "rgb(179, 0, 27)"
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()
    await page.get_by_text("Передать это обращение").click()
    assert await page.locator("article input[type=file]").count() == 0
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("alert")).to_contain_text("0003.age is not the file that was signed")
    await picture(page, "wrong")


async def test_a_key_that_does_not_fit_says_so_and_nothing_of_the_case(opens: Opens) -> None:
    """Neither that it is calm nor that it is unfinished."""
    page = await opens(language="en")
    await with_key(page)
    await with_case(page, VECTORS / "no-key.zip")
    await expect(page.locator("#cases h2")).to_have_text(f"Case {CODE}: nothing of it can be read with this key")
    await expect(page.locator("#cases")).not_to_contain_text("urgency")


async def test_whoever_signed_first_is_remembered_only_when_asked_and_another_is_red(
    opens: Opens, tmp_path: Path
) -> None:
    """What is kept are fingerprints, counts and hashes: no key, no text, no passphrase."""
    page = await opens(language="en")
    await with_key(page)
    await with_case(page, VECTORS / "plain.zip")
    assert await page.evaluate("localStorage.length") == 0
    await expect(page.locator(".ask")).to_contain_text(SIGNED_BY)
    await page.get_by_role("button", name="It is the same").click()
    await expect(page.get_by_role("status").first).to_contain_text("Remembered")
    await expect(page.locator(".ask")).to_have_count(0)
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert SIGNED_BY in kept
    assert not any(secret in kept for secret in ("AGE-SECRET", "паспорт", "Маштаково", "K7Q4F2"))
    await with_case(page, bundle(tmp_path, seed=OTHER_SIGNING))
    await expect(page.get_by_role("alert")).to_contain_text(f"which is not {SIGNED_BY}")
    await page.get_by_role("checkbox").uncheck()
    assert await page.evaluate("localStorage.length") == 0


async def test_a_browser_that_keeps_nothing_says_so(opens: Opens) -> None:
    """Some keep nothing for a page that was opened from a file."""
    page = await opens(language="en")
    await page.evaluate("Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden') }})")
    await with_key(page)
    await with_case(page, VECTORS / "plain.zip")
    await page.get_by_role("button", name="It is the same").click()
    await expect(page.get_by_role("status").first).to_contain_text("This browser keeps nothing here")
    await page.get_by_role("checkbox").click()
    await expect(page.get_by_role("checkbox")).not_to_be_checked()
    await expect(page.get_by_role("status").first).to_contain_text("This browser keeps nothing here")


async def test_an_older_record_than_was_seen_here_is_red(opens: Opens) -> None:
    """Signed and sound in itself: only whoever has seen the newer one can tell."""
    page = await opens(language="en")
    await with_key(page)
    await page.get_by_role("checkbox").check()
    await with_case(page, VECTORS / "plain.zip")
    await expect(page.get_by_role("alert")).to_have_count(0)
    await with_case(page, VECTORS / "tampered-last-entry-cut-off.zip")
    await expect(page.get_by_role("alert")).to_contain_text("older than the one that was opened here")
    await with_case(page, VECTORS / "superseded.zip")
    await expect(page.get_by_role("alert")).to_contain_text("does not continue the one")


async def test_a_case_is_handed_over_to_the_key_whose_fingerprint_was_told(opens: Opens, tmp_path: Path) -> None:
    """The file for the bot holds a wrap that opens the case for the other, and nothing that is sealed."""
    (tmp_path / "them.pub").write_text(f"{age.recipient_of(STRANGER)}\n")
    page = await opens(language="en")
    await with_key(page)
    await with_case(page, VECTORS / "plain.zip")
    await page.get_by_text("Hand this case over").click()
    await page.locator("article input[type=file]").set_input_files(tmp_path / "them.pub")
    mark = fingerprint(age.recipient_of(STRANGER))
    typed = page.get_by_label("The fingerprint as you were told it")
    await typed.fill(mark[-5:])
    await page.get_by_role("button", name="Make the file").click()
    await expect(page.get_by_role("status").first).to_contain_text("The fingerprints differ")
    for way in WAYS.values():
        await typed.fill(way(mark))
        made = await saved(page, page.get_by_role("button", name="Make the file").click)
    (tmp_path / "made.zip").write_bytes(made)
    (case,) = read_bundle(tmp_path / "made.zip", [STRANGER], SIGNED_BY)
    assert [str(one) for one in case.problems] == [
        "only the keys of the case are here: this file is for the bot, which has the rest"
    ]
    assert not any("wrap" in str(one) for one in case.problems)
    assert len(made) < 20_000


async def test_closing_leaves_nothing_of_a_case_on_the_page(opens: Opens) -> None:
    """Neither the key nor the case; whoever looks next must choose both anew."""
    page = await opens(language="en")
    await with_key(page)
    await with_case(page, VECTORS / "plain.zip")
    await page.get_by_role("button", name="Close everything").click()
    await expect(page.get_by_text("паспорт")).to_have_count(0)
    await expect(page.locator(".drop")).to_have_count(0)
    assert "паспорт" not in await page.content()


async def test_pana_open_writes_the_same_page_with_the_case_in_it_and_nothing_to_do(
    opens: Opens, tmp_path: Path, installed: Path
) -> None:
    """No key, no sealed file, no way to choose one; what was written is shown as it is."""
    path, out = bundle(tmp_path, [*PLAIN, *HOSTILE[1:2]], [Sent(PDF, "paper")]), tmp_path / "out"
    options = ["--format", "html", "--language", "ru", "-o", str(out), "--signed-by", SIGNED_BY]
    assert CliRunner().invoke(app, ["open", str(path), "-i", str(KEY), *options]).exit_code == 0
    content = (out / "cases.html").read_text()
    assert not re.search("AGE-SECRET-KEY-PQ-1[0-9A-Z]{9}", content)
    page = await opens(out / "cases.html")
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()
    await expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
    await expect(page.get_by_text(f"записано в {out}/0010.pdf")).to_be_visible()
    assert await page.locator("input").count() == 0
    assert await page.get_by_role("button").count() == 2  # to copy the check word, and to print
    await axe(page, installed)


async def test_everything_is_reached_by_keyboard(opens: Opens) -> None:
    """From the first language to making a key, in order, with what has the focus in sight."""
    page = await opens(language="en")
    reached, focused = [], "document.activeElement"
    for _ in range(8):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate(f"{focused}.tagName + ':' + ({focused}.type ?? '')"))
        assert await page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid", reached
    last = ["INPUT:file", "SUMMARY:", "INPUT:password", "INPUT:password", "BUTTON:submit"]
    assert reached == [*["BUTTON:button"] * 3, *last]


async def test_it_prints_the_case_without_what_can_be_pressed(opens: Opens) -> None:
    """On paper there are no buttons."""
    page = await opens(language="en")
    await with_key(page)
    await with_case(page, VECTORS / "plain.zip")
    await page.emulate_media(media="print")
    await expect(page.get_by_text("Они забрали паспорт.")).to_be_visible()
    assert await page.locator("button:visible, input:visible").count() == 0


@pytest.mark.long
async def test_two_hundred_entries_and_fifty_megabytes_open_in_three_seconds(
    opens: Opens, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file compared and opened on the way: with `-m long` it prints how long it took."""
    said = [snapshot({"q02": "held"})]
    said += [written("message", {"from": "seeker", "text": f"message {number}"}) for number in range(196)]
    files = [Sent(os.urandom(17 * 1024**2), "video") for _ in range(3)]
    path = bundle(tmp_path, said, files)
    page = await opens(language="en")
    await with_key(page)
    began = time.monotonic()
    await page.locator(".drop input[type=file]").set_input_files(path)
    await expect(page.locator("#cases article")).to_be_visible(timeout=30_000)
    took = time.monotonic() - began
    await expect(page.get_by_role("alert")).to_have_count(0)
    with capsys.disabled():
        print(f"\n{len(said) + len(files) + 1} entries, {path.stat().st_size / 1e6:.0f} MB: open in {took:.2f} s")
    assert took < 3
