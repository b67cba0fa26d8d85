"""`python -m bot` is `pana`."""

from bot.cli import main

main()
