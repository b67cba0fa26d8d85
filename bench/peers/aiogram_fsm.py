"""A lean aiogram with its finite state machine, in memory or, with the word `redis` and its address, in Redis."""

import asyncio
import logging
import sys

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers.questions import END, QUESTIONS, TOKEN, rows, text


class Asking(StatesGroup):
    """One state: which question it is stands in the data."""

    question = State()


router = Router()


def keyboard(number: int) -> InlineKeyboardMarkup:
    """The buttons of a question."""
    buttons = [[InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in rows(number)]
    return InlineKeyboardMarkup(inline_keyboard=buttons)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """The first question."""
    await state.set_state(Asking.question)
    await state.set_data({})
    await message.answer(text(0), reply_markup=keyboard(0))


@router.callback_query(StateFilter(Asking.question), F.data.startswith("a:"))
async def answer(query: CallbackQuery, state: FSMContext) -> None:
    """Keeps the answer and shows the next question."""
    assert query.data is not None
    assert isinstance(query.message, Message)
    _, number, option = query.data.split(":")
    following = int(number) + 1
    await state.update_data({number: option})
    await query.answer()
    if following == QUESTIONS:
        await query.message.edit_text(END)
        await state.clear()
    else:
        await query.message.edit_text(text(following), reply_markup=keyboard(following))


async def main(url: str, redis: str | None) -> None:
    """Polls until it is ended."""
    logging.disable(logging.WARNING)
    storage = MemoryStorage() if redis is None else RedisStorage.from_url(redis)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(router)
    dispatcher.startup.register(lambda: print("ready", flush=True))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else None))
