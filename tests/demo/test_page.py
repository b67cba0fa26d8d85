"""A whole case on the demo's page, played in headless Chromium: three phones, the real bot, the opened case."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.demo.instance import Instance
from bot.demo.phones import Phones, three
from bot.demo.server import BotApiServer
from tests.chromium import chromium

PICTURES = os.environ.get("PICTURES")
WRITTEN = "Пост Маштаково, пограничники. Причину не говорят."


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the demo as a user starts it, on a free port; Ctrl-C ends it cleanly."""
    process = subprocess.Popen([sys.executable, "-m", "bot.demo", "--port", "0"], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        told = (re.search(rb"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
        yield next(found[0] for found in told if found).decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.fixture
async def fresh(telegram: BotApiServer, instance: Instance) -> AsyncIterator[str]:
    """The same page where nobody has pressed START, with an instance that was made before."""
    async with Phones(telegram, instance, three(telegram), 0) as page:
        await instance.start()
        yield page.url


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page in the system's Chromium."""
    async with chromium() as browser:
        yield await browser.new_page(viewport={"width": 1360, "height": 860})


async def picture(page: Page, name: str) -> None:
    """A picture for the documentation, when they are asked for."""
    if PICTURES:
        await asyncio.sleep(1.3)  # what moves has come to rest
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def is_opened_by_hand(page: Page, bundle: Path, folder: Path) -> None:
    """As a lawyer does it: the reader, the key, the zip; and nothing is asked of any server."""
    async with page.expect_download() as key:
        await page.get_by_role("link", name="Aigul’s key", exact=True).click()
    await (await key.value).save_as(folder / "Aigul.txt")
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="one offline page").click()
    reader = await opened.value
    await reader.wait_for_load_state()
    await reader.context.set_offline(True)
    await reader.locator("input[type=file]").first.set_input_files(folder / "Aigul.txt")
    await reader.locator(".drop input[type=file]").set_input_files(bundle)
    await expect(reader.locator("article")).to_contain_text(WRITTEN)
    await reader.context.set_offline(False)
    await reader.close()


async def test_a_whole_case_is_played_on_three_phones(page: Page, address: str, tmp_path: Path) -> None:
    """START, urgent, held; the alert while questions go on; taken, answered both ways, sent, opened with the key."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(address)
    seeker, aigul, boris = (page.locator(f'[data-phone="{phone}"]') for phone in (101, 201, 202))
    await seeker.get_by_role("button", name="START").click()
    await seeker.get_by_role("button", name="1. Русский").click()
    await expect(seeker.get_by_text("бесплатная помощь")).to_be_visible()
    await picture(page, "consent")
    await seeker.get_by_role("button", name="Срочно: нужен юрист").click()
    await seeker.get_by_role("button", name="1. Удерживают").click()
    await expect(aigul.get_by_text("ШҰҒЫЛ")).to_be_visible()
    await expect(boris.get_by_text("СРОЧНО")).to_be_visible()
    await expect(seeker.get_by_text("Кому нужна помощь?")).to_be_visible()
    await picture(page, "alert")

    await aigul.get_by_role("button", name="Өзіме алу").click()
    await expect(aigul.get_by_text("kB, sealed")).to_be_visible()
    await expect(boris.get_by_text("уже в работе")).to_be_visible()
    await expect(seeker.get_by_text("взял в работу юрист")).to_be_visible()
    for label, then in [
        ("1. Мне", "Кто вас удерживает?"),
        ("1. Пограничники", "Вас передают России"),
        ("1. Сейчас или сегодня", "Назначено ли заседание"),
        ("5. Нет", "Как юристу безопасно"),
        ("1. Написать в этот чат", "Какой город"),
        ("5. Запад", "какой орган"),
    ]:
        await seeker.get_by_role("button", name=label).click()
        await expect(seeker.get_by_text(then)).to_be_visible()
    await seeker.get_by_label("Message").fill(WRITTEN)
    await seeker.get_by_role("button", name="Send").click()
    await expect(seeker.get_by_text("Какие бумаги")).to_be_visible()
    await expect(seeker.get_by_text(WRITTEN)).to_have_count(0)  # sealed, and removed from the chat on purpose

    await aigul.get_by_role("button", name="Жазу").first.click()
    await aigul.get_by_role("button", name="Заңгерсіз ештеңеге қол қоймаңыз").click()
    await seeker.get_by_role("button", name="Показать").last.click()  # on the news, and on the card above it
    await expect(seeker.get_by_text("Ничего не подписывайте без юриста")).to_be_visible()
    await seeker.get_by_text("Ничего не подписывайте без юриста").scroll_into_view_if_needed()
    await picture(page, "contact")
    await seeker.get_by_role("button", name="Пропустить").click()
    await seeker.get_by_role("button", name="Вчера", exact=True).click()
    await seeker.get_by_role("button", name="2. Переход границы").click()
    await seeker.get_by_role("button", name="3. Ещё нет").click()
    await seeker.get_by_role("button", name="1. Пока достаточно").click()
    await seeker.get_by_role("button", name="Отправить юристу").click()
    await expect(seeker.get_by_text("Ответы отправлены")).to_be_visible()

    await aigul.get_by_label("Message").fill("/cases")
    await aigul.get_by_label("Message").press("Enter")
    await expect(aigul.get_by_text("kB, sealed")).to_have_count(2)
    async with page.expect_download() as download:
        await aigul.get_by_role("link", name="Download").last.click()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}\.zip", (await download.value).suggested_filename)
    await aigul.get_by_role("button", name="Open with Aigul’s key").last.click()
    await expect(page.locator("#opened pre")).to_contain_text(WRITTEN)
    await expect(page.locator("#opened pre")).to_contain_text("Задержание: а)")
    await picture(page, "opened")
    async with page.context.expect_page() as phone:
        await page.get_by_role("link", name="The same on the lawyer’s phone").click()
    await expect((await phone.value).locator("article")).to_contain_text(WRITTEN)
    await page.get_by_role("button", name="Close").click()
    await is_opened_by_hand(page, await (await download.value).path(), tmp_path)
    await seeker.get_by_role("button", name="Скрыть чат").click()
    await expect(page.locator("#alert")).to_contain_text("Чтобы вернуться")
    await page.get_by_role("button", name="OK").click()
    await expect(seeker.locator(".message")).to_have_count(0)
    assert wrong == []


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_another_site_in_the_same_browser_gets_nothing(telegram: BotApiServer, instance: Instance) -> None:
    """A foreign Host or Origin is refused, for the page and for what it is fed with; its own is let in."""
    async with Phones(telegram, instance, three(telegram), 0) as page, aiohttp.ClientSession() as session:
        async with session.get(page.url) as answer:
            assert answer.status == 200
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            for path in ("/", "/live"):
                async with session.get(page.url + path, headers=headers) as answer:
                    assert answer.status == 403


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_on_a_small_screen_one_phone_is_shown_and_a_dot_tells_of_the_others(page: Page, fresh: str) -> None:
    """Tabs in place of three columns; nothing sticks out sideways; the dark colours are there."""
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.emulate_media(color_scheme="dark")
    await page.goto(fresh)
    seeker, aigul = page.locator('[data-phone="101"]'), page.locator('[data-phone="201"]')
    await seeker.get_by_role("button", name="START").click()
    await seeker.get_by_role("button", name="2. Қазақша").click()
    await seeker.get_by_role("button", name="Шұғыл: заңгер керек").click()
    await seeker.get_by_role("button", name="1. Ұстап отыр").click()
    tab = page.get_by_role("tab", name="Aigul")
    await expect(tab).to_have_class(re.compile("news"))
    await expect(aigul).to_be_hidden()
    await picture(page, "small")
    await tab.click()
    await expect(aigul.get_by_text("ШҰҒЫЛ")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
