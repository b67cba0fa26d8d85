"""Configuration and the command line: everything that is wrong at once, by name; never a value, never a traceback."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import load_settings
from storage.sealing import age
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
        "mail: mail.sender is needed",
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
