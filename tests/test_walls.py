"""The contracts in pyproject.toml: what they forbid is found wherever it is written, in new modules too."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLANTED = (
    ("flows/clocks.py", "time"),
    ("flows/brand_new.py", "random"),
    ("bot/handoff/rota/shifts.py", "asyncio"),
    ("bot/handoff/brand_new.py", "os"),
    ("storage/invites.py", "cryptography"),
    ("storage/record.py", "cryptography"),
    ("storage/brand_new.py", "cryptography"),
    ("bot/wiring/core.py", "telegram"),
    ("bot/wiring/core.py", "aiohttp"),
    ("bot/wiring/core.py", "aiosmtplib"),
    ("bot/brand_new.py", "sqlalchemy"),
    ("bot/delivery/sender.py", "babel"),
    ("bot/cli/oncall.py", "icalendar"),
    ("bot/wiring/pana.py", "bot.handoff.rota.calendar"),
    ("storage/opened.py", "sqlalchemy"),
    ("flows/triage.py", "storage.record"),
    ("bot/handoff/roster.py", "bot.speech.words"),
    ("bot/telegram/brand_new.py", "babel"),
    ("bot/telegram/brand_new.py", "bot.seeker.talk"),
    ("bot/telegram/replies.py", "bot.speech.presses"),
    ("bot/telegram/door.py", "bot.front"),
    ("bot/joining.py", "bot.seeker.screen"),
    ("bot/member/brand_new.py", "bot.seeker.chat"),
)


def test_what_the_walls_forbid_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    """Each planted import is named by a contract; without them every contract is kept (`make check`)."""
    for package in ("bot", "storage", "flows"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for place, imported in PLANTED:
        with (tmp_path / place).open("a") as module:
            module.write(f"\nimport {imported}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    said = " ".join(done.stdout.split())
    missing = [
        (place, imported)
        for place, imported in PLANTED
        if f"{place.removesuffix('.py').replace('/', '.')} -> {imported}" not in said
    ]
    assert missing == []
