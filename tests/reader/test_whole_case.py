"""A lawyer with nothing but a phone, from the invitation to the closed case: the real bot, the chat and the reader."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.person import Person
from bot.demo.phones import Phone, Phones
from bot.demo.server import BotApiServer
from bot.reader_page import PAGE
from storage.sealing.identity_file import fingerprint
from tests.chromium import chromium
from tests.reader.test_page import PHRASE, QUIET_MOMENT, SMALL, painted, picture, saved
from tests.storage.make_vectors import VOICE
from tests.warm import WarmInstance

DINA, BORIS, SEEKER = 203, 202, 900
SAID = "Они забрали паспорт и телефон жены."


@dataclass(frozen=True)
class Hands:
    """What a lawyer has: the chat, and the reader in another tab."""

    chat: Locator
    page: Page
    reader: Page

    async def types(self, text: str) -> None:
        """Writes into the chat."""
        await self.chat.get_by_label("Message").fill(text)
        await self.chat.get_by_label("Message").press("Enter")

    async def presses(self, label: str) -> None:
        """The newest button of that name."""
        await self.chat.get_by_role("button", name=label).last.click()

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Somewhere in the chat."""
        await expect(self.chat.get_by_text(text).last).to_be_visible(timeout=QUIET_MOMENT)

    async def takes_the_file(self) -> Path:
        """The newest document of the chat, on the phone."""
        async with self.page.expect_download() as came:
            await self.chat.get_by_role("link", name="Download").last.click()
        return Path(await (await came.value).path())


@pytest.fixture
async def hands(telegram: BotApiServer, instance: WarmInstance) -> AsyncIterator[Hands]:
    """Somebody who is no member yet. The reader's tab has no network."""
    phone = Phone(telegram.person(DINA, "Dina"), "Dina", "a phone", "ru")
    async with Phones(telegram, instance, [phone], port=0) as phones, chromium() as browser:
        page = await (await browser.new_context(viewport=SMALL, accept_downloads=True)).new_page()
        await page.goto(phones.url)
        offline = await browser.new_context(viewport=SMALL, locale="ru", accept_downloads=True)
        await offline.set_offline(True)
        reader = await offline.new_page()
        await reader.goto(PAGE.as_uri())
        yield Hands(page.locator(f'[data-phone="{DINA}"]'), page, reader)


async def has_a_key(hands: Hands, folder: Path) -> tuple[str, str]:
    """Made in the reader. Returns the public key and its fingerprint, as the reader shows it."""
    for at in (0, 1):
        await hands.reader.locator("input[type=password]").nth(at).fill(PHRASE)
    await hands.reader.get_by_role("button", name="Создать ключ").click()
    await expect(hands.reader.get_by_text("Ключ создан")).to_be_visible(timeout=QUIET_MOMENT)
    key = await saved(hands.reader, hands.reader.get_by_role("button", name="Сохранить файл ключа").click)
    (folder / "me.age").write_bytes(key)
    public = await saved(hands.reader, hands.reader.get_by_role("button", name="Сохранить файл для бота").click)
    shown = await hands.reader.locator("code.fingerprint").inner_text()
    await hands.reader.get_by_role("button", name="Дальше с этим ключом").click()
    return public.decode().strip(), shown


async def asks_for_help(seeker: Person, telegram: BotApiServer) -> None:
    """Held by border guards; says something, sends a picture of the paper and a voice."""
    seeker.say("/start")
    await seeker.sees("Выберите язык")
    for label, then in (("Русский", "Срочно"), ("Срочно", "Где"), ("1. Удерживают", "Кому нужна помощь")):
        seeker.press(label)
        await seeker.until(lambda then=then: True if then in str(seeker.last.labels) + seeker.last.text else None)
    for name, content, more in (("p", painted(), "photo"), ("v", VOICE, "voice")):
        telegram.world.files[name] = content
        file = {"file_id": name, "file_unique_id": name, "file_size": len(content)}
        sized = {**file, "width": 320, "height": 240}
        seeker.send(**({"photo": [sized]} if more == "photo" else {"voice": {**file, "duration": 42}}))
    seeker.say(SAID)


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
async def test_a_phone_is_all_that_a_lawyer_needs(
    hands: Hands, telegram: BotApiServer, instance: WarmInstance, tmp_path: Path
) -> None:
    """Invited, a key, approved, an alert, taken, read with its picture and voice, written to, closed."""
    await instance.start()
    invited = await asyncio.to_thread(instance.pana, "member", "invite", "Dina", "--role", "lawyer", "--language", "ru")
    code = re.search(r"https://t\.me/pana_local_bot\?start=(\S+)", invited.stdout)
    assert code is not None
    public, mark = await has_a_key(hands, tmp_path)
    await hands.types(f"/start {code[1]}")
    await hands.sees("открытый ключ")
    await hands.types(public)
    await hands.sees(mark)
    await asyncio.to_thread(instance.pana, "member", "approve", "Dina", "--fingerprint", mark, "--on-call")
    await practises(hands)
    listed = await asyncio.to_thread(instance.pana, "oncall", "check")
    assert "Dina" not in listed.stdout  # no gap of cover is hers
    seeker = telegram.person(SEEKER)
    await asks_for_help(seeker, telegram)

    await hands.sees("СРОЧНО")
    await picture(hands.page, "whole-alert")
    await hands.presses("Взять в работу")
    await hands.sees("kB, sealed")
    await hands.sees("Удерживают")  # what the alert said stays
    bundle = await hands.takes_the_file()
    await hands.reader.locator(".drop input[type=file]").set_input_files(bundle)
    case = hands.reader.locator("article")
    await expect(case).not_to_contain_text("PRCT", timeout=QUIET_MOMENT)
    await expect(case).to_contain_text("Удерживают")
    word = await check_word(case)

    await hands.presses("Написать")
    await hands.types(word)
    await hands.sees("Напишите")
    await hands.types("Я юрист. Ничего не подписывайте.")
    await hands.presses("Отправить")
    await hands.sees("ещё не прочитано")
    await seeker.until(lambda: True if any("Показать" in one.labels for one in seeker.from_bot) else None)
    seeker.press("Показать")
    await seeker.sees("Ничего не подписывайте")
    await hands.types("/cases")
    await expect(hands.chat.get_by_text("kB, sealed")).to_have_count(2)
    await hands.reader.locator(".drop input[type=file]").set_input_files(await hands.takes_the_file())
    await expect(case).to_contain_text("Я юрист. Ничего не подписывайте.", timeout=QUIET_MOMENT)
    await expect(case).to_contain_text(SAID)
    files = case.get_by_role("button", name="Открыть файл")
    await expect(files).to_have_count(2)
    for at in (0, 1):
        await files.nth(at).click()
    await expect(case.locator("img")).to_be_visible()
    await expect(case.locator("audio")).to_have_count(1)
    await case.locator("img").scroll_into_view_if_needed()
    await picture(hands.reader, "whole-case")

    boris = telegram.person(BORIS)
    await hands.presses("Передать коллеге")
    await hands.presses("Boris")
    await hands.sees(fingerprint((instance.folder / "Boris.pub").read_text().strip()))
    await hands.presses("Ключ верный: Boris")
    await boris.sees("просит вас")
    boris.press("Принять")
    await hands.sees("новый файл")
    made = await is_sealed_anew(hands.reader, instance.folder / "Boris.pub")
    telegram.world.files["for Boris"] = made
    document = {"file_id": "for Boris", "file_unique_id": "for Boris", "file_size": len(made), "file_name": "x.zip"}
    telegram.person(DINA).send(document=document)
    asked = await boris.sees("открывается вашим ключом")
    name, content = await boris.until(lambda: next((one.document for one in boris.from_bot if one.document), None))
    (tmp_path / name).write_bytes(content)
    await opens_too(hands.reader, instance.folder / "Boris.txt", tmp_path / name)
    boris.press("Открывается", asked)

    await boris.sees("Обращение за вами")
    for label in ("Закрыть", "Помощь оказана", "Да, закрыть"):
        await boris.until(lambda label=label: True if any(label in str(one.labels) for one in boris.from_bot) else None)
        boris.press(label)
    await hands.sees(re.compile("закрыто"))
    await expect(hands.chat.get_by_text("kB, sealed")).to_have_count(0)


async def practises(hands: Hands) -> None:
    """The case that nobody is in: taken, opened in the reader, written to, handed over, closed."""
    await hands.sees("Отпечаток")
    await hands.presses("Учебное обращение")
    await hands.sees("Никто не в беде")
    await picture(hands.page, "whole-practice")
    await hands.presses("Взять в работу")
    await hands.sees("kB, sealed")
    await hands.reader.locator(".drop input[type=file]").set_input_files(await hands.takes_the_file())
    case = hands.reader.locator("article")
    await expect(case).to_contain_text("PRCT", timeout=QUIET_MOMENT)
    await hands.types(await check_word(case))
    await hands.sees("слово верное")
    for label in ("Написать", "Ничего не подписывайте", "Передать коллеге", "играет бот", "Закрыть", "Помощь оказана"):
        await hands.presses(label)
    await hands.sees("Упражнение закончено")


async def check_word(case: Locator) -> str:
    """As the reader shows it."""
    return await case.locator("p").filter(has_text="Проверочное слово").locator("code").inner_text()


async def is_sealed_anew(reader: Page, public: Path) -> bytes:
    """The file for the bot, with which another lawyer can open the case."""
    await reader.get_by_text("Передать это обращение").click()
    await reader.locator("article input[type=file]").set_input_files(public)
    await reader.get_by_label("Отпечаток").fill(fingerprint(public.read_text().strip()))
    return await saved(reader, reader.get_by_role("button", name="Создать файл").click)


async def opens_too(reader: Page, key: Path, bundle: Path) -> None:
    """The other lawyer's reader, with their key."""
    await reader.get_by_role("button", name="Всё закрыть").click()
    await reader.locator("input[type=file]").first.set_input_files(key)
    await reader.locator(".drop input[type=file]").set_input_files(bundle)
    await expect(reader.locator("article")).to_contain_text(SAID, timeout=QUIET_MOMENT)
