"""The local Bot API server behaves as a bot meets Telegram; python-telegram-bot's own Bot talks to it unmodified."""

import asyncio

import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputProfilePhotoStatic,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

import bot.telegram  # noqa: F401 - sets how the library gives retry_after
from bot.demo.server import BotApiServer, Fault
from bot.picture import picture


def library(server: BotApiServer, token: str | None = None) -> Bot:
    """The library's own client with its default HTTP."""
    return Bot(token or server.world.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


async def test_updates_stay_until_they_are_confirmed_by_a_higher_offset(telegram: BotApiServer) -> None:
    """Fetched again and again until confirmed; messages live 24 hours, presses 150 seconds."""
    person = telegram.person(1)
    async with library(telegram) as bot:
        person.say("one"), person.say("two")
        first = await bot.get_updates()
        assert (
            [one.message.text for one in first]
            == ["one", "two"]
            == [one.message.text for one in await bot.get_updates()]
        )
        assert [one.message.text for one in await bot.get_updates(offset=first[1].update_id)] == ["two"]
        sent = await bot.send_message(
            1, "q", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x")]])
        )
        person.press("a")
        telegram.world.clock.advance(151)
        assert [one.message.text for one in await bot.get_updates()] == ["two"]
        telegram.world.clock.advance(86_400)
        assert await bot.get_updates() == ()
        assert sent.message_id == person.last.id


async def test_a_second_poller_ends_the_first(telegram: BotApiServer) -> None:
    """409 Conflict for the older of two pollers."""
    async with library(telegram) as bot, library(telegram) as other:
        waiting = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.1)
        telegram.person(1).say("x")
        await waiting
        waiting = asyncio.create_task(bot.get_updates(offset=10**6, timeout=5))
        await asyncio.sleep(0.1)
        assert await other.get_updates(offset=10**6) == ()
        with pytest.raises(Conflict):
            await waiting


async def test_refusals_have_telegrams_own_form(telegram: BotApiServer) -> None:
    """Limits, unknown chats, blocked people, old messages, wrong tokens."""
    person = telegram.person(1)
    async with library(telegram) as bot:
        long_data = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x" * 65)]])
        for call, said in [
            (lambda: bot.send_message(2, "x"), "chat not found"),
            (lambda: bot.send_message(1, "x" * 4097), "too long"),
            (lambda: bot.send_message(1, "<b>x", parse_mode="HTML"), "parse entities"),
            (lambda: bot.send_message(1, "x", reply_markup=long_data), "button_data_invalid"),
            (lambda: bot.edit_message_text("x", 1, 999), "to edit not found"),
            (lambda: bot.delete_message(1, 999), "to delete not found"),
            (lambda: bot.answer_callback_query("1"), "too old"),
        ]:
            with pytest.raises(BadRequest, match=f"(?i){said}"):
                await call()
        sent = await bot.send_message(1, "<b>x</b> &amp;", parse_mode="HTML")
        assert person.last.text == "x &"
        await bot.edit_message_text("y", 1, sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await bot.edit_message_text("y", 1, sent.message_id)
        telegram.world.clock.advance(48 * 3600 + 1)
        with pytest.raises(BadRequest, match=r"(?i)can.t be deleted"):
            await bot.delete_message(1, sent.message_id)
        person.block()
        with pytest.raises(Forbidden):
            await bot.send_message(1, "x")
        telegram.faults.append(Fault("sendMessage", "429", 7))
        with pytest.raises(RetryAfter):
            await bot.send_message(1, "x")
    stranger = library(telegram, "1:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    for request in stranger._request:
        await request.shutdown()


async def test_of_a_file_no_text_can_be_changed_but_the_file_can_however_old_it_is(telegram: BotApiServer) -> None:
    """With it its name and its caption go (Bot API, editMessageText and editMessageMedia)."""
    person = telegram.person(1)
    async with library(telegram) as bot:
        sent = await bot.send_document(1, b"zip", filename="case.zip", caption="Case K7Q4")
        assert (sent.text, sent.caption) == (None, "Case K7Q4")
        telegram.world.clock.advance(3 * 86_400)
        with pytest.raises(BadRequest, match="here is no text in the message to edit"):
            await bot.edit_message_text("x", 1, sent.message_id)
        with pytest.raises(BadRequest, match="can't be deleted"):
            await bot.delete_message(1, sent.message_id)
        with pytest.raises(BadRequest, match="non-empty"):
            await bot.edit_message_media(InputMediaDocument(b"", filename="x"), 1, sent.message_id)
        await bot.edit_message_media(InputMediaDocument(b"-", filename="-.txt"), 1, sent.message_id)
        assert (person.last.document, person.last.text) == (("-.txt", b"-"), "")
        with pytest.raises(BadRequest, match="to edit not found"):
            await bot.edit_message_media(InputMediaDocument(b"-", filename="-.txt"), 1, 999)


async def test_files_and_menus(telegram: BotApiServer) -> None:
    """Documents arrive with name and bytes; messages can be removed many at once; groups can be left."""
    person = telegram.person(1)
    async with library(telegram) as bot:
        await bot.send_document(1, b"zip", filename="case.zip")
        assert person.last.document == ("case.zip", b"zip")
        typed = person.say("secret")
        assert await bot.delete_messages(1, [typed.id, 12345])
        assert [one.text for one in person.chat] == [""]
        await bot.set_my_commands([("start", "Start")], language_code="kk")
        assert telegram.world.menus["kk"][0]["command"] == "start"
        await bot.set_my_commands([("cases", "Cases")], scope=BotCommandScopeChat(1))
        assert [one["command"] for one in telegram.world.own_menus[1]] == ["cases"]
        await bot.delete_my_commands(scope=BotCommandScopeChat(1))
        assert telegram.world.own_menus[1] == []
        with pytest.raises(BadRequest):
            await bot.set_my_commands([("cases", "Cases")], scope=BotCommandScopeChat(2))
        assert (await bot.get_user_profile_photos(bot.id)).total_count == 0
        assert await bot.set_my_profile_photo(InputProfilePhotoStatic(picture()))
        assert (await bot.get_user_profile_photos(bot.id)).total_count == 1
        assert await bot.leave_chat(-5)
        assert telegram.world.left == [-5]
