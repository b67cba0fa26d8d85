"""python-telegram-bot's ConversationHandler with PicklePersistence, which writes its file every five seconds.

(Its default is every sixty: then a crash loses a minute of answers, and a round of the bench may see no write.)
"""

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ConversationHandler, PicklePersistence

from bench.peers.ptb_bare import builder, show, start
from bench.peers.questions import QUESTIONS

WRITES_EVERY = 5.0


async def begin(update: Update, context: Any) -> int:
    """The first question."""
    context.user_data["answers"] = {}
    await start(update, context)
    return 0


async def answer(update: Update, context: Any) -> int:
    """Keeps the answer and shows the next question."""
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    _, number, option = query.data.split(":")
    context.user_data["answers"][int(number)] = option
    following = int(number) + 1
    await query.answer()
    await show(update, following)
    return ConversationHandler.END if following == QUESTIONS else following


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    made = builder(sys.argv[1]).persistence(PicklePersistence(Path("answers.pickle"), update_interval=WRITES_EVERY))
    application = made.build()
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", begin)],
            states={number: [CallbackQueryHandler(answer, f"^a:{number}:")] for number in range(QUESTIONS)},
            fallbacks=[],
            name="questions",
            persistent=True,
        )
    )
    application.run_polling()
