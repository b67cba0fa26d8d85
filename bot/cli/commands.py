"""The commands by name. Of what `pana` can do only that is read which is asked for, so that it answers at once."""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typer._click import Command, Context


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is, or the group of them; `says` stands in the list and is how its own help begins."""

    module: str
    name: str
    says: str


COMMANDS: "Mapping[str, Place]" = {
    "keygen": Place("keys", "keygen", "Makes a post-quantum age identity."),
    "init": Place("operations", "init", "Makes an instance: pana.toml, server.key, the database."),
    "migrate": Place(
        "operations", "migrate_database", "Brings the database to this program's version, after an upgrade."
    ),
    "run": Place("operations", "run", "Runs the bot until SIGTERM or SIGINT."),
    "sweep": Place(
        "operations", "sweep", "Expiry, retention and wiping, once, now; the running bot does it by itself."
    ),
    "doctor": Place("doctor", "doctor", "Looks at everything that `pana run` needs; exit 1 when something has failed."),
    "export": Place(
        "records",
        "export",
        "Exports encrypted records with their files; nothing is decrypted, so server.key is needed only for the"
        " signature.",
    ),
    "open": Place("records", "open_bundle", "Opens sealed cases, offline."),
    "share": Place(
        "sharing",
        "share",
        "Re-seals cases to one more reader, offline, after their fingerprint was compared with what they have told"
        " you.",
    ),
    "erase": Place("records", "erase", "Destroys one case: wraps, entries, alerts, the link to the chat."),
    "member": Place("members", "app", "Lawyers and coordinators."),
    "oncall": Place("oncall", "app", "Duty: who is called, and gaps in it."),
    "case": Place("records", "app", "Cases, without their content."),
    "flow": Place("flow", "app", "Questionnaires."),
    "key": Place("keys", "app", "The server's key file."),
}


def command(name: str) -> "Command":
    """A command or a group as it is run, with all that it takes."""
    place, around = COMMANDS[name], _typer()
    found = getattr(import_module(f"bot.cli.{place.module}"), place.name)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    made = get_group(around).commands[name]
    _take_configuration(made)
    return made


def _take_configuration(made: "Command") -> None:
    """Also what needs none: whoever writes -c behind every command is not refused."""
    for one in getattr(made, "commands", {}).values():
        _take_configuration(one)
    if not hasattr(made, "commands") and not any("--config" in one.opts for one in made.params):
        around = typer.Typer(add_completion=False)
        around.command()(_unneeded)
        (unread,) = get_command(around).params
        unread.expose_value = False
        made.params.append(unread)


def _unneeded(
    config: Annotated[
        str, typer.Option("-c", "--config", metavar="<path>", help="Taken, not needed here, and not read.")
    ] = "",
) -> None:
    """Has the option of what reads no configuration."""


class Commands(TyperGroup):
    """Lists each by what the table says of it, and reads the one that is run."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """As its base does, which knows only the lines."""
        name, line, rest = super().resolve_command(ctx, args)
        return name, line if name is None else command(name), rest

    def invoke(self, ctx: "Context") -> object:
        """As its base does; a value that cannot be is refused in words of ours."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            for theirs, ours in _PLAINLY:
                error.message = re.sub(theirs, ours, error.message)
            raise


# What Typer takes over from Pydantic.
_PLAINLY = (
    (r"^Value error, ", ""),
    (r"^Input should be a valid integer.*", "a whole number is needed"),
    (r"^Input should be greater than or equal to (\S+)$", r"at least \1 is needed"),
    (r"^Input should be less than or equal to (\S+)$", r"at most \1 is possible"),
)


def _typer(cls: type[TyperGroup] = TyperGroup) -> typer.Typer:
    return typer.Typer(
        cls=cls, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )


app = _typer(Commands)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"pana {version('pana')}")
        except PackageNotFoundError:  # a checkout that was never installed
            print("pana, from a checkout")
        raise typer.Exit


@app.callback()
def pana(
    wanted: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version, and no more.")
    ] = False,
) -> None:
    """Takes in people who ask for asylum, in Telegram, and calls an on-call lawyer. Example: pana doctor"""
    del wanted


def _line() -> None:
    """Stands for a command that has not been read."""


for named, place in COMMANDS.items():
    app.command(named, help=place.says)(_line)
