"""What a command says is true and enough: of who leaves, who was invited, whose key it is."""

import base64
from datetime import timedelta
from functools import partial

import pytest

from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.file import RotaFile
from bot.handoff.rota.plans import Plans
from storage.case import Waiting
from storage.sealing import age
from tests.bot.calendars import calendar, shift
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
def test_the_last_lawyer_stays_unless_forced_also_while_there_is_no_case(talks: Talks, how: str) -> None:
    """Nobody could take the next one."""
    assert run(talks, how, "Boris").code == 0
    refused = run(talks, how, "Aigul")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "Aigul is the last lawyer" in refused.err
    assert "--force" in refused.err
    assert member(talks, "Aigul").works
    assert run(talks, how, "Aigul", "--force").code == 0
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
