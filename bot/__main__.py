"""`python -m bot` is `pana`."""

import sys

from bot import ending


def main() -> None:
    """Runs a command, which hears from here on that it is to end."""
    ending.hear()
    try:
        from bot import cli
    except KeyboardInterrupt:
        sys.exit("pana: interrupted")
    cli.main()


if __name__ == "__main__":
    main()
