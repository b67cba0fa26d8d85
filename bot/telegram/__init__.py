"""The one door to Telegram."""

import os

# python-telegram-bot then gives retry_after as a timedelta, as all later versions will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
