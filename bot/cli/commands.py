"""The commands by name."""

import typer

from bot.cli import doctor, flow, keys, members, oncall, operations, records

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command("keygen")(keys.keygen)
app.command("init")(operations.init)
app.command("migrate")(operations.migrate_database)
app.command("run")(operations.run)
app.command("sweep")(operations.sweep)
app.command("doctor")(doctor.doctor)
app.command("export")(records.export)
app.command("open")(records.open_bundle)
app.command("share")(records.share)
app.command("erase")(records.erase)
for name, group in (
    ("member", members.app),
    ("oncall", oncall.app),
    ("case", records.app),
    ("flow", flow.app),
):
    app.add_typer(group, name=name)
