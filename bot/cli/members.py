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
    from collections.abc import Sequence

    from bot.handoff.rota.shifts import Rota
    from bot.office import Office
    from storage.cases import Case
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
Force = Annotated[bool, typer.Option("--force", help="Also the last lawyer who can open a case.")]


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
    """Adds a verified member; somebody who was disabled comes back so, with what is given here.

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
        office.leaving.joined(tx, member)

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
    known = office.database.read(lambda reading: office.members.by_name(reading, name))
    if known is not None and known.active:
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
        invited = office.invites.by_name(tx, name)
        assert invited.recipient is not None
        assert invited.telegram_id is not None
        if fingerprint(invited.recipient) != expected.strip().upper():
            raise Refused(f"the key that came for {name} has another fingerprint: do not approve it, invite again")
        member = office.members.add(
            tx,
            name=invited.name,
            telegram_id=invited.telegram_id,
            role=invited.role,
            languages=invited.languages,
            regions=invited.regions,
            recipient=invited.recipient,
            on_call=on_call,
            met=True,  # the key has come through the bot
        )
        office.invites.drop(tx, invited)
        office.leaving.joined(tx, member)
        return member

    office.duty.make_ready(office.database)
    member = office.database.change(change)
    print(f"{member.name}: {member.role}, key {fingerprint(member.recipient)}")
    print(f"Give them the server's signing fingerprint: {office.ring.signing_fingerprint}")


@app.command("set")
def set_member(
    name: Name,
    recipient: Annotated[
        str | None, typer.Option(metavar="RECIPIENT|FILE", help="A new key; --fingerprint is needed with it.")
    ] = None,
    expected: Annotated[
        str | None, typer.Option("--fingerprint", help="What the member has told you of the new key.")
    ] = None,
    language: Languages = None,
    region: Regions = None,
    no_region: Annotated[bool, typer.Option("--no-region", help="Works everywhere.")] = False,
    on_call: Annotated[
        bool | None, typer.Option("--on-call/--off", help="On duty until changed, or by the rota alone.")
    ] = None,
    email: Email = None,
    no_email: Annotated[bool, typer.Option("--no-email", help="No mail.")] = False,
    push: Push = None,
    no_push: Annotated[bool, typer.Option("--no-push", help="No push.")] = False,
    force: Force = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Changes what is named and nothing else; without options it says what holds.

    Example: pana member set Aigul --push https://ntfy.example.org/long-random-topic
    """
    for first, second, given in (
        ("--email", "--no-email", email is not None and no_email),
        ("--push", "--no-push", push is not None and no_push),
        ("--region", "--no-region", bool(region) and no_region),
    ):
        if given:
            raise Refused(f"{first} and {second} contradict each other")
    _channels(email, push)
    office = open_office(config)
    key, member = _new_key(recipient, expected), _member(office, name)
    places = _regions(region, config)
    office.duty.make_ready(office.database)

    def change(tx: "Tx") -> "Sequence[Case]":
        now = office.members.get(tx, member.id)
        office.members.set_about(
            tx,
            now,
            languages=[one.value for one in language] if language else now.languages,
            regions=() if no_region else places or now.regions,
            email=None if no_email else email or now.email,
            push=None if no_push else push or now.push,
        )
        if on_call is not None:
            office.duty.stays(tx, now, None) if on_call else office.duty.goes(tx, now)
        return office.leaving.change_key(tx, now, key, force=force) if key and key != now.recipient else ()

    sealed = office.database.change(change)
    _say_what_holds(office, member.id)
    for case in sealed:
        print(f"{case.code}: {_STAYS[case.status]}")


_STAYS = {
    "claimed": "stays sealed to the old key: keep that, or have it shared (`pana share`)",
    "waiting": "is sealed to the old key, so it is not offered to them any more",
    "open": "is sealed to the old key, so it will not be offered to them",
}


def _new_key(recipient: str | None, expected: str | None) -> str | None:
    """The key whose fingerprint the member has told; a file may be a wrong one."""
    if recipient is None:
        if expected is not None:
            raise Refused("--fingerprint is of a new key, which --recipient names")
        return None
    recipients = recipients_in(recipient)
    if len(recipients) != 1:
        raise Refused("a member has exactly one recipient")
    if expected is None:
        raise Refused("a new key needs --fingerprint: what the member has told you, by voice")
    if fingerprint(recipients[0]) != expected.strip().upper():
        raise Refused("this key has another fingerprint than the member has told: nothing was changed")
    return recipients[0]


def _say_what_holds(office: "Office", member_id: int) -> None:
    """One member as they are now, a line for each thing."""
    member = office.database.read(lambda reading: office.members.get(reading, member_id))
    on_duty = member_id in office.database.read(office.duty.on_duty)
    print(f"{member.name}: {member.role}{', suspended' if member.suspended else ''}")
    print(f"key {fingerprint(member.recipient)}")
    print(f"languages {','.join(member.languages)}; regions {','.join(member.regions) or 'all'}")
    duty = "until changed" if member.on_call else "by the rota and /oncall"
    print(f"duty {duty}; now {'on call' if on_duty else 'off duty'}")
    print(f"{'mail' if member.email else 'no mail'}, {'push' if member.push else 'no push'}")


@app.command("disable")
def disable(name: Name, force: Force = False, config: Config = DEFAULT_CONFIG) -> None:
    """Ends a membership: wraps go, claims go to others. Example: pana member disable Boris"""
    office = open_office(config)
    member = _member(office, name)
    office.duty.make_ready(office.database)
    alone = office.database.change(lambda tx: office.leaving.disable(tx, member, force=force))
    print(f"{member.name} is a member no more")
    _say_alone(alone)


@app.command("enable")
def enable(name: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Undoes disable: the same account, key and languages, off duty. Example: pana member enable Boris"""
    office = open_office(config)
    member = office.database.read(lambda reading: office.members.by_name(reading, name))
    if member is None:
        raise Refused(f"there was no member {name}; `pana member add` makes one")
    if member.active:
        raise Refused(f"{member.name} is a member")
    office.duty.make_ready(office.database)
    office.database.change(lambda tx: office.leaving.enable(tx, member))
    _say_what_holds(office, member.id)
    if member.suspended:
        print(f"still suspended: pana member resume {member.name}")
    print("They can take the cases that come from now on.")


@app.command("suspend")
def suspend(name: Name, force: Force = False, config: Config = DEFAULT_CONFIG) -> None:
    """Stops a member at once, as /suspend does; needs no second coordinator. Example: pana member suspend Boris"""
    office = open_office(config)
    member = _member(office, name)
    if member.suspended:
        raise Refused(f"{member.name} is suspended already")
    office.duty.make_ready(office.database)
    alone = office.database.change(lambda tx: office.leaving.suspend(tx, member, force=force))
    print(f"{member.name} is suspended; `pana member resume` undoes it")
    _say_alone(alone)


@app.command("resume")
def resume(name: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Undoes a suspension. Example: pana member resume Boris"""
    office = open_office(config)
    member = _member(office, name)
    if not member.suspended:
        raise Refused(f"{member.name} is not suspended")
    office.duty.make_ready(office.database)
    office.database.change(lambda tx: office.leaving.resume(tx, member))
    print(f"{member.name} takes part again, and can take the cases that come from now on")


def _say_alone(alone: "Sequence[Case]") -> None:
    for case in alone:
        print(f"{case.code}: nobody but the recovery keys can open it now; coordinators are told")


@app.command("list")
def list_members(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists members: role, languages, duty, fingerprint. Example: pana member list"""
    from bot.cli.options import now
    from bot.handoff.rota.file import in_force, worked_out_for

    office, at = open_office(config), now()
    seen = worked_out_for(office.database, office.settings.oncall.rota, office.duty, at, at)
    rows = office.database.read(lambda tx: rows_of(office, tx, in_force(tx, office.duty, seen)[0]), at=at)
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
    if member is None:
        raise Refused(f"there is no member {name}")
    if not member.active:
        raise Refused(f"{member.name} is a member no more; `pana member enable` brings them back")
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

    known = regions_of(open_house(config).questionnaires)
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
