"""`pana member ...`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.options import DEFAULT_CONFIG, AsJson, Config, one_of, open_core, open_pana, recipients_in, say_json
from bot.languages import NAMES
from storage import own_name
from storage.case import Claimed, Open, Waiting
from storage.errors import Refused
from storage.names import tidy
from storage.sealing.identity_file import as_fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.handoff.membership_changes import Stopped
    from bot.handoff.rota.shifts import Rota
    from bot.wiring.core import Core
    from storage.case import Case
    from storage.invites import Invite
    from storage.members import Member
    from storage.tx import Reading, Tx

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, help="Lawyers and coordinators. Example: pana member list")


class RoleName(StrEnum):
    """What a member does."""

    lawyer = "lawyer"
    coordinator = "coordinator"


Name = Annotated[str, typer.Argument(help="A working name; it stands in the readers of each case.")]
Role = Annotated[RoleName, typer.Option(help="lawyer or coordinator")]


def _have_texts(languages: list[str] | None) -> list[str] | None:
    """Each once, in the order in which they are named."""
    return None if languages is None else list(dict.fromkeys(one_of(NAMES, each) for each in languages))


Languages = Annotated[
    list[str] | None,
    typer.Option(help="Languages; the first is written in.", metavar=f"[{'|'.join(NAMES)}]", callback=_have_texts),
]
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
    practice: Annotated[bool, typer.Option("--practice", help="No cover before they finish a practice case.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Adds a verified member; somebody who was disabled comes back so, with what is given here.

    Example: pana member add Aigul --role lawyer --telegram-id 123 --recipient aigul.pub --language kk --on-call
    """
    core = open_core(config)
    recipients = recipients_in(recipient)
    if len(recipients) != 1:
        raise Refused("a member has exactly one recipient")
    _channels(email, push)
    _on_duty(role.value, on_call=on_call)
    name, places = _name(name), _regions(region, config)

    def change(tx: "Tx") -> None:
        member = core.membership.add(
            tx,
            name=name,
            telegram_id=telegram_id,
            role=role.value,
            languages=language or [core.place.last_resort],
            regions=places,
            recipient=recipients[0],
            on_call=on_call,
            email=email,
            push=push,
            practised=not practice,
        )
        core.membership_changes.joined(tx, member)

    core.duty.rota.make_ready(core.database)
    core.database.change(change)
    _say_limit(core)
    link = _link(core)
    _say_who_joined(core, name, role.value, recipients[0], {"link": link} if as_json else None)
    if not as_json:
        print(f"They press Start, before that no alert arrives: {link or 'in the bot'}")


def _say_who_joined(
    core: "Core", name: str, role: str, recipient: str, for_programs: "Mapping[str, object] | None"
) -> None:
    """Their key and the server's; `for_programs`: what they read besides, None where a person reads."""
    mark, server = fingerprint(recipient), core.ring.signing_fingerprint
    if for_programs is not None:
        say_json({"name": name, "role": role, "fingerprint": mark, "signing_fingerprint": server, **for_programs})
        return
    print(f"{name}: {role}, key {mark}")
    print(f"Give them the server's signing fingerprint: {server}")


@app.command("invite")
def invite(
    name: Name,
    role: Role,
    language: Languages = None,
    region: Regions = None,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Makes a one-time code, good for two days. Example: pana member invite Aigul --role lawyer --language kk"""
    core = open_core(config)
    name = _name(name)
    known = core.database.read(lambda reading: core.members.by_name(reading, name))
    if known is not None and known.active:
        raise Refused(f"there is a member of the name {name} already")
    languages = language or [core.place.last_resort]
    places = _regions(region, config)

    def change(tx: "Tx") -> "tuple[Invite | None, str]":
        return core.invites.standing(tx, name), core.invites.make(tx, name, role.value, languages, places)

    before, code = core.database.change(change)
    if before is not None:
        print(_void(before, role.value), file=sys.stderr)
    link = _link(core, code)
    if as_json:
        say_json({"name": name, "role": role.value, "code": code, "link": link})
        return
    print(code)
    print(link or f"Telegram does not tell the bot's name now. In the bot's chat they send: /start {code}")
    print("They send their public key to the bot. Compare fingerprints by voice, then: pana member approve")


def _void(before: "Invite", role: str) -> str:
    """What the code before this one had, and is no more."""
    said = f"the earlier code for {before.name} is void"
    said += "; the key that had come with it is forgotten: they send it again" if before.recipient else ""
    return f"{said}; they are invited as a {role}, no longer as a {before.role}" if before.role != role else said


def _on_duty(role: str, *, on_call: bool | None) -> None:
    if on_call and role != "lawyer":
        raise Refused("--on-call is for lawyers: coordinators are not on duty, every line comes to all of them")


@app.command("approve")
def approve(
    name: Name,
    expected: Annotated[str, typer.Option("--fingerprint", help="What the invited person has told you.")],
    on_call: Annotated[bool, typer.Option("--on-call", help="On duty until changed.")] = False,
    email: Email = None,
    push: Push = None,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Makes an invited person a member, when the key is theirs. Example: pana member approve Aigul --fingerprint F

    A test goes out by --push and --email at once, and the member is asked whether it has come.
    """
    _channels(email, push)
    core = open_core(config)

    def change(tx: "Tx") -> "Member":
        known = core.members.by_name(tx, name)
        if known is not None and known.active:
            raise Refused(f"{known.name} is a member already: `pana member set` says what holds, and changes it")
        invited = core.invites.by_name(tx, name)
        assert invited.recipient is not None
        assert invited.telegram_id is not None
        if fingerprint(invited.recipient) != as_fingerprint(expected):
            raise Refused(f"the key that came for {name} has another fingerprint: do not approve it, invite again")
        _on_duty(invited.role, on_call=on_call)
        member = core.membership.add(
            tx,
            name=invited.name,
            telegram_id=invited.telegram_id,
            role=invited.role,
            languages=invited.languages,
            regions=invited.regions,
            recipient=invited.recipient,
            on_call=on_call,
            email=email,
            push=push,
            practised=invited.role != "lawyer",
            met=True,  # the key has come through the bot
        )
        core.invites.drop(tx, invited)
        core.membership_changes.admitted(tx, member)
        return member

    core.duty.rota.make_ready(core.database)
    member = core.database.change(change)
    _say_limit(core)
    _say_who_joined(core, member.name, member.role, member.recipient, {} if as_json else None)


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
    tries: Annotated[bool, typer.Option("--try", help="Sends a test by mail and push, asks if it came.")] = False,
    force: Force = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Changes what is named and nothing else; without options it says what holds.

    Example: pana member set Aigul --push https://ntfy.example.org/long-random-topic
    """
    _not_both("--email", email is not None and no_email)
    _not_both("--push", push is not None and no_push)
    _not_both("--region", bool(region) and no_region)
    _channels(email, push)
    core = open_core(config)
    key, member = _new_key(recipient, expected), _member(core, name)
    _on_duty(member.role, on_call=on_call)
    places = _regions(region, config)
    core.duty.rota.make_ready(core.database)

    def change(tx: "Tx") -> "Sequence[Case]":
        now = core.members.get(tx, member.id)
        core.members.set_about(
            tx,
            now,
            languages=language or now.languages,
            regions=_then(tuple(places), now.regions, dropped=no_region) or (),
            email=_then(email, now.email, dropped=no_email),
            push=_then(push, now.push, dropped=no_push),
        )
        core.membership_changes.about_changed(tx, now, tries=tries)
        _set_duty(core, tx, now, on_call=on_call)
        return core.membership_changes.change_key(tx, now, key, force=force) if key and key != now.recipient else ()

    sealed = core.database.change(change)
    if as_json:
        say_json(_what_holds(core, member.id) | {"sealed_to_old_key": [case.code for case in sealed]})
        return
    _say_what_holds(core, member.id)
    for case in sealed:
        print(f"{case.code}: {_STAYS[type(case)]}")


def _not_both(option: str, given: bool) -> None:
    if given:
        raise Refused(f"{option} and --no-{option.removeprefix('--')} contradict each other")


def _then(given: T | None, before: T, *, dropped: bool) -> T | None:
    """What holds from now on: nothing, what is given, or what was before."""
    return None if dropped else given or before


def _set_duty(core: "Core", tx: "Tx", member: "Member", *, on_call: bool | None) -> None:
    from bot.handoff.rota import said

    if on_call is not None:
        said.stays(tx, core.duty, member, None) if on_call else said.goes(tx, core.duty, member)


_STAYS = {
    Claimed: "stays sealed to the old key: keep that, or have it shared (`pana share`)",
    Waiting: "is sealed to the old key, so it is not offered to them any more",
    Open: "is sealed to the old key, so it will not be offered to them",
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
    if fingerprint(recipients[0]) != as_fingerprint(expected):
        raise Refused("this key has another fingerprint than the member has told: nothing was changed")
    return recipients[0]


def _what_holds(core: "Core", member_id: int) -> dict[str, object]:
    """One member as `member list --json` has them."""
    return core.database.read(
        lambda tx: row_of(core, core.members.get(tx, member_id), on_call=member_id in core.duty.on_duty(tx))
    )


def _say_what_holds(core: "Core", member_id: int) -> None:
    """One member as they are now, a line for each thing."""
    member = core.database.read(lambda reading: core.members.get(reading, member_id))
    on_duty = member_id in core.database.read(core.duty.on_duty)
    print(f"{member.name}: {member.role}{', suspended' if member.suspended else ''}")
    print(f"key {fingerprint(member.recipient)}")
    print(f"languages {','.join(member.languages)}; regions {','.join(member.regions) or 'all'}")
    duty = "until changed" if member.on_call else "by the rota and /oncall"
    print(f"duty {duty}; now {'on call' if on_duty else 'off duty'}")
    print(f"{'mail' if member.email else 'no mail'}, {'push' if member.push else 'no push'}")


@app.command("disable")
def disable(name: Name, force: Force = False, config: Config = DEFAULT_CONFIG) -> None:
    """Ends a membership: wraps go, claims go to others. Example: pana member disable Boris"""
    core = open_core(config)
    member = _member(core, name)
    core.duty.rota.make_ready(core.database)
    stopped = core.database.change(lambda tx: core.membership_changes.disable(tx, member, force=force))
    print(f"{member.name} is a member no more")
    _say_what_follows(core, member, stopped)


@app.command("enable")
def enable(name: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Undoes disable: the same account, key and languages, off duty. Example: pana member enable Boris"""
    core = open_core(config)
    member = core.database.read(lambda reading: core.members.by_name(reading, name))
    if member is None:
        raise Refused(f"there was no member {name}; `pana member add` makes one")
    if member.active:
        raise Refused(f"{member.name} is a member")
    core.duty.rota.make_ready(core.database)
    core.database.change(lambda tx: core.membership_changes.enable(tx, member))
    _say_what_holds(core, member.id)
    if member.suspended:
        print(f"still suspended: pana member resume {member.name}")
    print("They can take the cases that come from now on.")


@app.command("suspend")
def suspend(name: Name, force: Force = False, config: Config = DEFAULT_CONFIG) -> None:
    """Stops a member at once, as /suspend does; needs no second coordinator. Example: pana member suspend Boris"""
    core = open_core(config)
    member = _member(core, name)
    if member.suspended:
        raise Refused(f"{member.name} is suspended already")
    core.duty.rota.make_ready(core.database)
    stopped = core.database.change(lambda tx: core.membership_changes.suspend(tx, member, force=force))
    print(f"{member.name} is suspended; `pana member resume` undoes it")
    _say_what_follows(core, member, stopped)


@app.command("resume")
def resume(name: Name, config: Config = DEFAULT_CONFIG) -> None:
    """Undoes a suspension. Example: pana member resume Boris"""
    core = open_core(config)
    member = _member(core, name)
    if not member.suspended:
        raise Refused(f"{member.name} is not suspended")
    core.duty.rota.make_ready(core.database)
    core.database.change(lambda tx: core.membership_changes.resume(tx, member))
    print(f"{member.name} takes part again, and can take the cases that come from now on")


def _say_limit(core: "Core") -> None:
    """From the lawyer on to whom not every new case is sealed any more."""
    from bot.cli.oncall import beyond_limit

    for said in core.database.read(lambda tx: beyond_limit(core, tx, core.duty.on_duty(tx))):
        print(said, file=sys.stderr)


_WITHOUT = {
    "lawyer": "nobody can take the cases that come",
    "coordinator": "nobody hears of cases that nobody takes, or of gaps",
}


def _say_what_follows(core: "Core", member: "Member", stopped: "Stopped") -> None:
    """Of each case that somebody held or that only they could open; and of a role, once nobody is left who has it."""
    alone = {case.row for case in stopped.alone}
    for case in stopped.waits:
        if case.row not in alone:
            print(f"{case.code}: waits again and others are called; coordinators are told")
    for case in stopped.alone:
        print(f"{case.code}: nobody but the recovery keys can open it now; coordinators are told")
    left = [one for one in core.database.read(core.members.working) if one.role == member.role]
    if not left:
        print(f"there is no {member.role} now: {_WITHOUT[member.role]}", file=sys.stderr)


@app.command("list")
def list_members(
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Lists members: role, languages, duty, fingerprint. Example: pana member list"""
    from bot.cli.options import now
    from bot.handoff.rota.file import in_force, worked_out_for

    core, at = open_core(config), now()
    seen = worked_out_for(core.database, core.settings.oncall.rota, core.duty, at, at)
    rows = core.database.read(lambda tx: rows_of(core, tx, in_force(tx, core.duty, seen)[0]), at=at)
    if as_json:
        say_json(rows)
        return
    for row in rows:
        duty = "on call" if row["on_call"] else "off duty"
        state = "disabled" if not row["active"] else "suspended" if row["suspended"] else duty
        state += "" if row["reachable"] else ", cannot be reached"
        state += "" if row["met"] else ", has never pressed Start"
        state += "" if row["practised"] else ", has not finished the practice case"
        languages = row["languages"]
        assert isinstance(languages, list)
        print(f"{row['name']}\t{row['role']}\t{','.join(languages)}\t{state}\t{row['fingerprint']}")


def rows_of(core: "Core", tx: "Reading", rota: "Rota | None") -> list[dict[str, object]]:
    """Every member as they are at a moment; `on_call` is what the ladder goes by."""
    on_duty = core.duty.timetable(tx, rota).at(tx.now)
    return [row_of(core, one, on_call=one.id in on_duty) for one in core.members.all(tx)]


def row_of(core: "Core", member: "Member", *, on_call: bool) -> dict[str, object]:
    """A member for programs."""
    confirmed = member.reach_confirmed_at
    return {
        "name": member.name,
        "role": member.role,
        "languages": list(member.languages),
        "regions": list(member.regions),
        "on_call": on_call,
        "active": member.active,
        "suspended": member.suspended,
        "reachable": member.gone_at is None,
        "met": member.met_at is not None,
        "practised": member.practised or member.role != "lawyer",
        "confirmed": core.place.today(confirmed).isoformat() if confirmed else None,
        "email": member.email is not None,
        "push": member.push is not None,
        "fingerprint": fingerprint(member.recipient),
    }


def _member(core: "Core", name: str) -> "Member":
    member = core.database.read(lambda reading: core.members.by_name(reading, name))
    if member is None:
        raise Refused(f"there is no member {name}")
    if not member.active:
        raise Refused(f"{member.name} is a member no more; `pana member enable` brings them back")
    return member


def _name(name: str) -> str:
    """A name must be one that the rota can write: no brackets, no line breaks, not too long."""
    kept = tidy(name)
    if not kept or len(kept) > 40 or not kept.isprintable() or any(one in name for one in "[]\n\r\t,;"):
        raise Refused("a name has 1 to 40 characters, without brackets, commas or line breaks")
    return kept


def _regions(regions: list[str] | None, config: Path) -> list[str]:
    """A region that no question offers would match no case, and nobody would notice."""
    if not regions:
        return []
    known = open_pana(config).questionnaires.regions
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


def _link(core: "Core", code: str = "") -> str | None:
    """What leads to the bot's own chat; None when nobody can tell its name."""
    name = _bot_name(core) or core.database.read(own_name.kept)
    return name and f"https://t.me/{name}?start={code}"


def _bot_name(core: "Core") -> str | None:
    """The bot's user name, when Telegram can be asked."""
    token = core.settings.telegram.token
    if token is None:
        return None
    import asyncio

    from bot.errors import CallError
    from bot.telegram.api import Api

    async def ask() -> str | None:
        api = Api(token.get_secret_value(), core.settings.telegram.api_url)
        try:
            await api.open()
            return api.bot.username
        except CallError:
            return None
        finally:
            await api.close()

    return asyncio.run(ask())
