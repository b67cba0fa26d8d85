"""The command line `pana`: one file a noun. Exit 0 done, 1 refused or failed with one clear line, 2 wrong usage."""

import sys

from bot.errors import ConfigurationError, PanaError
from flows.errors import FlowError
from storage.errors import StorageError
from storage.sealing.errors import SealingError


def main() -> None:
    """Runs a command; every expected failure is one clear line on standard error, never a traceback."""
    from bot.cli.commands import app

    try:
        app()
    except ConfigurationError as error:
        for problem in error.problems:
            print(f"pana: {problem}", file=sys.stderr)
        sys.exit(1)
    except (PanaError, StorageError, SealingError, FlowError) as error:
        print(f"pana: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
