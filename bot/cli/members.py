"""`pana member ...`."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, open_house, recipients_in
from storage.errors import Refused
from storage.sealing.identity_file import fingerprint

app = typer.Typer(no_args_is_help=True, help="Lawyers and coordinators.")


class RoleName(StrEnum):
    """What a member does."""

    lawyer = "lawyer"
    coordinator = "coordinator"


class LanguageName(StrEnum):
    """A language the bot writes in."""

    ru = "ru"
    kk = "kk"
    en = "en"


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A working name; it stands in the readers of each case.")],
    role: Annotated[RoleName, typer.Option(help="lawyer or coordinator")],
    telegram_id: Annotated[int, typer.Option("--telegram-id", min=1, help="The member's Telegram id.")],
    recipient: Annotated[str, typer.Option(help="age1pq1... or a file with it")],
    language: Annotated[list[LanguageName] | None, typer.Option(help="Languages; the first is written in.")] = None,
    region: Annotated[str | None, typer.Option(help="A region's id in the questionnaire.")] = None,
    on_call: Annotated[bool, typer.Option("--on-call", help="On duty until changed.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Adds a verified member.

    Example: pana member add Aigul --role lawyer --telegram-id 123 --recipient aigul.txt --language kk --on-call
    """
    house = open_house(config)
    recipients = recipients_in(recipient)
    if len(recipients) != 1:
        raise Refused("a member has exactly one recipient")
    languages = [one.value for one in language] if language else ["ru"]
    house.database.now(
        lambda connection: house.members.add(
            connection,
            name=name,
            telegram_id=telegram_id,
            role=role.value,
            languages=languages,
            region=region,
            recipient=recipients[0],
            on_call=on_call,
        )
    )
    print(f"{name}: {role.value}, key {fingerprint(recipients[0])}")
    print(f"Give them the server's signing fingerprint: {house.ring.signing_fingerprint}")


@app.command("list")
def list_members(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists members: role, languages, duty, fingerprint. Example: pana member list"""
    house = open_house(config)
    members = house.database.now(house.members.all)
    rows = [
        {
            "name": one.name,
            "role": one.role,
            "languages": list(one.languages),
            "region": one.region,
            "on_call": one.on_call,
            "active": one.active,
            "fingerprint": fingerprint(one.recipient),
        }
        for one in members
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row, one in zip(rows, members, strict=True):
        duty = "on call" if one.on_call else "off duty"
        state = duty if one.active else "disabled"
        print(f"{one.name}\t{one.role}\t{','.join(one.languages)}\t{state}\t{row['fingerprint']}")
