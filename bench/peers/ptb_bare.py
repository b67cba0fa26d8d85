"""A bare python-telegram-bot as it is installed: its default client and its own polling; nothing is stored.

With the word `concurrent` it handles updates at the same time, which is not its default.
"""

import logging
import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bench.peers.questions import END, QUESTIONS, TOKEN, rows, text


def keyboard(number: int) -> InlineKeyboardMarkup:
    """The buttons of a question."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows(number)]
    )


async def start(update: Update, _: Any) -> None:
    """The first question."""
    assert update.message is not None
    await update.message.reply_text(text(0), reply_markup=keyboard(0))


async def press(update: Update, _: Any) -> None:
    """The next question: its number is in the button."""
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    await query.answer()
    await show(update, int(query.data.split(":")[1]) + 1)


async def show(update: Update, number: int) -> None:
    """A question in the place of the one before, or the end."""
    assert update.callback_query is not None
    if number == QUESTIONS:
        await update.callback_query.edit_message_text(END)
    else:
        await update.callback_query.edit_message_text(text(number), reply_markup=keyboard(number))


async def ready(_: Any) -> None:
    """The bench waits for this line."""
    print("ready", flush=True)


def builder(url: str, *words: str) -> ApplicationBuilder:
    """An application for this Bot API server."""
    made = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").post_init(ready)
    return made.concurrent_updates(True) if "concurrent" in words else made


def run(application: Application) -> None:
    """Polls until it is ended."""
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    run(builder(sys.argv[1], *sys.argv[2:]).build())
