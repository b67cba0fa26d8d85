"""Configuration and the command line: everything that is wrong at once, by name; never a value, never a traceback."""

import re
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import load_settings
from bot.settings_page import Described, tables
from storage.sealing import age
from tests.bot.in_process import pana
from tests.warm import Warm, WarmInstance


def test_every_mistake_is_named_at_once_and_no_value_is_repeated(tmp_path: Path) -> None:
    """Unknown keys, wrong types and impossible values, in the file and in the environment."""
    path = tmp_path / "pana.toml"
    path.write_text(
        '[oncall]\nopen_claims = 0\nbackstop = ["http://example.org/x"]\n[mail]\nhost = "m"\n'
        '[telegram]\nwebhook_url = "https://x"\ntokn = "SECRET"\n[intake]\nexpires_after = "90d"\nlanguages = ["xx"]\n'
        '[recovery]\nrecipients = ["age1oops"]\n[unknown]\nx = 1\n[oncall.ladder.critical]\nrungs = []\n'
    )
    with pytest.raises(ConfigurationError) as raised:
        load_settings(path, {"PANA_TELEGRAM_TOKE": "SECRET", "PANA_DATABASE_URL_FILE": "/nowhere"})
    said = "\n".join(raised.value.problems)
    for name in (
        "telegram.tokn",
        "oncall.open_claims",
        "oncall.backstop: an https address is needed",
        "mail.sender: is needed together with mail.host",
        "telegram.webhook_url: is not built yet",
        "intake.expires_after",
        "intake.languages",
        "recovery.recipients",
        "unknown",
        "oncall.ladder.critical.rungs",
        "PANA_TELEGRAM_TOKE",
        "PANA_DATABASE_URL_FILE",
    ):
        assert name in said
    assert "SECRET" not in said


def test_keys_rest_in_the_database_only_where_it_is_a_server(tmp_path: Path) -> None:
    """On SQLite they lie in the key file; a folder of that name is a folder all the same."""
    recipient, path = age.recipient_of(age.generate_identity()), tmp_path / "pana.toml"
    path.write_text(f'[recovery]\nrecipients = ["{recipient}"]\n')
    with pytest.raises(ConfigurationError, match=r"server\.draft_keys"):
        load_settings(path, {"PANA_SERVER_DRAFT_KEYS": "database"})
    on_a_server = {"PANA_DATABASE_URL": "postgresql://u@h/n", "PANA_SERVER_DRAFT_KEYS": "database"}
    assert load_settings(path, on_a_server).server.draft_keys == "database"
    folder = load_settings(path, {"PANA_SERVER_DRAFT_KEYS": "./database"}).server.draft_keys
    assert folder == tmp_path / "database"


def test_environment_and_files_set_values_and_paths_count_from_the_file(tmp_path: Path) -> None:
    """PANA_SECTION_KEY and PANA_SECTION_KEY_FILE win over the file."""
    recipient = age.recipient_of(age.generate_identity())
    (tmp_path / "token").write_text("1:abc\n")
    path = tmp_path / "pana.toml"
    path.write_text(f'[recovery]\nrecipients = ["{recipient}"]\n')
    environment = {"PANA_TELEGRAM_TOKEN_FILE": str(tmp_path / "token"), "PANA_INTAKE_EXPIRES_AFTER": "3h"}
    settings = load_settings(path, environment)
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "1:abc"
    assert settings.intake.expires_after.total_seconds() == 3 * 3600
    assert settings.database.url == f"sqlite:///{tmp_path / 'pana.db'}"
    assert "1:abc" not in repr(settings)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "-c", "nowhere.toml"), 1, "there is no such file"),
        (("open", "nowhere.zip", "-i", "Aigul.txt"), 1, "not a case bundle"),
        (("export", "pana.db"), 1, "not overwritten"),
        (("export", "x.zip", "--case", "hello"), 1, "not a case code"),
        (("export", "x.zip", "--since", "01.12.2026"), 2, "not a day (such as 2026-12-01)"),
        (("erase", "FF6G-KJK8", "--yes"), 1, "there is no case"),
        (("keygen", "-o", "Aigul.txt"), 1, "not overwritten"),
        (("init", ".", "--recovery", "recovery1.pub"), 1, "--single-recovery"),
        (("member", "add", "X", "--role", "judge"), 2, "judge"),
        (("flow", "check", "pana.toml"), 1, "pana.toml:"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_a_command_fails_with_one_clear_line(
    made_once: Path, warm: Warm, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """Exit 1 for what is refused, 2 for wrong usage, and no traceback."""
    instance = WarmInstance(made_once, "4242:x", "http://127.0.0.1:1", warm=warm)
    found = instance.pana(*arguments, check=False)
    assert (found.returncode, "Traceback" in found.stderr) == (code, False)
    assert said in found.stderr
    if code == 1:
        assert len(found.stderr.strip().splitlines()) == 1


# --- every setting, wrong in every way ---

RECIPIENT = age.recipient_of(age.generate_identity())
SETTINGS = [one for table in tables() for one in table.settings if one.built]
# Where a setting stands in the file, and what has to stand beside it.
AT = {
    "rungs.after": "oncall.ladder.high.rungs=[{{after={}, who='all'}}]",
    "rungs.at": "oncall.ladder.high.rungs=[{{at={}, who='all'}}]",
    "rungs.who": "oncall.ladder.high.rungs=[{{after='0s', who={}}}]",
    "contacts.label": "contacts=[{{label={}, number='112', verified_at=2026-11-01}}]",
    "contacts.number": "contacts=[{{label='x', number={}, verified_at=2026-11-01}}]",
    "contacts.verified_at": "contacts=[{{label='x', number='112', verified_at={}}}]",
}
BESIDE = {"mail.host": ["mail.sender='a@example.org'"], "push.token": ["push.server='https://example.org'"]}
NEVER = ["true", "{SECRET=1}", "[[]]", "[{}]", "-1", "0.5"]  # no setting may be one of these
ODD = ['""', '"SECRET: x"', "[]", '["SECRET"]', "2026-11-01", "9999999999999999999999"]  # some may
NOT_PLAIN = re.compile(r"Input should|should be a valid|Field required|pydantic|type=|Value error|\n")


def said(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    """What is told of a configuration that has all it needs; with TOML's keys, a line each."""
    path = tmp_path / "pana.toml"
    needed = "" if "recovery.recipients" in text else f'recovery.recipients=["{RECIPIENT}"]'
    path.write_text(f"{needed}\n{text}\n")
    try:
        load_settings(path, environment or {})
    except ConfigurationError as error:
        return list(error.problems)
    return []


def as_toml(name: str, value: str) -> str:
    """A setting with a value."""
    return AT.get(name, f"{name}={{}}").format(value)


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_whatever_stands_in_a_setting_is_told_by_its_name_in_plain_words(tmp_path: Path, one: Described) -> None:
    """A truth, a table, a list in a list, a number below zero; and none of the value."""
    for value in (*NEVER, *ODD):
        told = said(tmp_path, "\n".join([as_toml(one.name, value), *BESIDE.get(one.name, ())]))
        assert told or value not in NEVER, value
        for line in told:
            name, _, reason = line.partition(": ")
            assert one.name.rpartition(".")[2] in name, line
            assert reason and not NOT_PLAIN.search(reason), line
            assert "SECRET" not in line.replace("SECRET: there is", ""), line


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Every setting of the file, unknown ones, those of a row, and what the environment says."""
    alone = [one.name for one in SETTINGS if one.name not in AT]
    text = "\n".join([*(as_toml(name, "true") for name in alone), "bot.unknown=1", "unknown.x=1"])
    text += "\n[[contacts]]\nlabel=''\nnumber=5\nunknown=1\n"
    environment = {"PANA_MAIL_UNKNOWN": "x", "PANA_BOT_ABOUT_FILE": "nowhere", "PANA_ONCALL_OPEN_CLAIMS": "x"}
    names = [line.partition(":")[0] for line in said(tmp_path, text, environment)]
    contacts = [f"contacts.0.{key}" for key in ("label", "number", "verified_at", "unknown")]
    assert sorted(names) == sorted([*alone, "bot.unknown", "unknown", *contacts, *list(environment)[:2]])


PAIRS = {
    "mail.sender": "mail.host='mail.example.org'",
    "push.server": "push.token='t'",
    "server.draft_keys": "server.draft_keys='database'",
    "recovery.recipients": "recovery.recipients=[]",
    "oncall.ladder.critical.rungs": "oncall.ladder.critical.rungs=[{after='1h', who='all'}]",
    "oncall.ladder.high.rungs.0.after": "oncall.ladder.high.rungs=[{who='all'}]",
}


def test_a_pair_that_cannot_be_is_told_beside_whatever_else_is_wrong(tmp_path: Path) -> None:
    """Each pair alone; all of them, beside a wrong value in the file, in the same table, and in the environment."""
    for name, text in PAIRS.items():
        assert [line.partition(":")[0] for line in said(tmp_path, text)] == [name]
    wrong = ["oncall.open_claims=0", "mail.port=0", "oncall.ladder.critical.lease='x'", "server.key_file=5"]
    wrong += ["oncall.ladder.high.lease='x'"]
    told = said(tmp_path, "\n".join([*PAIRS.values(), *wrong]), {"PANA_BOT_NAME": " ", "PANA_TELEGRAM_TOKE": "x"})
    names = {line.partition(":")[0] for line in told}
    assert names == {*PAIRS, *(one.partition("=")[0] for one in wrong), "bot.name", "PANA_TELEGRAM_TOKE"}


def test_a_key_with_odd_characters_is_one_line(tmp_path: Path) -> None:
    """Nobody's terminal is steered by a file that they were sent."""
    told = said(tmp_path, r'"a\nb\u001b" = 1')
    assert told == [r"'a\nb\x1b': there is no such setting"]


def test_what_is_missing_because_it_is_wrong_is_told_once(tmp_path: Path) -> None:
    """One line for one mistake."""
    for text in ("mail.host='m'\nmail.sender='x'", "push.token='t'\npush.server='x'", "recovery.recipients=['age1x']"):
        assert len(said(tmp_path, text)) == 1
    assert len(said(tmp_path, "server.draft_keys='database'\ndatabase.url='x'")) == 1


def test_a_file_that_cannot_be_read_hides_nothing_of_the_environment(tmp_path: Path) -> None:
    """What depends on the file is not judged."""
    told = said(
        tmp_path, "not TOML", {"PANA_ONCALL_OPEN_CLAIMS": "0", "PANA_TELEGRAM_TOKE": "x", "PANA_MAIL_HOST": "m"}
    )
    assert [line.partition(":")[0] for line in told[1:]] == ["PANA_TELEGRAM_TOKE", "oncall.open_claims"]
    assert "not TOML" in told[0]


def test_a_bot_without_a_token_is_told_beside_the_rest(tmp_path: Path) -> None:
    """`pana run` alone needs it."""
    (tmp_path / "pana.toml").write_text(f'recovery.recipients=["{RECIPIENT}"]\nbot.name=""\n')
    ended = pana(tmp_path, "run")
    assert (ended.code, ended.out) == (1, "")
    assert [line.split(":")[1].strip() for line in ended.err.splitlines()] == ["bot.name", "telegram.token"]
