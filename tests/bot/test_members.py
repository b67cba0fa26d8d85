"""Members on the terminal: one key each, what can be changed, who comes back, what a former member's chat shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, delete, insert, select, update

from bot.speech.incoming import What
from storage.case import Claimed
from storage.errors import Refused
from storage.members import Member
from storage.schema import member as member_table
from storage.schema import metadata
from storage.sealing import age
from storage.sealing.identity_file import fingerprint
from storage.tx import Reading, Tx
from tests.bot.in_process import Ended, pana
from tests.cases import claim
from tests.talks.talks import BEGAN, ON_BOTH, Talks, talks, urgent

__all__ = ["talks"]  # a fixture
AIGUL, BORIS, CLARA, DINA, PERSON = 201, 202, 301, 203, 900


def run(talks: Talks, *arguments: str) -> Ended:
    """`pana member ...` beside the bot; then what it queued is delivered."""
    folder = talks.core.settings.server.key_file.parent
    done = pana(folder, "member", *arguments, environment=talks.environment)
    talks.at = datetime.now(UTC) + timedelta(seconds=1)  # commands have a clock of their own
    talks.deliver()
    return done


def new_key(talks: Talks, name: str) -> tuple[str, str]:
    """A recipient's file, and its fingerprint."""
    recipient = age.recipient_of(age.generate_identity())
    file = talks.core.settings.server.key_file.parent / f"{name}.pub"
    file.write_text(recipient + "\n")
    return file.name, fingerprint(recipient)


def member(talks: Talks, name: str) -> Member:
    """A member as they are."""
    found = talks.core.database.read(lambda tx: talks.core.members.by_name(tx, name))
    assert found is not None
    return found


# --- one key each ---


@pytest.mark.parametrize("file", ["Aigul.pub", "Clara.pub", "recovery1.pub"])
@pytest.mark.parametrize("way", ["add", "set", "join"])
def test_a_key_is_one_members_and_no_recovery_key(talks: Talks, file: str, way: str) -> None:
    """A wrong file, pasted: a lawyer would get alerts for cases that only somebody else can open."""
    folder = talks.core.settings.server.key_file.parent
    recipient = (folder / file).read_text().strip()
    if way == "join":
        code = run(talks, "invite", "Dina", "--role", "lawyer").out.split()[0]
        talks.say(DINA, f"/start {code}")
        talks.say(DINA, recipient)
        assert "Это не ваш ключ" in talks.text(DINA)
        talks.say(DINA, (folder / new_key(talks, "own")[0]).read_text())
        assert "Ключ получен" in talks.text(DINA)
        return
    if way == "add":
        refused = run(talks, "add", "Dina", "--role", "lawyer", "--telegram-id", str(DINA), "--recipient", file)
    else:
        refused = run(talks, "set", "Boris", "--recipient", file, "--fingerprint", fingerprint(recipient))
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "a key of their own" in refused.err
    names = [one.name for one in talks.core.database.read(talks.core.members.all)]
    assert names == ["Aigul", "Boris", "Clara"]
    assert member(talks, "Boris").recipient == (folder / "Boris.pub").read_text().strip()


def test_what_says_nothing_of_a_key_is_no_wrong_key(talks: Talks) -> None:
    """An old button, pressed again and again, and a sticker: the invitation lives, and what is asked for is said."""
    talks.say(DINA, "/start")
    card = next(iter(talks.chats[DINA].values()))
    code = run(talks, "invite", "Dina", "--role", "lawyer").out.split()[0]
    talks.say(DINA, f"/start {code}")
    for _ in range(6):
        talks.push(DINA, card.rows[0][0].data, card.id)
        talks.send(DINA, What.other)
    file, told = new_key(talks, "fresh")
    talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
    assert "Ключ получен" in talks.text(DINA)
    assert run(talks, "approve", "Dina", "--fingerprint", told).code == 0


# --- no request of one's own ---


@pytest.mark.parametrize("way", ["add", "approve"])
@pytest.mark.parametrize("stands", ["questions", "a case", "a hidden case"])
def test_who_asks_for_help_becomes_no_member_before_their_request_is_gone(talks: Talks, stands: str, way: str) -> None:
    """A member's chat shows no request: nothing of it could be read, deleted or sent there any more."""
    file, told = new_key(talks, "fresh")
    code = run(talks, "invite", "Dina", "--role", "lawyer").out.split()[0]
    if way == "approve":
        talks.say(DINA, f"/start {code}")
        talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
        assert "Ключ получен" in talks.text(DINA)
    if stands == "questions":
        talks.say(DINA, "/start")
        talks.press(DINA, "1. Русский")
        talks.press(DINA, "Продолжить")
    else:
        urgent(talks, DINA)
    if stands == "a hidden case":
        talks.say(DINA, "/clear")

    def becomes_one() -> Ended:
        if way == "approve":
            return run(talks, "approve", "Dina", "--fingerprint", told)
        return run(talks, "add", "Dina", "--role", "lawyer", "--telegram-id", str(DINA), "--recipient", file)

    refused = becomes_one()
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "/delete" in refused.err
    assert talks.core.database.read(lambda tx: talks.core.members.by_name(tx, "Dina")) is None
    talks.say(DINA, "/delete")
    talks.press(DINA, "Удалить всё")
    assert becomes_one().code == 0


# --- what can be changed ---


def test_without_options_nothing_is_changed_and_what_holds_is_said(talks: Talks) -> None:
    """What was set for mail and push is not lost by looking."""
    assert run(talks, "set", "Boris", "--push", "https://ntfy.example.org/x", "--email", "b@example.org").code == 0
    before = member(talks, "Boris")
    seen = run(talks, "set", "Boris")
    assert seen.code == 0
    assert seen.out.splitlines() == [
        "Boris: lawyer",
        f"key {fingerprint(before.recipient)}",
        "languages ru; regions all",
        "duty until changed; now on call",
        "mail, push",
    ]
    assert member(talks, "Boris") == before


def test_each_option_changes_one_thing(talks: Talks) -> None:
    """Language, region, duty, mail, push: whatever is not named stays as it was."""
    run(talks, "set", "Boris", "--push", "https://ntfy.example.org/x", "--email", "b@example.org")
    steps: list[tuple[list[str], str, object]] = [
        (["--language", "kk", "--language", "ru"], "languages", ("kk", "ru")),
        (["--region", "almaty"], "regions", ("almaty",)),
        (["--no-region"], "regions", ()),
        (["--off"], "on_call", False),
        (["--on-call"], "on_call", True),
        (["--no-email"], "email", None),
        (["--push", "https://ntfy.example.org/y"], "push", "https://ntfy.example.org/y"),
    ]
    for options, name, expected in steps:
        before = member(talks, "Boris")
        assert run(talks, "set", "Boris", *options).code == 0
        after = member(talks, "Boris")
        assert getattr(after, name) == expected
        changed = {one for one in Member.__slots__ if getattr(before, one) != getattr(after, one)}
        assert changed <= {name}
    for both in (["--email", "x@example.org", "--no-email"], ["--push", "https://x.example.org", "--no-push"]):
        assert "contradict" in run(talks, "set", "Boris", *both).err


def test_off_means_off_whatever_was_said_in_the_chat(talks: Talks) -> None:
    """`/oncall on` is undone too; what is shown is what rings."""
    talks.say(BORIS, "/oncall on")
    assert "now off duty" in run(talks, "set", "Boris", "--off").out
    urgent(talks, PERSON)
    assert (talks.rung(AIGUL), talks.rung(BORIS)) == (1, 0)


def test_a_new_key_takes_no_old_wrap_along_and_says_which_cases_it_cannot_open(talks: Talks) -> None:
    """What waits is offered to them no more; what they hold stays theirs, sealed to the old key; later cases open."""
    urgent(talks, PERSON)
    talks.press(BORIS, "Взять в работу")
    urgent(talks, PERSON + 1)
    held, waits = talks.cases()
    file, told = new_key(talks, "fresh")
    for wrong in ([], ["--fingerprint", "AAAAA-BBBBB-CCCCC-DDDDD"]):
        refused = run(talks, "set", "Boris", "--recipient", file, *wrong)
        assert (refused.code, refused.err.count("\n")) == (1, 1)
    done = run(talks, "set", "Boris", "--recipient", file, "--fingerprint", told.lower())
    assert done.code == 0
    assert f"key {told}" in done.out
    assert f"{held.code}: stays sealed to the old key" in done.out
    assert f"{waits.code}: is sealed to the old key, so it is not offered" in done.out
    assert f"New key of a member: Boris. Key: {told}" in talks.seen(CLARA)
    assert waits.code not in talks.seen(BORIS)
    talks.say(BORIS, f"/take {waits.code}")
    assert "такого обращения нет" in talks.text(BORIS)
    assert isinstance(talks.core.database.read(lambda tx: talks.core.cases.get(tx, held.row)), Claimed)
    urgent(talks, PERSON + 2)
    talks.say(BORIS, f"/take {talks.case().code}")
    assert isinstance(talks.case(), Claimed)


def test_a_new_key_of_the_last_who_can_open_what_waits_is_refused_unless_forced(talks: Talks) -> None:
    """As `disable` does; forced, the coordinators hear of the case."""
    run(talks, "disable", "Aigul")
    urgent(talks, PERSON)
    file, told = new_key(talks, "fresh")
    refused = run(talks, "set", "Boris", "--recipient", file, "--fingerprint", told)
    assert (refused.code, talks.case().code in refused.err) == (1, True)
    forced = run(talks, "set", "Boris", "--recipient", file, "--fingerprint", told, "--force")
    assert (forced.code, talks.case().code in forced.out) == (0, True)
    assert f"Case {talks.case().code}: nobody can take it now" in talks.seen(CLARA)


# --- coming back ---


@pytest.mark.parametrize("way", ["add", "add with another key", "invite", "enable", "another account"])
def test_somebody_who_was_disabled_comes_back_on_the_same_name(talks: Talks, way: str) -> None:
    """By whichever way: rung for the next case, and one row for one person."""
    assert run(talks, "disable", "Boris").code == 0
    urgent(talks, PERSON)
    account, file = BORIS, "Boris.pub"
    match way:
        case "enable":
            done = run(talks, "enable", "boris")
            assert done.code == 0
            assert run(talks, "set", "Boris", "--on-call").code == 0
        case "invite":
            code = run(talks, "invite", "Boris", "--role", "lawyer").out.split()[0]
            file, told = new_key(talks, "fresh")
            talks.say(account, f"/start {code}")
            talks.say(account, (talks.core.settings.server.key_file.parent / file).read_text())
            done = run(talks, "approve", "Boris", "--fingerprint", told, "--on-call")
        case _:
            account = 999 if way == "another account" else BORIS
            file = new_key(talks, "fresh")[0] if way == "add with another key" else file
            words = ("add", "Boris", "--role", "lawyer", "--telegram-id", str(account), "--recipient", file)
            done = run(talks, *words, "--on-call")
    assert (done.code, done.err) == (0, "")
    names = [one.name for one in talks.core.database.read(talks.core.members.all)]
    assert names == ["Aigul", "Boris", "Clara"]
    urgent(talks, PERSON + 1)
    talks.press(account, "Взять в работу")
    newest = talks.case()
    assert claim(newest).by == member(talks, "Boris").id
    assert "Boris" in talks.seen(CLARA)


SPELLINGS = ("Андрей Иванов", "Андреи\u0306 Иванов", "андрей  иванов ", "Андрей\xa0Иванов", "\u200bАндрей Иванов\ufeff")


@pytest.mark.parametrize("kept", SPELLINGS)
def test_a_name_is_one_however_it_is_typed_or_copied(talks: Talks, kept: str) -> None:
    """Two lawyers who look the same in every list: the wrong one would be stopped, and the rota could mean neither."""
    key, other = new_key(talks, "one")[0], new_key(talks, "other")[0]
    as_lawyer = ("--role", "lawyer", "--telegram-id")
    assert run(talks, "add", kept, *as_lawyer, str(DINA), "--recipient", key).code == 0
    for typed in SPELLINGS:
        twin = run(talks, "add", typed, *as_lawyer, "204", "--recipient", other)
        assert (twin.code, "there is a member of the name" in twin.err) == (1, True), twin
        assert run(talks, "invite", typed, "--role", "lawyer").code == 1
        assert run(talks, "suspend", typed).code == 0
        assert run(talks, "resume", typed).code == 0
    names = [one.name for one in talks.core.database.read(talks.core.members.all)]
    assert names[-1].casefold() == "андрей иванов"
    talks.say(CLARA, f"/suspend {SPELLINGS[1]}")
    assert member(talks, names[-1]).suspended


def test_an_invitation_is_approved_by_the_name_however_it_is_typed(talks: Talks) -> None:
    """And a second invitation of the same name ends the first."""
    first, code = (run(talks, "invite", one, "--role", "lawyer").out.split()[0] for one in SPELLINGS[:2])
    file, told = new_key(talks, "fresh")
    for each in (first, code):
        talks.say(DINA, f"/start {each}")
    talks.say(DINA, (talks.core.settings.server.key_file.parent / file).read_text())
    assert run(talks, "approve", SPELLINGS[3], "--fingerprint", told).code == 0
    assert member(talks, SPELLINGS[0]).telegram_id == DINA


def kept_before(talks: Talks, name: str, typed: str) -> None:
    """A member's row as an earlier version wrote it: by the name as it was typed, in small letters."""
    core, found = talks.core, member(talks, name)
    values = core.members.sealed(typed, found.telegram_id, found.languages, (), email=None, push=None)
    values |= {"name_look_up": core.ring.look_up("name", typed.casefold())}
    talks.change(lambda tx: tx.execute(update(member_table).where(member_table.c.id == found.id).values(values)))


def test_a_name_that_an_earlier_version_kept_as_it_was_typed_is_found(talks: Talks) -> None:
    """By either spelling, and nobody else can have the name."""
    composed, typed = SPELLINGS[:2]
    as_lawyer, key = ("--role", "lawyer", "--telegram-id"), new_key(talks, "one")[0]
    assert run(talks, "add", composed, *as_lawyer, str(DINA), "--recipient", key).code == 0
    row = member(talks, composed).id
    kept_before(talks, composed, typed)
    for either in (composed, typed):
        assert run(talks, "set", either, "--language", "kk").code == 0
        twin = run(talks, "add", either, *as_lawyer, "204", "--recipient", new_key(talks, f"other{len(either)}")[0])
        assert (twin.code, "there is a member of the name" in twin.err) == (1, True)
    assert run(talks, "disable", composed).code == 0
    assert run(talks, "add", typed, *as_lawyer, str(DINA), "--recipient", key).code == 0
    assert member(talks, composed).id == row


def test_two_whom_an_earlier_version_told_apart_by_how_they_were_typed_can_both_be_changed(talks: Talks) -> None:
    """The name as it is written means the one, and the other spelling the other."""
    composed, typed = SPELLINGS[:2]
    boris, aigul = (member(talks, name).id for name in ("Boris", "Aigul"))
    kept_before(talks, "Boris", typed), kept_before(talks, "Aigul", composed)
    assert (member(talks, typed).id, member(talks, composed).id) == (boris, aigul)
    for one in (composed, typed):
        assert run(talks, "set", one, "--language", "en").code == 0
    unclear = run(talks, "suspend", composed.lower())  # of whom nobody knows
    assert (unclear.code, "there is no member" in unclear.err) == (1, True)
    assert run(talks, "disable", typed).code == 0
    assert not member(talks, typed).active
    assert member(talks, composed).active


@pytest.mark.parametrize("name", ["", " ", "\u200b", "a\nb", "a[b]", "a\x1bb", "a\x07", "x" * 41])
def test_a_name_that_nobody_could_type_or_see_is_refused(talks: Talks, name: str) -> None:
    """Nor one that would write to the terminal."""
    refused = run(talks, "invite", name, "--role", "lawyer")
    assert (refused.code, refused.err.count("\n")) == (1, 1)


def test_two_former_members_are_not_mixed_into_one(talks: Talks) -> None:
    """The name of one and the account of another: that is refused in one line."""
    run(talks, "disable", "Boris"), run(talks, "disable", "Aigul", "--force")
    words = ("add", "Boris", "--role", "lawyer", "--telegram-id", str(AIGUL), "--recipient", new_key(talks, "f")[0])
    refused = run(talks, *words)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "two former members" in refused.err


def test_what_is_asked_of_a_former_member_names_the_way_back(talks: Talks) -> None:
    """Every command that needs a member; and who comes back with a key that is somebody else's now, does not."""
    run(talks, "disable", "Boris")
    for words in (("set", "Boris"), ("suspend", "Boris"), ("resume", "Boris"), ("disable", "Boris")):
        refused = run(talks, *words)
        assert (refused.code, "pana member enable" in refused.err) == (1, True)
    words = ("add", "Dina", "--role", "lawyer", "--telegram-id", str(DINA), "--recipient", "Boris.pub")
    assert run(talks, *words).code == 0
    assert "a key of their own" in run(talks, "enable", "Boris").err
    with pytest.raises(Refused):
        talks.change(lambda tx: talks.core.membership.require_free(tx, member(talks, "Dina").recipient))


# --- what is kept of those who take part no more ---

SAME, NOTHING = "as it was", None
# Every column of `member`, once somebody has left: what stays is that by which `enable` brings them back as they were.
AFTERWARDS = {
    **dict.fromkeys(
        ("id", "telegram_look_up", "name_look_up", "role", "recipient", "suspended", "met_at", "practised_at"), SAME
    ),
    **dict.fromkeys(("joined_at", "gone_at", "reach_asked_at", "reach_confirmed_at"), NOTHING),
    "about_sealed": "name, account, languages, regions",
    "on_call": 0,
    "active": 0,
}
# Every other column that names a member: whether rows with it stay, and why.
STAYS = {
    "case_file.claimed_by": "a case that was closed says who had it",
    "alert.member_id": "its person is told how many were called",
    "handed.owner": "the rota names them until that shift is over",
    "handed.holder": "the shift is nobody's, not again that of whom the rota names",
    "undoing.member_id": "ten minutes",
}


def naming_a_member() -> dict[str, Column[Any]]:
    """Every column that names a member by row."""
    return {
        f"{table.name}.{column.name}": column
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "member" for key in column.foreign_keys)
    }


def a_row(column: Column[Any], member_id: int, aigul: int, case_row: int) -> dict[str, Any]:
    """A row that names this member in this column, and Aigul where there is another."""
    plain = {int: 1, str: "x", bytes: b"x"}
    row = {one.name: plain.get(one.type.python_type, BEGAN) for one in column.table.columns if one.name != "id"}
    others = {one.name: aigul for one in naming_a_member().values() if one.table is column.table}
    return row | ({"case_row": case_row} if "case_row" in row else {}) | others | {column.name: member_id}


@ON_BOTH
def test_of_who_has_left_only_that_stays_by_which_they_come_back(talks: Talks) -> None:
    """Each column of the member's row, and each that names a member: nothing rests that nobody needs."""
    urgent(talks, PERSON)
    core, known = talks.core, member(talks, "Boris")
    ways = {"email": "b@example.org", "push": "https://ntfy.example.org/b"}
    talks.change(lambda tx: core.members.set_about(tx, known, languages=known.languages, regions=("almaty",), **ways))
    boris, aigul, case = member(talks, "Boris"), member(talks, "Aigul").id, talks.case()
    gone = {name: column for name, column in naming_a_member().items() if name not in STAYS}

    def fill(tx: Tx) -> Any:
        for column in gone.values():
            if column.table.name not in {"case_file", "wrap"}:
                tx.execute(delete(column.table).where(column == boris.id))
                tx.execute(insert(column.table).values(**a_row(column, boris.id, aigul, case.row)))
        tx.execute(update(metadata.tables["case_file"]).values(deputy=boris.id))
        times = {
            name: BEGAN for name, then in AFTERWARDS.items() if then is NOTHING or name in {"met_at", "practised_at"}
        }
        tx.execute(update(metadata.tables["member"]).where(metadata.tables["member"].c.id == boris.id).values(**times))
        return before(tx)

    def before(tx: Reading) -> Any:
        query = select(metadata.tables["member"]).where(metadata.tables["member"].c.id == boris.id)
        return dict(tx.execute(query).one()._mapping)

    kept = talks.change(fill)
    talks.core.duty.rota.make_ready(talks.core.database, talks.at)
    talks.change(lambda tx: core.membership_changes.disable(tx, boris, force=False))
    found = talks.core.database.read(before)
    assert found.keys() == AFTERWARDS.keys()
    assert {name: SAME if found[name] == kept[name] else found[name] for name in found if name != "about_sealed"} == {
        name: then for name, then in AFTERWARDS.items() if name != "about_sealed"
    }
    left = member(talks, "Boris")
    assert (left.email, left.push) == (None, None)
    assert (left.telegram_id, left.languages, left.regions) == (BORIS, boris.languages, ("almaty",))
    held = {
        name: talks.core.database.read(
            lambda tx, column=column: len(tx.execute(select(column).where(column == boris.id)).all())
        )
        for name, column in gone.items()
    }
    assert held == dict.fromkeys(gone, 0)
    assert set(STAYS) < set(naming_a_member())


def test_what_an_earlier_version_has_kept_of_a_former_member_goes(talks: Talks) -> None:
    """With the next look at what is over."""
    words = ("--email", "b@example.org", "--push", "https://ntfy.example.org/b")
    assert run(talks, "set", "Boris", *words).code == 0
    boris = member(talks, "Boris")
    talks.change(lambda tx: talks.core.membership.disable(tx, boris.id))
    checks = talks.core.checks
    talks.change(checks.forget)
    left = member(talks, "Boris")
    assert (left.email, left.push, left.joined_at, left.name) == (None, None, None, "Boris")
    assert talks.core.database.read(talks.core.membership.left) == []


def test_who_has_offered_a_case_to_somebody_who_leaves_hears_it(talks: Talks) -> None:
    """They need not wait for an answer that never comes."""
    urgent(talks, PERSON)
    talks.say(AIGUL, f"/take {talks.case().code}")
    talks.press(AIGUL, "Әріптеске беру")
    talks.press(AIGUL, "✓ Boris")
    before = talks.seen(AIGUL)
    assert run(talks, "disable", "Boris").code == 0
    told = talks.seen(AIGUL).removeprefix(before)
    assert "әріптесіңіз оны қабылдай алмайды" in told
    assert claim(talks.case()).by == member(talks, "Aigul").id


# --- chats of those who take part no more ---


@pytest.mark.parametrize("way", ["disable", "suspend"])
def test_the_chat_of_who_takes_part_no_more_is_emptied_and_old_buttons_answer_like_an_unknown_case(
    talks: Talks, way: str
) -> None:
    """Alerts, a list, a claim with its file and questions, an offer, what was typed: nothing stays, nothing acts."""
    for number in range(6):  # alerts that became a list
        urgent(talks, PERSON + number)
    code = talks.cases()[0].code
    talks.say(BORIS, f"/take {code}")
    talks.press(BORIS, "Написать")
    talks.say(BORIS, "Что-то личное")
    buttons = talks.data(BORIS)
    for question in ("Написать", "Передать коллеге", "Закрыть обращение"):
        talks.press(BORIS, question)
        buttons += talks.data(BORIS)
    talks.say(AIGUL, f"/take {talks.cases()[1].code}")
    talks.press(AIGUL, "Әріптеске беру")
    talks.press(AIGUL, "✓ Boris")
    assert any("Принять" in label for label in talks.labels(BORIS))
    buttons += talks.data(BORIS)
    assert len(set(buttons)) > 20
    assert run(talks, way, "Boris").code == 0
    assert talks.chats[BORIS] == {}
    before = talks.cases()
    answers = set()
    for _, data, message in buttons:
        talks.push(BORIS, data, message)
        answers.add((talks.seen(BORIS).splitlines() or [""])[-1])
    assert len(answers) == 1
    assert code not in answers.pop()
    assert talks.cases() == before
