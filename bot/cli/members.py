"""`pana member ...`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import DEFAULT_CONFIG, Config, open_house, open_office, recipients_in
from storage.errors import Refused
from storage.sealing.identity_file import fingerprint

if TYPE_CHECKING:
    from bot.handoff.shifts import Rota
    from bot.office import Office
    from storage.members import Member
    from storage.tx import Reading, Tx

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


Name = Annotated[str, typer.Argument(help="A working name; it stands in the readers of each case.")]
Role = Annotated[RoleName, typer.Option(help="lawyer or coordinator")]
Languages = Annotated[list[LanguageName] | None, typer.Option(help="Languages; the first is written in.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Where they work, by its id in the questionnaire; several may be given."),
]
Email = Annotated[str | None, typer.Option(help='Where "a case is waiting" is mailed to.')]
Push = Annotated[str | None, typer.Option(help="An address in ntfy's form, for the same by push.")]


@app.command("add")
def add(
    name: Name,
    role: Role,
    telegram_id: Annotated[int, typer.Option("--telegram-id", min=1, max=2**52 - 1, help="The member's Telegram id.")],
    recipient: Annotated[str, typer.Option(metavar="RECIPIENT|FILE", help="age1pq1... or a file with it")],
    language: Languages = None,
    region: Regions = None,
    on_call: Annotated[bool, typer.Option("--on-call", help="On duty until changed.")] = False,
    email: Email = None,
    push: Push = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Adds a verified member.

    Example: pana member add Aigul --role lawyer --telegram-id 123 --recipient aigul.txt --language kk --on-call
    """
    office = open_office(config)
    recipients = recipients_in(recipient)
    if len(recipients) != 1:
        raise Refused("a member has exactly one recipient")
    _channels(email, push)
    places = _regions(region, config)

    def change(tx: "Tx") -> None:
        member = office.members.add(
            tx,
            name=_name(name),
            telegram_id=telegram_id,
            role=role.value,
            languages=[one.value for one in language] if language else ["ru"],
            regions=places,
            recipient=recipients[0],
            on_call=on_call,
            email=email,
            push=push,
        )
        office.staff.joined(tx, member)

    office.duty.make_ready(office.database)
    office.database.change(change)
    print(f"{name}: {role.value}, key {fingerprint(recipients[0])}")
    print(f"Give them the server's signing fingerprint: {office.ring.signing_fingerprint}")
    print(f"They press Start, before that no alert arrives: https://t.me/{_bot_name(office) or 'BOT'}?start=")


@app.command("invite")
def invite(
    name: Name, role: Role, language: Languages = None, region: Regions = None, config: Config = DEFAULT_CONFIG
) -> None:
    """Makes a one-time code, good for two days. Example: pana member invite Aigul --role lawyer --language kk"""
    office = open_office(config)
    name = _name(name)
    if office.database.read(lambda reading: office.members.by_name(reading, name)) is not None:
        raise Refused(f"there is a member of the name {name} already")
    languages = [one.value for one in language] if language else ["ru"]
    places = _regions(region, config)
    code = office.database.change(lambda tx: office.invites.make(tx, name, role.value, languages, places))
    print(code)
    print(f"https://t.me/{_bot_name(office) or 'BOT'}?start={code}")
    print("They send their public key to the bot. Compare fingerprints by voice, then: pana member approve")


@app.command("approve")
def approve(
    name: Name,
    expected: Annotated[str, typer.Option("--fingerprint", help="What the invited person has told you.")],
    on_call: Annotated[bool, typer.Option("--on-call", help="On duty until changed.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Makes an invited person a member, when the key is theirs. Example: pana member approve Aigul --fingerprint F"""
    office = open_office(config)

    def change(tx: "Tx") -> "Member":
        one = office.invites.by_name(tx, name)
        assert one.recipient is not None
        assert one.telegram_id is not None
        if fingerprint(one.recipient) != expected.strip().upper():
            raise Refused(f"the key that came for {name} has another fingerprint: do not approve it, invite again")
        member = office.members.add(
            tx,
            name=one.name,
            telegram_id=one.telegram_id,
            role=one.role,
            languages=one.languages,
            regions=one.regions,
            recipient=one.recipient,
            on_call=on_call,
            met=True,  # the key has come through the bot
        )
        office.invites.drop(tx, one)
        office.staff.joined(tx, member)
        return member

    office.duty.make_ready(office.database)
    member = office.database.change(change)
    print(f"{member.name}: {member.role}, key {fingerprint(member.recipient)}")
    print(f"Give them the server's signing fingerprint: {office.ring.signing_fingerprint}")


@app.command("set")
def set_channels(name: Name, email: Email = None, push: Push = None, config: Config = DEFAULT_CONFIG) -> None:
    """Sets where a member is told outside Telegram; what is left out is removed.

    Example: pana member set Aigul --push https://ntfy.example.org/long-random-topic
    """
    office = open_office(config)
    _channels(email, push)
    member = _member(office, name)
    office.database.change(lambda tx: office.members.set_channels(tx, member, email=email, push=push))
    print(f"{member.name}: {'mail' if email else 'no mail'}, {'push' if push else 'no push'}")


@app.command("disable")
def disable(
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Also the last lawyer who can open a case.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Ends a membership: wraps go, claims go to others. Example: pana member disable Boris"""
    office = open_office(config)
    member = _member(office, name)
    office.duty.make_ready(office.database)
    alone = office.database.change(lambda tx: office.staff.disable(tx, member, force=force))
    print(f"{member.name} is a member no more")
    for case in alone:
        print(f"{case.code}: nobody but the recovery keys can open it now; coordinators are told")


@app.command("resume")
def resume(name: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Undoes /suspend. Example: pana member resume Boris"""
    office = open_office(config)
    member = _member(office, name)
    if not member.suspended:
        raise Refused(f"{member.name} is not suspended")
    office.duty.make_ready(office.database)
    office.database.change(lambda tx: office.staff.resume(tx, member))
    print(f"{member.name} takes part again")


@app.command("list")
def list_members(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists members: role, languages, duty, fingerprint. Example: pana member list"""
    from bot.cli.options import now
    from bot.handoff.rota_file import standing, worked_out_for

    office, at = open_office(config), now()
    seen = worked_out_for(office.database, office.settings.oncall.rota, office.duty, at, at)
    rows = office.database.read(lambda tx: rows_of(office, tx, standing(tx, office.duty, seen)[0]), at=at)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        duty = "on call" if row["on_call"] else "off duty"
        state = "disabled" if not row["active"] else "suspended" if row["suspended"] else duty
        state += "" if row["reachable"] else ", cannot be reached"
        state += "" if row["met"] else ", has never pressed Start"
        languages = row["languages"]
        assert isinstance(languages, list)
        print(f"{row['name']}\t{row['role']}\t{','.join(languages)}\t{state}\t{row['fingerprint']}")


def rows_of(office: "Office", tx: "Reading", rota: "Rota | None") -> list[dict[str, object]]:
    """Every member as they are at a moment; `on_call` is what the ladder goes by."""
    on_duty = office.duty.timetable(tx, rota).at(tx.now)
    return [
        {
            "name": one.name,
            "role": one.role,
            "languages": list(one.languages),
            "regions": list(one.regions),
            "on_call": one.id in on_duty,
            "active": one.active,
            "suspended": one.suspended,
            "reachable": one.gone_at is None,
            "met": one.met_at is not None,
            "confirmed": one.reach_confirmed_at.date().isoformat() if one.reach_confirmed_at else None,
            "email": one.email is not None,
            "push": one.push is not None,
            "fingerprint": fingerprint(one.recipient),
        }
        for one in office.members.all(tx)
    ]


def _member(office: "Office", name: str) -> "Member":
    member = office.database.read(lambda reading: office.members.by_name(reading, name))
    if member is None or not member.active:
        raise Refused(f"there is no member {name}")
    return member


def _name(name: str) -> str:
    """A name must be one that the rota can write: no brackets, no line breaks, not too long."""
    if not name.strip() or len(name) > 40 or any(one in name for one in "[]\n\r\t,;"):
        raise Refused("a name has 1 to 40 characters, without brackets, commas or line breaks")
    return name.strip()


def _regions(regions: list[str] | None, config: Path) -> list[str]:
    """A region that no question offers would match no case, and nobody would notice."""
    if not regions:
        return []
    from bot.house import regions_of

    known = regions_of(open_house(config).shelf)
    strange = [one for one in regions if one not in known]
    if strange:
        raise Refused(f"{strange[0][:40]} is no region of the questionnaire: {', '.join(sorted(known))}")
    return list(dict.fromkeys(regions))


def _channels(email: str | None, push: str | None) -> None:
    from bot.settings import safe_address

    if email is not None and (email.count("@") != 1 or any(one.isspace() for one in email)):
        raise Refused("--email needs one address")
    if push is not None:
        try:
            safe_address(push)
        except ValueError as error:
            raise Refused(f"--push: {error}") from None


def _bot_name(office: "Office") -> str | None:
    """The bot's user name, when Telegram can be asked."""
    token = office.settings.telegram.token
    if token is None:
        return None
    import asyncio

    from bot.errors import CallError
    from bot.telegram.api import Api

    async def ask() -> str | None:
        api = Api(token.get_secret_value(), office.settings.telegram.api_url)
        try:
            await api.open()
            return api.bot.username
        except CallError:
            return None
        finally:
            await api.close()

    return asyncio.run(ask())
