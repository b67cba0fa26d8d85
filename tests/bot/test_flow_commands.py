"""`pana flow release`: one JSON with every language, named by its hash, and carried by every bundle."""

import hashlib
import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from flows.release import revision_of
from tests.bot.in_process import pana
from tests.bot.walks import answer, consent
from tests.flows.test_engine import FLOW as KAZAKHSTAN
from tests.flows.test_paths import SMALL
from tests.warm import Warm
from tests.whole import one_in

ROOT = Path(__file__).parent.parent.parent
FLOW = ROOT / "flows" / "kazakhstan" / "intake.yaml"


async def test_a_released_questionnaire_is_the_one_that_the_bundle_carries(
    telegram: BotApiServer, instance: Instance
) -> None:
    """The revision that the command prints is the SHA-256 of its file, and of the file in an exported case."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(990)
    told = instance.pana("flow", "release", str(FLOW), "-o", "intake.json")
    compiled = (instance.folder / "intake.json").read_bytes()
    revision = hashlib.sha256(compiled).hexdigest()
    assert told.stdout.strip() == revision == revision_of(compiled)
    for text in (one["text"][form] for one in json.loads(compiled)["questions"] for form in ("self", "other")):
        assert all(text[language] for language in ("ru", "kk", "en"))
    again = instance.pana("flow", "release", str(FLOW), "-o", "intake.json", check=False)
    assert (again.returncode, "not overwritten" in again.stderr) == (1, True)
    await instance.start()
    await consent(person, "Русский", "Срочно: нужен юрист", "Где тот, кому")
    await answer(person, "1", "Кому нужна помощь?")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    with zipfile.ZipFile(instance.folder / "all.zip") as archive:
        (carried,) = [name for name in archive.namelist() if "/flow/" in name]
        assert carried.endswith(f"/{revision}.json")
        assert archive.read(carried) == compiled


Flow = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def flow(warm: Warm) -> Flow:
    """`pana flow ...` on the questionnaire that is delivered; it needs no instance."""
    return lambda *arguments: warm.run(["flow", *arguments], dict(os.environ), ROOT)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small questionnaire in English, with its place: a large one takes long."""
    (tmp_path / "small.yaml").write_text(SMALL)
    place = (FLOW.parent / "place.yaml").read_text()
    (tmp_path / "place.yaml").write_text(
        place.replace("[ru, kk, en]", "[en]").replace("last_resort: ru", "last_resort: en")
    )
    return tmp_path / "small.yaml"


def test_flow_show_prints_each_question_with_its_options_and_when_it_is_asked(flow: Flow) -> None:
    """In the language wanted; a question that everybody is asked has no condition."""
    shown = flow("show", "--language", "kk")
    assert (shown.returncode, shown.stderr) == (0, "")
    parts = dict(part.split("  ", 1) for part in shown.stdout.strip().split("\n\n"))
    assert list(parts) == [question.id for question in KAZAKHSTAN.questions]
    assert "asked when" not in parts["q01"]
    assert "\n     asked when q02 is not outside\n" in parts["q03"]
    assert "\n     asked when q05 is one of other_app, phone, trusted\n" in parts["q06"]
    assert "asked when (more is go_on or more_held is go_on) and (q22 is ru or not (q22 is answered))" in parts["q25"]
    for question in KAZAKHSTAN.questions:
        assert all(
            f"{number}. {option.label['kk']}" in parts[question.id] for number, option in enumerate(question.options, 1)
        )
    wrong = flow("show", "--language", "fr")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "'fr' is not one of 'ru', 'kk', 'en'" in wrong.stderr


def test_flow_paths_counts_the_ways(flow: Flow, small: Path) -> None:
    """What is printed adds up."""
    told = flow("paths", str(small))
    assert (told.returncode, told.stderr) == (0, "")
    first, *levels = told.stdout.splitlines()
    counts = {level.strip(): int(number) for level, number in (line.split(":") for line in levels)}
    assert set(counts) == {"critical", "high", "normal"}
    assert first.startswith(f"{sum(counts.values())} ways of ")
    assert sum(counts.values()) == 417  # as tests/flows/test_paths.py goes through them one by one


def test_flow_clocks_lists_every_deadline_for_an_advocate(flow: Flow) -> None:
    """With its basis, whether it pages, and that nobody has signed it; the same as JSON."""
    told, rows = flow("clocks"), json.loads(flow("clocks", "--json").stdout)
    assert (told.returncode, told.stderr) == (0, "")
    assert [row["id"] for row in rows] == [clock.id for clock in KAZAKHSTAN.clocks]
    heads = [line.split()[0] for line in told.stdout.splitlines() if not line.startswith(" ")]
    assert heads == [row["id"] for row in rows]
    assert told.stdout.count("NOT SIGNED: lawyers only") == sum(not row["verified_by"] for row in rows)
    assert all(f"{row['period']}; {row['basis']} (edition" in told.stdout for row in rows)


def test_flow_check_says_what_is_wrong_and_fails(flow: Flow, tmp_path: Path) -> None:
    """One line each with file, line and remedy."""
    for name in ("intake.yaml", "clocks.yaml"):
        (tmp_path / name).write_text((FLOW.parent / name).read_text())
    (tmp_path / "clocks.yaml").write_text("- id: K01\n  event: [\n")
    wrong = flow("check", str(tmp_path / "intake.yaml"))
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith(f"{tmp_path}/clocks.yaml:3: not YAML: ")
    assert len(wrong.stderr.splitlines()) == 1


def test_flow_check_names_a_mistake_in_the_place_beside_a_questionnaire(flow: Flow, small: Path) -> None:
    """With file, line and remedy, `ok` when there is nothing; its languages are those the questionnaire must be in."""
    told = flow("check", str(small))
    assert (told.returncode, told.stdout) == (0, "ok\n")
    place = small.with_name("place.yaml")
    good = place.read_text()
    place.write_text(good.replace("zone: Asia/", "zone: Asien/"))
    found = flow("check", str(small))
    assert found.returncode == 1
    assert "place.yaml:2: there is no time zone `Asien/Almaty`; write one such as Europe/Berlin" in found.stderr
    place.write_text(good.replace("languages: [en]", "languages: [en, de]"))
    assert "no text in de; translate it in locales/" in flow("check", str(small)).stderr


IN_ENGLISH = (
    (FLOW.parent / "place.yaml").read_text().replace("[ru, kk, en]", "[en]").replace("resort: ru", "resort: en")
)


MISTAKEN = ["intake.yaml", "clocks.yaml", "place.yaml", "words/ru.yaml", "signed/readers.yaml"]
BROKEN = ["- {\n", "", "nothing: true\n"]


@pytest.mark.parametrize(("mistaken", "broken"), one_in(2, [*product(MISTAKEN, BROKEN)]))
def test_of_several_questionnaires_of_one_name_the_mistaken_one_is_found(
    tmp_path: Path, mistaken: str, broken: str
) -> None:
    """By its path, as it was given; whichever of its files it is, and whatever is wrong there."""
    for name in ("one", "two"):
        folder = tmp_path / name
        (folder / "signed").mkdir(parents=True)
        (folder / "words").mkdir()
        (folder / "intake.yaml").write_text(SMALL)
        (folder / "place.yaml").write_text(IN_ENGLISH)
    (tmp_path / "two" / mistaken).write_text(broken)
    told = pana(tmp_path, "flow", "check", "one/intake.yaml", "two/intake.yaml")
    (tmp_path / "two" / mistaken).write_text(f"{broken}# again\n")  # tests/compiled.py keeps words by their content
    alone = pana(tmp_path / "two", "flow", "check", "intake.yaml")
    assert told.code == alone.code and (told.code == 1 or broken == "")
    assert all(line.startswith(f"two/{mistaken}:") for line in told.err.splitlines()), told.err
    assert all(line.startswith(f"{mistaken}:") for line in alone.err.splitlines()), alone.err
