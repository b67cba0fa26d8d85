"""Settings are checked for sense, not for form: the smallest and the largest that is taken, and what lies outside."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings, strange_variables
from storage.sealing import age

RECIPIENT = age.recipient_of(age.generate_identity())
CRITICAL_RUNGS = 'rungs = [{{after = "0s", who = "all"}}, {{after = "{}", who = "coordinators"}}]'
RUNGS = 'rungs = [{{after = "{}", who = "all"}}]'
# Each setting that is a number or a duration: how it is written, just outside, the smallest, the largest, just outside.
SPANS: dict[str, tuple[str, str | None, str, str, str]] = {
    "intake.expires_after": ('[intake]\nexpires_after = "{}"', "59s", "1min", "72h", "259201s"),
    "retention.closed_after": ('[retention]\nclosed_after = "{}"', "23h", "1d", "3650d", "3651d"),
    "retention.unclaimed_after": ('[retention]\nunclaimed_after = "{}"', "13d", "14d", "3650d", "3651d"),
    "oncall.open_claims": ("[oncall]\nopen_claims = {}", "0", "1", "100", "101"),
    "oncall.claims_a_day": ("[oncall]\nclaims_a_day = {}", "-1", "1", "1000", "1001"),
    "mail.port": ("[mail]\nport = {}", "0", "1", "65535", "65536"),
    "oncall.ladder.critical.repeat": ('[oncall.ladder.critical]\nrepeat = "{}"', "29s", "30s", "30min", "31min"),
    "oncall.ladder.critical.lease": ('[oncall.ladder.critical]\nlease = "{}"', "59s", "1min", "4h", "5h"),
    "oncall.ladder.critical.rungs.after": (f"[oncall.ladder.critical]\n{CRITICAL_RUNGS}", None, "0s", "2h", "7201s"),
    "oncall.ladder.high.repeat": ('[oncall.ladder.high]\nrepeat = "{}"', "299s", "5min", "48h", "49h"),
    "oncall.ladder.high.lease": ('[oncall.ladder.high]\nlease = "{}"', "299s", "5min", "48h", "49h"),
    "oncall.ladder.high.rungs.after": (f"[oncall.ladder.high]\n{RUNGS}", None, "0s", "48h", "49h"),
    "oncall.ladder.normal.repeat": ('[oncall.ladder.normal]\nrepeat = "{}"', "59min", "1h", "14d", "15d"),
    "oncall.ladder.normal.lease": ('[oncall.ladder.normal]\nlease = "{}"', "59min", "1h", "14d", "15d"),
    "oncall.ladder.normal.rungs.after": (f"[oncall.ladder.normal]\n{RUNGS}", None, "0s", "14d", "15d"),
}
# What is written in a form that is right, and means nothing: the name that is told, and a word of the reason.
NONSENSE = {
    '[oncall.ladder.critical]\nrungs = [{after = "3d", who = "all"}]': ("critical.rungs", "called at once"),
    '[oncall.ladder.critical]\nrungs = [{after = "0s", who = "backstop"}]': ("critical.rungs", "called at once"),
    '[oncall.ladder.critical]\nrungs = [{at = "09:00", who = "all"}]': ("critical.rungs", "can wait"),
    '[oncall.ladder.normal]\nrungs = [{at = 9, who = "all"}]': ("normal.rungs.0.at", 'such as "09:00"'),
    '[oncall.ladder.normal]\nrungs = [{at = "09:00Z", who = "all"}]': ("normal.rungs.0.at", 'such as "09:00"'),
    '[oncall.ladder.normal]\nrungs = [{at = "24:01", who = "all"}]': ("normal.rungs.0.at", 'such as "09:00"'),
    '[oncall.ladder.high]\nrungs = [{after = "2h", who = "all"}, {after = "1h", who = "all"}]': (
        "high.rungs",
        "out of order",
    ),
    '[oncall.ladder.critical]\nrepeat = "0s"': ("critical.repeat", "rings until"),
    '[oncall.ladder.critical]\nrepeat = "5s"': ("critical.repeat", "rings until"),
    '[oncall.ladder.critical]\nrepeat = "10d"': ("critical.repeat", "rings until"),
    '[oncall.ladder.critical]\nlease = "0s"': ("critical.lease", "time to write"),
    '[retention]\nclosed_after = "0s"': ("retention.closed_after", "between"),
    '[retention]\nunclaimed_after = "0d"': ("retention.unclaimed_after", "between"),
    '[retention]\nclosed_after = "99999999999999999999d"': ("retention.closed_after", "write a duration"),
    '[retention]\nclosed_after = "999999999d"': ("retention.closed_after", "between"),
    '[retention]\nclosed_after = "-1d"': ("retention.closed_after", "write a duration"),
    "[retention]\nclosed_after = 90": ("retention.closed_after", "write a duration"),
    '[bot]\nname = " "': ("bot.name", "is empty"),
    f'[bot]\nname = "{"x" * 65}"': ("bot.name", "64"),
    '[mail]\nhost = ""': ("mail.host", "is empty"),
    '[mail]\nhost = "https://mail.example.org"\nsender = "a@b"': ("mail.host", "name of a server"),
    '[mail]\nhost = "mail.example.org"\nsender = "pana"': ("mail.sender", "an address"),
    '[push]\nserver = "https://ntfy.example.org:port"': ("push.server", "address"),
    '[server]\nheartbeat_url = "https://[::1"': ("server.heartbeat_url", ""),
    '[telegram]\napi_url = "localhost:8081"': ("telegram.api_url", "address"),
    '[telegram]\ntoken = ""': ("telegram.token", "is empty"),
    '[telegram]\ntoken = "42:SECRET\\n43:SECRET"': ("telegram.token", "more than one"),
    '[[contacts]]\nlabel = ""\nnumber = "112"\nverified_at = 2026-11-01': ("contacts.0.label", "is empty"),
    '[database]\nurl = "mysql://u:SECRET@h/d"': ("database.url", "kind"),
    '[database]\nurl = "postgres://u:SECRET@h:port/d"': ("database.url", "address"),
    '[database]\nurl = "postgres://u:SECRET@h/"': ("database.url", "names no database"),
    '[database]\nurl = "sqlite://SECRET/pana.db"': ("database.url", "without host or options"),
    '[database]\nurl = "sqlite:///:memory:"': ("database.url", "without host or options"),
    '[database]\nurl = "sqlite:///pana.db?uri=true&cache=SECRET"': ("database.url", "without host or options"),
    '[database]\nurl = "sqlite:///pana.db?timeout=SECRET"': ("database.url", "without host or options"),
    '[database]\nurl = "SECRET"': ("database.url", "kind"),
    '[oncall]\nbackstop = ["mailto:@"]': ("oncall.backstop", "address"),
}


def problems(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    """What is said of a configuration."""
    path = tmp_path / "pana.toml"
    path.write_text(f'{text}\n[recovery]\nrecipients = ["{RECIPIENT}"]\n')
    try:
        load_settings(path, environment or {})
    except ConfigurationError as error:
        return list(error.problems)
    return []


def numbers(model: type[BaseModel], *above: str) -> Iterator[str]:
    """Every setting that is a number or a duration, by name; NotYet keys and texts are none."""
    for name, one in model.model_fields.items():
        inner = [each for each in (one.annotation, *_parts(one.annotation)) if isinstance(each, type)]
        models = [each for each in inner if issubclass(each, BaseModel)]
        for each in models:
            yield from numbers(each, *above, name)
        if not models and any(each.__name__ in {"timedelta", "int", "float"} for each in inner):
            yield ".".join((*above, name))


def _parts(annotation: Any) -> Iterator[Any]:
    for one in get_args(annotation):
        yield one
        yield from _parts(one)


def test_every_number_and_duration_has_its_span_in_the_table() -> None:
    """A new setting without bounds fails here."""
    assert set(numbers(Settings)) == set(SPANS)


@pytest.mark.parametrize("name", SPANS)
def test_the_smallest_and_the_largest_are_taken_and_nothing_outside(tmp_path: Path, name: str) -> None:
    """What is refused is named, once, with its bounds."""
    text, too_small, least, most, too_large = SPANS[name]
    assert problems(tmp_path, text.format(least)) == problems(tmp_path, text.format(most)) == []
    for value in (too_small, too_large):
        said = [] if value is None else problems(tmp_path, text.format(value))
        assert value is None or (len(said) == 1 and said[0].startswith(name.removesuffix(".after"))), said


@pytest.mark.parametrize("text", NONSENSE)
def test_what_means_nothing_is_refused_by_name_with_the_reason(tmp_path: Path, text: str) -> None:
    """In the right form, and senseless; no value is repeated."""
    name, reason = NONSENSE[text]
    said = problems(tmp_path, text)
    assert any(name in line and reason in line for line in said), said
    assert "SECRET" not in "".join(said)
    assert not any("\n" in line for line in said)


@pytest.mark.parametrize("at", ["09:00:00", '"09:00:00"', '"09:00"', '"9:00"', '"9"', '"24:00"', '"0:00"'])
def test_a_time_of_day_is_written_as_people_do(tmp_path: Path, at: str) -> None:
    """The end of a day is midnight; TOML has a form of its own."""
    text = f'[oncall.ladder.normal]\nrungs = [{{at = {at}, who = "all"}}]'
    assert problems(tmp_path, text) == []
    rung = load_settings(tmp_path / "pana.toml", {}).oncall.ladder.normal.rungs[0]
    assert rung.at == (time(9) if "9" in at else time())


def test_all_that_means_nothing_is_told_at_once(tmp_path: Path) -> None:
    """Also several things of one ladder, a line each."""
    text = (
        '[retention]\nclosed_after = "0s"\n[oncall.ladder.critical]\nrepeat = "0s"\nlease = "0s"\n'
        'rungs = [{after = "3d", who = "all"}, {after = "0s", who = "all"}]'
    )
    names = [line.partition(":")[0] for line in problems(tmp_path, text)]
    rungs = "oncall.ladder.critical.rungs"
    ladder = ["oncall.ladder.critical.repeat", "oncall.ladder.critical.lease", f"{rungs}.0.after", rungs, rungs]
    assert sorted(names) == sorted([*ladder, "retention.closed_after"])


def test_a_recovery_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """It would look like two."""
    said = problems(tmp_path, "", {"PANA_RECOVERY_RECIPIENTS": f"{RECIPIENT},{RECIPIENT}"})
    assert said == ["recovery.recipients: one recipient stands twice: who loses that key loses both"]


def test_what_is_left_out_of_a_level_stays_as_it_is_by_default(tmp_path: Path) -> None:
    """Other rungs do not switch off the repeats of a critical alarm, nor the lease."""
    assert not problems(tmp_path, '[oncall.ladder.critical]\nrungs = [{after = "0s", who = "all"}]')
    ladder = load_settings(tmp_path / "pana.toml", {}).oncall.ladder
    usual = Settings().oncall.ladder
    assert (ladder.critical.repeat, ladder.critical.lease) == (usual.critical.repeat, usual.critical.lease)
    assert len(ladder.critical.rungs) == 1


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"])
def test_the_usual_forms_of_an_address_are_one(tmp_path: Path, kind: str) -> None:
    """As hosters and other programs write it."""
    assert not problems(tmp_path, "", {"PANA_DATABASE_URL": f"{kind}://u:p@h:5432/d?sslmode=require"})
    found = load_settings(tmp_path / "pana.toml", {"PANA_DATABASE_URL": f"{kind}://u:p@h:5432/d?sslmode=require"})
    assert found.database.url == "postgresql+psycopg://u:p@h:5432/d?sslmode=require"


def test_a_byte_order_mark_is_read_and_utf_16_is_named(tmp_path: Path) -> None:
    """In pana.toml and in a file that holds a value."""
    path, token = tmp_path / "pana.toml", tmp_path / "token"
    text = f'[recovery]\nrecipients = ["{RECIPIENT}"]\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    token.write_bytes(b"\xef\xbb\xbf42:x\r\n")
    found = load_settings(path, {"PANA_TELEGRAM_TOKEN_FILE": str(token)})
    assert found.telegram.token is not None and found.telegram.token.get_secret_value() == "42:x"
    token.write_text("42:x", encoding="utf-16")
    path.write_text(text, encoding="utf-16")
    with pytest.raises(ConfigurationError, match="UTF-16"):
        load_settings(path, {})
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"PANA_TELEGRAM_TOKEN_FILE: .*UTF-16"):
        load_settings(path, {"PANA_TELEGRAM_TOKEN_FILE": str(token)})


def test_a_variable_of_somebody_else_is_told_and_not_refused(tmp_path: Path) -> None:
    """A container platform sets such; a mistake in a section of ours is still refused."""
    theirs = {"PANA_PORT": "tcp://10.0.0.1:80", "PANA_SERVICE_HOST": "x"}
    assert not problems(tmp_path, "", theirs)
    assert strange_variables(theirs | {"PANA_CONFIG": "x", "HOME": "y"}) == ["PANA_PORT", "PANA_SERVICE_HOST"]
    assert problems(tmp_path, "", {"PANA_TELEGRAM_TOKN": "x"}) == ["PANA_TELEGRAM_TOKN: there is no such setting"]
