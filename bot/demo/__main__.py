"""`python -m bot.demo [--port 8088]`: a throw-away instance, the real bot, and one page with three phones."""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from bot.demo.instance import Instance
from bot.demo.phones import Phones, three
from bot.demo.server import BotApiServer


async def show(port: int) -> None:
    """Runs until Ctrl-C; everything that was made is removed."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    with tempfile.TemporaryDirectory(prefix="pana-demo-") as folder:
        async with BotApiServer() as telegram:
            instance = Instance(Path(folder), telegram.world.token, telegram.url)
            async with Phones(telegram, instance, three(telegram), port) as page:
                print("Making a throw-away instance: two recovery keys, two lawyers ...", flush=True)
                await asyncio.to_thread(instance.set_up)
                await asyncio.to_thread(instance.add_member, "Aigul", 201, "--language", "kk", "--on-call")
                await asyncio.to_thread(instance.add_member, "Boris", 202, "--language", "ru", "--on-call")
                try:
                    await instance.start()
                    print(f"Three phones and the real bot: {page.url}\nCtrl-C ends it.", flush=True)
                    await stopping.wait()
                finally:
                    if instance.process is not None:
                        await instance.stop()


def main() -> int:
    """Exit code 0; 1 with one line when the page cannot be served."""
    arguments = argparse.ArgumentParser(prog="python -m bot.demo", description="Three phones on one local page.")
    arguments.add_argument("--port", type=int, default=8088, help="port of the page on 127.0.0.1; 0 takes a free one")
    try:
        asyncio.run(show(arguments.parse_args().port))
    except OSError as error:
        print(f"The page cannot be served: {error.strerror}. Try another port: make demo PORT=8090", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
