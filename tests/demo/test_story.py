"""The story of `make demo` plays to its end with the real bot."""

import subprocess
import sys


def test_the_story_plays_to_the_opened_case() -> None:
    """Three chats, the alert, the claim, and the sealed case opened on the lawyer's device."""
    told = subprocess.run(
        [sys.executable, "-m", "bot.demo", "--pause", "0"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "the sealed case, opened" in told.stdout
    assert "Достық бекеті" in told.stdout
    assert "СРОЧНО" in told.stdout
