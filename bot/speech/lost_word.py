"""The command by which a member chooses a lost word."""

COMMAND = "/lostword"


def behind_command(text: str) -> str | None:
    """What stands behind it; None for any other text."""
    first, *rest = text.split(maxsplit=1)[:2] or [""]
    return (rest[0] if rest else "") if first.partition("@")[0].lower() == COMMAND else None
