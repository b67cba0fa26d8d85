"""The commands by name."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from bot.cli import doctor, flow, keys, members, oncall, operations, records, sharing

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def _show_version(wanted: bool) -> None:
    if wanted:
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


app.command("keygen")(keys.keygen)
app.command("init")(operations.init)
app.command("migrate")(operations.migrate_database)
app.command("run")(operations.run)
app.command("sweep")(operations.sweep)
app.command("doctor")(doctor.doctor)
app.command("export")(records.export)
app.command("open")(records.open_bundle)
app.command("share")(sharing.share)
app.command("erase")(records.erase)
for name, group in (
    ("member", members.app),
    ("oncall", oncall.app),
    ("case", records.app),
    ("flow", flow.app),
    ("key", keys.app),
):
    app.add_typer(group, name=name)
