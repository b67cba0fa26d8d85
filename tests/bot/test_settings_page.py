"""docs/settings.md is what the declarations of the settings give."""

import json
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Contact, Rung, Rungs, Section, Settings, load_settings
from bot.settings_page import Described, described, page, tables
from storage.sealing import age

PAGE = Path(__file__).parent.parent.parent / "docs" / "settings.md"
ALL = {one.name: one for table in tables() for one in table.settings}


def test_the_page_is_what_the_declarations_give() -> None:
    """After a change of them: `make settings`."""
    assert PAGE.read_text() == page()


def test_every_setting_stands_on_the_page() -> None:
    """Also those that are not built yet, which it says."""
    said, usual = page(), Settings()
    sections = {name: getattr(usual, name) for name in Settings.model_fields}
    names = {f"{name}.{key}" for name, one in sections.items() if isinstance(one, Section) for key in vars(one)}
    names |= {f"oncall.ladder.{level}.{key}" for level in vars(usual.oncall.ladder) for key in Rungs.model_fields}
    names |= {f"contacts.{key}" for key in Contact.model_fields} | {f"rungs.{key}" for key in Rung.model_fields}
    assert {name for name in names if f"### {name}\n" not in said} == {"oncall.ladder"}
    for name in ("telegram.webhook_url", "server.metrics_listen", "bot.commands"):
        assert f"### {name}\n\n**Agreed on and not built yet**" in said


def test_a_setting_is_described_from_its_declaration() -> None:
    """Its kind, what makes sense and why, its default, its variables and its sentence."""
    assert ALL["retention.closed_after"] == Described(
        name="retention.closed_after",
        variables=("PANA_RETENTION_CLOSED_AFTER", "PANA_RETENTION_CLOSED_AFTER_FILE"),
        may_be="duration, between 1d and 3650d: a wrong closing must be seen, and nothing is kept for ever",
        default='"90d"',
        needed=False,
        meaning="How long after its closing a case is erased.",
        built=True,
    )


def test_a_setting_without_a_sentence_is_refused() -> None:
    """So that no new one stays without."""

    class Wordless(Section):
        """A table."""

        said: str = "x"
        """This one has a sentence."""
        unsaid: str = "y"

    with pytest.raises(ValueError, match=r"table\.unsaid: no sentence"):
        list(described("table", Wordless, in_a_row=False))


# What those can be that have no default.
SAMPLES = {
    "telegram.token": '"42:x"',
    "server.draft_keys": '"drafts"',
    "server.signing_fingerprint": '"AAAAA"',
    "server.heartbeat_url": '"https://example.org/x"',
    "recovery.recipients": f'["{age.recipient_of(age.generate_identity())}"]',
    "intake.flow": '"own.yaml"',
    "intake.languages": '["kk", "ru"]',
    "oncall.rota": '"rota.ics"',
    "oncall.backstop": '["mailto:a@example.org", "https://example.org/y"]',
    "oncall.ladder.normal.repeat": '"2h"',
    "mail.host": '"mail.example.org"',
    "mail.username": '"u"',
    "mail.password": '"p"',
    "mail.sender": '"a@example.org"',
    "mail.ca_file": '"ca.pem"',
    "push.server": '"https://example.org"',
    "push.token": '"t"',
    "bot.about": '"Hello"',
    "contacts": '[{label = "Police", number = "102", verified_at = 2026-11-01}]',
    "oncall.ladder": '{high = {lease = "1h"}, critical = {rungs = [{after = "0s", who = "all"}]}}',
    "oncall.ladder.critical": '{lease = "10min"}',
}
BESIDE = 'mail.sender="b@example.org"\npush.server="https://example.org"\n'
WHOLE = [name for name in SAMPLES if name not in ALL]


def settings_of(tmp_path: Path, text: str, environment: dict[str, str]) -> Settings:
    """A configuration that has all it needs."""
    needed = "\n".join(line for line in BESIDE.splitlines() if not text.startswith(line.partition("=")[0]))
    if not text.startswith("recovery"):
        needed += f"\nrecovery.recipients = {SAMPLES['recovery.recipients']}\n"
    (tmp_path / "pana.toml").write_text(f"{needed}\n{text}\n")
    return load_settings(tmp_path / "pana.toml", environment)


@pytest.mark.parametrize("name", [*ALL, *WHOLE])
def test_every_setting_comes_from_its_variable_and_from_the_file_that_it_names(tmp_path: Path, name: str) -> None:
    """What stands there is what pana.toml would say, and wins over it; a list and a text need no marks of TOML."""
    if name in ALL and not (ALL[name].variables and ALL[name].built):
        return
    value = SAMPLES.get(name) or ALL[name].default or ""
    expected = settings_of(tmp_path, f"{name} = {value}", {})
    variable = f"PANA_{name.upper().replace('.', '_')}"
    plain = value if "{" in value else value.translate(str.maketrans("", "", '"[]'))
    for written in {plain, value if value.startswith(("[", "{")) else plain}:
        (tmp_path / "value").write_text(f"{written}\n")
        for environment in ({variable: written}, {f"{variable}_FILE": str(tmp_path / "value")}):
            assert settings_of(tmp_path, "", environment) == expected, environment
            assert settings_of(tmp_path, f"{name} = {value}", environment) == expected


def test_tables_may_be_json_and_a_part_of_the_ladder_wins_over_the_whole(tmp_path: Path) -> None:
    """Whichever other programs write."""
    contact = {"label": "Полиция", "number": "102", "verified_at": "2026-11-01"}
    ladder = '{"high": {"lease": "1h", "rungs": [{"at": "09:00", "who": "all"}]}, "critical": {"lease": "5min"}}'
    environment = {
        "PANA_CONTACTS": json.dumps([contact]),
        "PANA_ONCALL_LADDER": ladder,
        "PANA_ONCALL_LADDER_HIGH_LEASE": "2h",
    }
    found = settings_of(tmp_path, "oncall.ladder.high.repeat = '6h'", environment)
    assert [(one.label, one.number) for one in found.contacts] == [("Полиция", "102")]
    high, critical = found.oncall.ladder.high, found.oncall.ladder.critical
    assert (high.lease, high.rungs[0].at, critical.lease) == (timedelta(hours=2), time(9), timedelta(minutes=5))
    assert high.repeat == Settings().oncall.ladder.high.repeat  # the whole is in place of the file's


@pytest.mark.parametrize("value", ["x", "[[", "[{label=}]", '{"a": ', "1\nb = 2", "[" * 5000, ""])
def test_what_is_neither_toml_nor_json_is_refused_with_how_it_is_written(tmp_path: Path, value: str) -> None:
    for variable in ("PANA_CONTACTS", "PANA_ONCALL_LADDER", "PANA_ONCALL_LADDER_HIGH_RUNGS"):
        with pytest.raises(ConfigurationError) as raised:
            settings_of(tmp_path, "", {variable: value})
        (line,) = raised.value.problems
        assert line == f"{variable}: write it as in pana.toml, on one line, or as JSON (docs/settings.md)"


def test_a_whole_table_that_is_none_has_no_variable(tmp_path: Path) -> None:
    """A container platform may well set PANA_MAIL; and nobody finds a part of a rung there."""
    for variable in ("PANA_MAIL", "PANA_CONTACTS_LABEL", "PANA_ONCALL_LADDER_HIGH_RUNGS_WHO", "PANA_ONCALL_LADDERS"):
        with pytest.raises(ConfigurationError, match=f"{variable}: there is no such setting"):
            settings_of(tmp_path, "", {variable: "x"})


def test_a_file_of_recipients_may_have_comments(tmp_path: Path) -> None:
    """As age's own recipients files do."""
    one = age.recipient_of(age.generate_identity())
    (tmp_path / "recovery").write_text(f"# for the worst\n{one}\n\n")
    found = settings_of(tmp_path, "", {"PANA_RECOVERY_RECIPIENTS_FILE": str(tmp_path / "recovery")})
    assert found.recovery.recipients == (one,)
