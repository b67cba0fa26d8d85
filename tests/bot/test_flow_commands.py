"""`pana flow release`: one JSON with every language, named by its hash, and carried by every bundle."""

import hashlib
import json
import zipfile
from pathlib import Path

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from flows.release import read_release
from tests.bot.walks import answer, consent

FLOW = Path(__file__).parent.parent.parent / "flows" / "kazakhstan" / "intake.yaml"


async def test_a_released_questionnaire_is_the_one_that_the_bundle_carries(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The revision that the command prints is the SHA-256 of its file, and of the file in an exported case."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(990)
    told = instance.pana("flow", "release", str(FLOW), "-o", "intake.json")
    compiled = (instance.folder / "intake.json").read_bytes()
    revision = hashlib.sha256(compiled).hexdigest()
    assert told.stdout.strip() == revision == read_release(compiled).revision
    for text in (one["text"][form] for one in json.loads(compiled)["questions"] for form in ("self", "other")):
        assert all(text[language] for language in ("ru", "kk", "en"))
    again = instance.pana("flow", "release", str(FLOW), "-o", "intake.json", check=False)
    assert (again.returncode, "not overwritten" in again.stderr) == (1, True)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где вы сейчас?")
    await answer(person, "2", "Кому нужна помощь?")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    with zipfile.ZipFile(instance.folder / "all.zip") as archive:
        (carried,) = [name for name in archive.namelist() if "/flow/" in name]
        assert carried.endswith(f"/{revision}.json")
        assert archive.read(carried) == compiled
