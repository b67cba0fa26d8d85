"""docs/settings.md is what the declarations of the settings give."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Contact, Rung, Rungs, Section, Settings, load_settings
from bot.settings_page import Described, described, page, tables
from storage.sealing import age

PAGE = Path(__file__).parent.parent.parent / "docs" / "settings.md"
ALL = {one.name: one for table in tables() for one in table.settings}
ANYWHERE = [one for one in ALL.values() if one.variables]


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
        list(described("table", Wordless, in_file_alone=False))


def problems(tmp_path: Path, one: Described, value: str) -> Iterator[str]:
    """What is said when a setting comes from its variable, and from a file that its variable names."""
    (tmp_path / "pana.toml").write_text(f'[recovery]\nrecipients = ["{age.recipient_of(age.generate_identity())}"]\n')
    (tmp_path / "value").write_text(value)
    for environment in zip(one.variables, (value, str(tmp_path / "value")), strict=True):
        try:
            load_settings(tmp_path / "pana.toml", dict([environment]))
        except ConfigurationError as error:
            yield from error.problems


@pytest.mark.parametrize("one", [each for each in ANYWHERE if each.default], ids=lambda one: one.name)
def test_the_default_can_be_set_by_the_variables_that_are_named(tmp_path: Path, one: Described) -> None:
    """As it is shown, without the marks of TOML."""
    assert one.default is not None
    assert list(problems(tmp_path, one, one.default.translate(str.maketrans("", "", '"[]')))) == []


def test_a_setting_that_stands_in_the_file_alone_has_no_variable(tmp_path: Path) -> None:
    """Tables cannot be written there, and every other setting can."""
    assert {name.partition(".")[0] for name, one in ALL.items() if not one.variables} == {"oncall", "rungs", "contacts"}
    (tmp_path / "pana.toml").write_text("")
    for variable in ("PANA_CONTACTS", "PANA_ONCALL_LADDER"):
        with pytest.raises(ConfigurationError, match=r"PANA_CONTACTS|oncall\.ladder"):
            load_settings(tmp_path / "pana.toml", {variable: "x"})
