"""`python -m bot.demo [--pause SECONDS]` plays the story."""

import argparse
import asyncio
import contextlib

from bot.demo.story import play

arguments = argparse.ArgumentParser(prog="python -m bot.demo", description="A story in three chats.")
arguments.add_argument("--pause", type=float, default=2.0, help="seconds between the scenes")
with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(play(arguments.parse_args().pause))
