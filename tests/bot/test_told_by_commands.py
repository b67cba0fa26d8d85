"""What a command says is true and enough: of who leaves, who was invited, whose key it is."""

import base64
import io
import json
import os
import sys
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest import mock

import pytest

from bot.cli import main
from bot.errors import ConfigurationError
from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.file import RotaFile
from bot.handoff.rota.plans import Plans
from bot.settings import load_settings
from storage import reachable
from storage.case import Waiting
from storage.sealing import age
from tests.bot.calendars import calendar, shift
from tests.bot.in_process import Ended, pana
from tests.bot.test_members import BORIS, CLARA, DINA, PERSON, member, new_key, run
from tests.talks.talks import Talks, talks, urgent

__all__ = ["talks"]  # a fixture


# --- who leaves ---


@pytest.mark.parametrize("how", ["disable", "suspend"])
def test_the_cases_of_who_leaves_are_named_on_the_terminal_and_to_the_coordinators(talks: Talks, how: str) -> None:
    """They wait again, and somebody must see to it."""
    urgent(talks, PERSON)
    code = talks.case().code
    talks.say(BORIS, f"/take {code}")
    rung = talks.rung(CLARA)
    done = run(talks, how, "Boris")
    assert done.code == 0
    assert isinstance(talks.case(), Waiting)
    assert f"{code}: waits again" in done.out
    (line,) = [one for one in talks.chats[CLARA].values() if f"Case {code} waits again" in one.text]
    assert "Boris" in line.text
    assert talks.rung(CLARA) > rung


def test_of_who_holds_nothing_no_case_is_named(talks: Talks) -> None:
    """A case that only waits stays as it is."""
    urgent(talks, PERSON)
    done = run(talks, "disable", "Boris")
    assert "waits again" not in done.out
    assert "waits again" not in talks.seen(CLARA)


# --- the last one ---


@pytest.mark.parametrize("how", ["disable", "suspend"])
def test_that_no_lawyer_is_left_is_said_also_while_there_is_no_case(talks: Talks, how: str) -> None:
    """Nobody could take the next one."""
    assert "there is no lawyer now" not in run(talks, how, "Boris").err
    done = run(talks, how, "Aigul")
    assert (done.code, done.err) == (0, "there is no lawyer now: nobody can take the cases that come\n")
    assert not member(talks, "Aigul").works


def test_a_suspended_lawyer_may_leave_whoever_is_there(talks: Talks) -> None:
    """Nothing becomes worse by it."""
    assert run(talks, "suspend", "Boris").code == 0
    assert run(talks, "suspend", "Aigul", "--force").code == 0
    assert run(talks, "disable", "Boris").code == 0


@pytest.mark.parametrize("how", ["disable", "suspend"])
def test_the_last_coordinator_leaves_with_a_warning(talks: Talks, how: str) -> None:
    """Who is at the terminal can add another one; until then nobody reads the lines."""
    done = run(talks, how, "Clara")
    assert done.code == 0
    assert "there is no coordinator" in done.err
    assert "there is no coordinator" not in run(talks, how, "Boris").err


# --- who was invited ---


def invited(talks: Talks, name: str, *more: str) -> tuple[str, str, str]:
    """The code, and what was said."""
    done = run(talks, "invite", name, *(more or ("--role", "lawyer")))
    assert done.code == 0
    return done.out.split()[0], done.out, done.err


def test_a_second_invitation_says_that_the_first_is_void(talks: Talks) -> None:
    """And that the role is another one."""
    first, out, err = invited(talks, "Dina")
    assert "void" not in out + err
    second, out, err = invited(talks, "Dina")
    assert "the earlier code for Dina is void" in err
    assert "lawyer" not in err
    _, _, err = invited(talks, "Dina", "--role", "coordinator")
    assert "the earlier code for Dina is void" in err
    assert "as a coordinator, no longer as a lawyer" in err
    assert len({first, second}) == 2


def test_a_second_invitation_of_who_had_sent_a_key_says_that_it_is_gone(talks: Talks) -> None:
    """They have to send it again."""
    code, _, _ = invited(talks, "Dina")
    talks.say(DINA, f"/start {code}")
    talks.say(DINA, (talks.core.settings.server.key_file.parent / new_key(talks, "fresh")[0]).read_text())
    _, _, err = invited(talks, "Dina")
    assert "the key that had come with it is forgotten" in err


def test_an_invitation_that_was_over_is_none_that_is_void(talks: Talks) -> None:
    """After two days its code was good for nothing."""
    talks.core.database.change(
        lambda tx: talks.core.invites.make(tx, "Dina", "lawyer", ["ru"], []), at=talks.at - timedelta(days=300)
    )
    _, out, err = invited(talks, "Dina")
    assert "void" not in out + err


def test_what_cannot_be_approved_says_why(talks: Talks) -> None:
    """Never invited, not come yet, come without a key, a member already."""
    told = ("--fingerprint", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert "nobody is invited as Dina" in run(talks, "approve", "Dina", *told).err
    code, _, _ = invited(talks, "Dina")
    assert "Dina has not come with the code yet" in run(talks, "approve", "Dina", *told).err
    talks.say(DINA, f"/start {code}")
    assert "Dina has not sent a key yet" in run(talks, "approve", "Dina", *told).err
    file, fingerprint = new_key(talks, "fresh")
    talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
    assert run(talks, "approve", "Dina", "--fingerprint", fingerprint).code == 0
    again = run(talks, "approve", "Dina", "--fingerprint", fingerprint)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "Dina is a member already" in again.err


def test_an_invitation_that_is_over_cannot_be_approved(talks: Talks) -> None:
    """Its two days have passed."""
    talks.core.database.change(
        lambda tx: talks.core.invites.make(tx, "Dina", "lawyer", ["ru"], []), at=talks.at - timedelta(days=300)
    )
    refused = run(talks, "approve", "Dina", "--fingerprint", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert "the invitation of Dina is over" in refused.err
    assert "pana member invite" in refused.err


def test_the_coordinators_read_whose_key_has_come(talks: Talks) -> None:
    """They compare it with what that person tells them."""
    code, _, _ = invited(talks, "Dina")
    talks.say(DINA, f"/start {code}")
    file, fingerprint = new_key(talks, "fresh")
    talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
    (line,) = [one.text for one in talks.chats[CLARA].values() if fingerprint in one.text]
    assert "Dina" in line


# --- whose key it is ---


def secret_files(talks: Talks) -> list[str]:
    """A secret key, as it is and under a passphrase, armored too."""
    folder, identity = talks.core.settings.server.key_file.parent, age.generate_identity()
    plain = f"# public key: {age.recipient_of(identity)}\n{identity}\n".encode()
    (folder / "plain").write_bytes(plain)
    (folder / "wrapped").write_bytes(age.seal_with_passphrase(plain, "a long passphrase"))
    letters = base64.encodebytes((folder / "wrapped").read_bytes()).decode()
    lines = "-----BEGIN AGE ENCRYPTED FILE-----", letters.strip(), "-----END AGE ENCRYPTED FILE-----", ""
    (folder / "armored").write_text("\n".join(lines))
    return ["plain", "wrapped", "armored"]


def test_a_recipient_may_come_through_a_pipe(talks: Talks) -> None:
    """As from another command: `--recipient <(...)`. It can be read once."""
    file, told = new_key(talks, "fresh")
    folder = talks.core.settings.server.key_file.parent
    os.mkfifo(folder / "pipe")
    writes = threading.Thread(target=lambda: (folder / "pipe").write_bytes((folder / file).read_bytes()))
    writes.start()
    added = run(talks, "add", "Dina", "--role", "lawyer", "--telegram-id", str(DINA), "--recipient", "pipe")
    writes.join()
    assert (added.code, told in added.out) == (0, True)


def test_a_file_with_a_secret_key_is_recognised(talks: Talks) -> None:
    """Where a public one is meant: it should not lie here at all."""
    for file in secret_files(talks):
        refused = run(talks, "add", "Dina", "--role", "lawyer", "--telegram-id", "203", "--recipient", file)
        assert (refused.code, refused.err.count("\n")) == (1, 1), refused.err
        assert f"{file}: this is a secret key: keep it on its own device" in refused.err
        assert f"{file}.pub" in refused.err
        assert "AGE-SECRET" not in refused.err


# --- duty ---


def test_of_a_rota_file_that_cannot_be_used_the_line_says_what_is_in_force(talks: Talks) -> None:
    """There never was one: nothing of before can be; there was one: it stays."""
    core, path = talks.core, talks.core.settings.server.key_file.parent / "rota.ics"
    core.duty.rota.plans = Plans(partial(plan_of, zone=core.place.zone.key))
    file = RotaFile(path, core.duty, core.queue)

    def looks() -> str:
        seen = file.look(talks.at)
        assert seen is not None
        talks.change(lambda tx: file.take(tx, seen))
        talks.deliver()
        return talks.text(CLARA)

    assert "The rota file cannot be used, and no rota is in force" in looks()
    path.write_bytes(calendar(shift("Aigul", talks.at, 24)))
    assert "A new rota is in force" in looks()
    path.unlink()
    assert "The rota file cannot be used, the earlier one stays in force" in looks()


@pytest.mark.parametrize("way", ["add", "approve"])
def test_a_coordinator_is_not_on_duty(talks: Talks, way: str) -> None:
    """--on-call is a lawyer's."""
    file, fingerprint = new_key(talks, "fresh")
    if way == "add":
        more = ("--role", "coordinator", "--telegram-id", str(DINA), "--recipient", file)
        refused = run(talks, "add", "Dina", *more, "--on-call")
    else:
        code, _, _ = invited(talks, "Dina", "--role", "coordinator")
        talks.say(DINA, f"/start {code}")
        talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
        refused = run(talks, "approve", "Dina", "--fingerprint", fingerprint, "--on-call")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "--on-call" in refused.err
    assert talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Dina")) is None


def test_a_coordinator_who_is_set_on_duty_is_refused(talks: Talks) -> None:
    """The same of one who is there."""
    refused = run(talks, "set", "Clara", "--on-call")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert not member(talks, "Clara").on_call
    assert run(talks, "set", "Clara", "--off").code == 0


def test_a_language_that_is_named_twice_is_kept_once(talks: Talks) -> None:
    """As a region is."""
    assert run(talks, "set", "Boris", "--language", "kk", "--language", "ru", "--language", "kk").code == 0
    assert member(talks, "Boris").languages == ("kk", "ru")


def command(talks: Talks, *arguments: str, **environment: str) -> Ended:
    """`pana ...` beside the bot."""
    folder = talks.core.settings.server.key_file.parent
    return pana(folder, *arguments, environment=dict(talks.environment) | environment)


def backstop(talks: Talks, **environment: str) -> list[str]:
    """Whom the last rung reaches."""
    rows = json.loads(command(talks, "oncall", "show", "--json", **environment).out)
    return next(row["names"] for row in rows if row["who"] == "backstop")


def test_the_last_resort_is_whoever_is_told_outside_telegram(talks: Talks) -> None:
    """Addresses of the configuration too, which are not repeated; a mail only where there is a server for it."""
    assert backstop(talks) == []
    two = "https://ntfy.example.org/long-random-topic,https://ntfy.example.org/another"
    assert backstop(talks, PANA_ONCALL_BACKSTOP=two) == ["oncall.backstop (2 addresses)"]
    shown = command(talks, "oncall", "show", PANA_ONCALL_BACKSTOP=two).out
    assert "backstop\toncall.backstop (2 addresses)" in shown
    assert "ntfy" not in shown
    run(talks, "set", "Boris", "--email", "boris@example.org")
    run(talks, "set", "Aigul", "--push", "https://ntfy.example.org/aigul")
    assert backstop(talks) == ["Aigul"]
    mail = {"PANA_MAIL_HOST": "mail.example.org", "PANA_MAIL_SENDER": "pana@example.org"}
    assert backstop(talks, **mail) == ["Aigul", "Boris"]
    talks.change(lambda tx: reachable.gone(tx, member(talks, "Aigul").id))
    assert backstop(talks) == ["Aigul"]  # it is for when Telegram does not reach them


# --- records ---


@pytest.mark.parametrize("filters", [("--status", "closed"), ("--since", "2040-01-01")])
def test_an_export_of_nothing_says_so(talks: Talks, filters: tuple[str, ...]) -> None:
    """Nobody takes an empty file for the whole."""
    urgent(talks, PERSON)
    out = talks.core.settings.server.key_file.parent / "none.zip"
    done = command(talks, "export", out.name, *filters)
    assert (done.code, done.err) == (0, f"no case is of {' '.join(filters)}: the file is empty\n")
    some = command(talks, "export", "some.zip", "--status", "waiting")
    assert (some.code, some.err) == (0, "")


# --- standard output ---


@pytest.mark.parametrize("words", ["keygen", "member list", "--help", "case list --json"])
def test_a_standard_output_that_is_closed_is_one_clear_line(talks: Talks, words: str) -> None:
    """Whoever closes it hears that what there was to say is lost, and not of a fault."""
    urgent(talks, PERSON)
    folder, errors = talks.core.settings.server.key_file.parent, io.StringIO()
    with (
        mock.patch.object(sys, "stdout", None),
        mock.patch.object(sys, "stderr", errors),
        mock.patch.object(sys, "argv", ["pana", *words.split()]),
        mock.patch.dict(os.environ, {"PANA_CONFIG": str(folder / "pana.toml")}),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    assert (ended.value.code, errors.getvalue().count("\n")) == (1, 1), errors.getvalue()
    assert "standard output is closed" in errors.getvalue()


# --- settings ---


def test_a_language_of_the_intake_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Its button would stand there twice."""
    path = tmp_path / "pana.toml"
    recipient = age.recipient_of(age.generate_identity())
    path.write_text(f'[recovery]\nrecipients = ["{recipient}"]\n[intake]\nlanguages = ["kk", "ru", "kk"]\n')
    with pytest.raises(ConfigurationError, match=r"intake\.languages: .*kk stands there twice"):
        load_settings(path, {})


def test_doctor_names_a_contact_that_was_called_on_a_day_to_come(talks: Talks) -> None:
    """Nobody can have."""
    config = talks.core.settings.server.key_file.parent / "pana.toml"
    known = config.read_text()
    contact = '[[contacts]]\nlabel = "Red Crescent"\nnumber = "+7 700 000 00 00"\nverified_at = {}\n'
    config.write_text(known + contact.format("2099-01-01"))
    assert "warning  contacts: Red Crescent: verified_at is a day to come" in command(talks, "doctor").out
    config.write_text(known + contact.format("2024-01-01"))
    assert "verified_at" not in command(talks, "doctor").out
