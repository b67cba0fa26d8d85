"""Pana's bot: what must be so before anything else is read.

Time zones come from the locked tzdata package, not from the machine. zoneinfo would ask the machine first, and one
whose files are older than March 2024 has Kazakhstan an hour off: nights, shifts and rungs with it. This module is read
before any other of the bot, so no zone has been made yet.

`rich` comes with typer, and whatever finds it loads it, for colours that no log or command of ours has. It and what it
loads would take three megabytes of every process, so here nobody finds it.
"""

import sys
import zoneinfo
from typing import cast

HOST_ZONES = zoneinfo.TZPATH  # for `pana doctor`, which compares
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
cast(dict[str, object], sys.modules)["rich"] = None
