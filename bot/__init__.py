"""Pana's bot. Time zones come from the locked tzdata package, not from the machine.

zoneinfo would ask the machine first, and one whose files are older than March 2024 has Kazakhstan an hour off: nights,
shifts and rungs with it. This module is read before any other of the bot, so no zone has been made yet.
"""

import zoneinfo

HOST_ZONES = zoneinfo.TZPATH  # for `pana doctor`, which compares
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
