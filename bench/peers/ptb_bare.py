"""A bare python-telegram-bot as it is installed: its default client and its own polling; nothing is stored."""

import logging
import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from bench.peers.questions import END, QUESTIONS, TOKEN, rows, text


def keyboard(number):
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows(number)])


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(text(0), reply_markup=keyboard(0))


async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    number = int(query.data.split(":")[1]) + 1
    await query.answer()
    if number == QUESTIONS:
        await query.edit_message_text(END)
    else:
        await query.edit_message_text(text(number), reply_markup=keyboard(number))


async def ready(_: Application) -> None:
    print("ready", flush=True)


def builder(url: str) -> ApplicationBuilder:
    return ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").post_init(ready)


def run(application: Application) -> None:
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    made = builder(sys.argv[1])
    if "concurrent" in sys.argv[2:]:
        made = made.concurrent_updates(True)
    run(made.build())
