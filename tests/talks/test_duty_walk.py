"""Who is shown as on duty is who is rung: random sequences of all that can change it, looked at from every side."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from bot.cli.members import rows_of
from bot.cli.oncall import rungs_of
from bot.handoff.checks import Checks
from bot.handoff.ladder import Progress, decide
from bot.handoff.rota.calendar import plan_of
from bot.handoff.rota.file import RotaFile, Seen
from bot.handoff.rota.plans import Plans
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.member.overview import Overview
from bot.member.rota import RotaTalk
from bot.member.suspending import SuspendingTalk
from bot.settings import load_settings
from bot.speech.presses import AskColleague, SettleSwap, TakeRota
from bot.speech.reader import Speech
from bot.speech.texts import coordinator as to_coordinator
from bot.speech.texts import member as to_member
from bot.speech.words import Words, clock
from bot.wiring.core import Core, open_core
from flows.model import Level
from storage import duty_cards, reachable
from storage.members import Member
from storage.outbox import RowKind
from storage.schema import member as member_table
from storage.schema import outbox as outbox_table
from storage.sealing import age
from storage.tx import Reading, Tx
from tests.bot.calendars import calendar, shift
from tests.bot.in_process import BESIDE
from tests.places import HERE
from tests.whole import WHOLE

BEGUN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NAMES = ["Aigul", "Boris", "Dina"]
WORDS = Words.load()
MINUTE = timedelta(minutes=1)

PLACES = st.tuples(st.sampled_from([*NAMES, "Viktor"]), st.integers(-12, 60), st.sampled_from([4, 8, 12, 24]))
ACTS = st.one_of(
    st.tuples(st.just("rota"), st.lists(PLACES, max_size=8)),
    st.tuples(st.sampled_from(["on", "off", "rota ", "until 07:00", "until 19:00"]), st.sampled_from(NAMES)),
    st.tuples(st.just("swap"), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 3)),
    st.tuples(st.sampled_from(["suspend", "resume", "leave", "block", "unblock", "join"]), st.sampled_from(NAMES)),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 7, 12, 26])),
)


@dataclass
class Walk:
    """An instance whose clock stands at `now`, and its talks."""

    core: Core
    folder: Path
    now: datetime = BEGUN
    duty_talk: DutyTalk = field(init=False)
    coordinators: CoordinatorTalk = field(init=False)
    checks: Checks = field(init=False)
    shown: dict[str, str] = field(default_factory=dict)  # what the card of a lawyer says, by name

    def __post_init__(self) -> None:
        core = self.core
        core.duty.rota.plans = Plans(partial(plan_of, zone=HERE))
        speech, duty, queue = Speech(ring=core.ring, words=WORDS, place=core.place), core.duty, core.queue
        self.duty_talk = DutyTalk(speech=speech, members=core.members, duty=duty, queue=queue)
        self.coordinators = CoordinatorTalk(
            speech=speech,
            calls=core.calls,
            giving_back=core.giving_back,
            overview=Overview(speech=speech, cases=core.cases, members=core.members, duty=duty),
            suspending=SuspendingTalk(
                speech=speech, members=core.members, duty=duty, queue=queue, membership_changes=core.membership_changes
            ),
            rota=RotaTalk(speech=speech, duty=duty, queue=queue),
        )
        self.checks = core.checks
        for name, telegram_id in (("Dina", 203),):
            self.change(lambda tx, name=name, chat=telegram_id: self._add(tx, name, chat))
        for name in NAMES:
            self.change(lambda tx, name=name: duty_cards.keep(tx, self.member(tx, name).id, 1))
        self.change(self.checks.minute)

    def change(self, change: Callable[[Tx], object]) -> None:
        self.core.database.change(change, at=self.now)

    def member(self, tx: Reading, name: str) -> Member:
        found = self.core.members.by_name(tx, name)
        assert found is not None
        return found

    def do(self, act: tuple[object, ...]) -> None:
        match act:
            case ("rota", list(shifts)):
                self._rota([(str(name), int(begins), int(hours)) for name, begins, hours in shifts])
            case ("wait", int(hours)):
                self.now += timedelta(hours=hours)
            case ("swap", str(asker), str(taker), int(place)):
                self.change(lambda tx: self._swap(tx, asker, taker, place))
            case (str(what), str(name)):
                self.change(lambda tx: self._member(tx, what, name))
        self.core.duty.rota.make_ready(self.core.database, self.now)
        self.change(self.checks.minute)

    def _add(self, tx: Tx, name: str, chat: int) -> None:
        recipient = age.recipient_of(age.generate_identity())
        self.core.membership.add(
            tx,
            name=name,
            telegram_id=chat,
            role="lawyer",
            languages=["ru"],
            regions=[],
            recipient=recipient,
            on_call=False,
            met=True,
        )

    def _rota(self, shifts: list[tuple[str, int, int]]) -> None:
        text = calendar(*(shift(name, BEGUN + timedelta(hours=begins), hours) for name, begins, hours in shifts))
        prepared = self.core.duty.rota.prepare(text, self.now)
        file = RotaFile(self.folder / "rota.ics", self.core.duty, self.core.queue)
        self.change(lambda tx: file.take(tx, Seen((1, 1), prepared)))
        sure = TakeRota(yes=True, sha256=prepared.sha256[:12])
        self.change(lambda tx: self.coordinators.hear(tx, self.member(tx, "Clara"), sure, 1))

    def _swap(self, tx: Tx, asker: str, taker: str, place: int) -> None:
        shifts = self.core.duty.shifts_of(tx, self.member(tx, asker).id)
        if asker == taker or place >= len(shifts) or not self.member(tx, asker).works:
            return
        before = self.core.duty.duties.asked(tx)
        begins, ends = (int(one.timestamp()) // 60 for one in shifts[place])
        other = self.member(tx, taker)
        self.duty_talk.hear(tx, self.member(tx, asker), AskColleague(begins, ends, other.id))
        asked = [one for one in self.core.duty.duties.asked(tx) if one not in before]
        if asked and other.works:
            self.duty_talk.hear(tx, other, SettleSwap(asked[0].id, accepted=True))
            assert shifts[place] in self.core.duty.shifts_of(tx, other.id)
            assert shifts[place] not in self.core.duty.shifts_of(tx, self.member(tx, asker).id)

    def _member(self, tx: Tx, what: str, name: str) -> None:
        member, changes, members = self.member(tx, name), self.core.membership_changes, self.core.members
        match what:
            case "suspend" if member.works:
                changes.suspend(tx, member, force=True)
            case "resume" if member.suspended and member.active:
                changes.resume(tx, member)
            case "leave" if member.active and name == "Dina":
                changes.disable(tx, member, force=True)
            case "block":
                reachable.gone(tx, member.id)
            case "unblock":
                reachable.back(tx, member)
            case "join" if members.by_name(tx, f"{name}2") is None:
                self._add(tx, f"{name}2", 1000 + member.id)
            case "on" | "off" | "rota " | "until 07:00" | "until 19:00" if member.works:
                self._says(tx, member, what)

    def _says(self, tx: Tx, member: Member, what: str) -> None:
        later = [one for one in self.core.duty.shifts_of(tx, member.id) if one[0] > tx.now]
        before = member.id in self.core.duty.on_duty(tx)
        self.duty_talk.said(tx, member, what.strip())
        on_duty = member.id in self.core.duty.on_duty(tx)
        if what == "off":
            assert not on_duty
        elif what == f"until {self.core.place.here(tx.now):%H:%M}":  # that is now
            assert on_duty == before
        elif what != "rota ":
            assert on_duty
        assert [one for one in self.core.duty.shifts_of(tx, member.id) if one[0] > tx.now] == later

    # --- what is seen ---

    def check(self) -> None:
        self.change(self._drawn)
        self.change(self._check)  # which asks for nothing twice

    def _drawn(self, tx: Tx) -> None:
        """Cards of duty that stand there are changed where that was asked for."""
        rows = delete(outbox_table).where(outbox_table.c.kind == RowKind.dutynow, outbox_table.c.next_at <= tx.now)
        for member_id in tx.execute(rows.returning(outbox_table.c.member_id)).scalars().all():
            member = self.core.members.get(tx, member_id)
            self.shown[member.name] = self.duty_talk.card(tx, member).text

    def _check(self, tx: Tx) -> None:
        core = self.core
        rota = core.duty.rota.at(tx, tx.now)
        shown = {str(row["name"]) for row in rows_of(core, tx, rota) if row["on_call"]}
        gone = {one.name for one in core.members.all(tx) if one.gone_at is not None}
        rungs = rungs_of(core, tx, rota, tx.now)
        assert {*rungs[0]["names"]} == shown - gone  # type: ignore[misc]
        assert self._by_their_cards(tx) == shown
        for member_id in duty_cards.everybody(tx):
            member = core.members.get(tx, member_id)
            assert self.shown[member.name] == self.duty_talk.card(tx, member).text
        first = self.coordinators.overview.on_call(tx, self.member(tx, "Clara"))
        assert first.text.splitlines()[0].partition(". ")[2] == (
            WORDS.text(
                "en", to_coordinator.DUTY_NOW, names=", ".join(one.name for one in core.duty.on_duty(tx).values())
            )
            if shown
            else to_coordinator.DUTY_NOBODY
        )
        gaps = core.duty.cover(tx, tx.now, tx.now + MINUTE, rota).gaps
        assert bool(gaps) == (not shown - gone)
        assert self._rung(tx) == shown - gone

    def _by_their_cards(self, tx: Reading) -> set[str]:
        """Who is told so on their own card, whose times are true, too."""
        found = set()
        table = self.core.duty.now(tx)
        for one in self.core.members.working(tx):
            if one.role != "lawyer":
                continue
            lines = self.duty_talk.card(tx, one).text.splitlines()
            until, following = table.until(one.id, tx.now), table.next(one.id, tx.now)
            if lines[0].startswith(WORDS.text(one.language, to_member.ON_DUTY)):
                found.add(one.name)
                assert until is None or clock(self.core.place, one.language, until, tx.now) in lines[0]
                assert until is None or one.id in table.at(until - timedelta(seconds=1))
                assert until is None or one.id not in table.at(until)
            elif following is not None:
                assert clock(self.core.place, one.language, following, tx.now) in lines[1]
                assert one.id in table.at(following)
                assert one.id not in table.at(following - timedelta(seconds=1))
            else:
                assert all(one.id not in table.at(tx.now + timedelta(hours=hours)) for hours in range(1, 96))
        return found

    def _rung(self, tx: Reading) -> set[str]:
        """Whom the ladder rings for a critical case that everybody could open; nobody on call is another rung."""
        roster = [replace(one, can_open=True) for one in self.core.calls.roster.of(tx, 0, {})]
        standing = Progress(level=Level.critical, began_at=tx.now, rung=0, rang_at=None)
        decision = decide(standing, roster, self.core.settings.oncall.ladder, tx.now, place=self.core.place)
        called = {self.core.members.get(tx, one).name for one in decision.lawyers}
        return called if decision.rung == 1 else set()


@pytest.fixture(scope="module")
def copies(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Walk]:
    """Makes a walk on a fresh copy of an instance."""

    def make() -> Walk:
        folder = tmp_path_factory.mktemp("walk") / "pana"
        shutil.copytree(made_once, folder, ignore=BESIDE)
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PANA_")}
        return Walk(open_core(load_settings(folder / "pana.toml", mine)), folder)

    return make


@settings(
    max_examples=30 if WHOLE else 8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ACTS, min_size=4, max_size=18))
def test_whoever_is_shown_is_rung_and_whoever_is_rung_is_shown(
    copies: Callable[[], Walk], acts: list[tuple[object, ...]]
) -> None:
    """Rotas, swaps, on, off and until, members who come, go and block the bot, and time: after each, all agree."""
    walk = copies()
    try:
        walk.check()
        for act in acts:
            walk.do(act)
            walk.check()
    finally:
        walk.core.database.close()
        shutil.rmtree(walk.folder)


def night(name: str, days: int) -> tuple[str, int, int]:
    """A shift of twelve hours; on day 0 it has begun an hour ago."""
    return name, 24 * days - 1, 12


def lines_of(walk: Walk) -> list[tuple[str, str]]:
    """To whom which line is on its way, but for the first words about members and rotas."""

    def take(tx: Tx) -> list[tuple[str, str]]:
        due = walk.core.queue.outbox.take(tx, most=500)
        lines = [one for one in due if one.kind == RowKind.line]
        known = [(walk.core.members.get(tx, one.member_id or 0).name, str(one.args.get("what"))) for one in lines]
        for one in due:
            walk.core.queue.outbox.sent(tx, one)
        return [one for one in known if one[1] in {"moved", "bare", "gap", "swapped"}]

    return sorted(set(walk.core.database.change(take, at=walk.now)))


def on_call(walk: Walk) -> set[str]:
    """Who is on duty now."""
    return {one.name for one in walk.core.database.read(walk.core.duty.on_duty, at=walk.now).values()}


@pytest.fixture
def walk(copies: Callable[[], Walk]) -> Iterator[Walk]:
    """A walk on which only the rota puts anybody on duty."""
    made = copies()
    for name in ("Aigul", "Boris"):
        made.do(("rota ", name))
    lines_of(made)
    yield made
    made.core.database.close()


def test_off_ends_the_shift_that_runs_and_leaves_one_taken_by_swap_for_another_night(walk: Walk) -> None:
    """Once it voided both, and nobody was on call in a night that the lawyer's card listed."""
    walk.do(("rota", [night("Aigul", 0), night("Boris", 1), night("Aigul", 2)]))
    walk.do(("swap", "Boris", "Aigul", 0))
    walk.do(("off", "Aigul"))
    walk.check()
    assert on_call(walk) == set()
    card = walk.core.database.read(lambda tx: walk.duty_talk.card(tx, walk.member(tx, "Aigul")), at=walk.now)
    assert card.text.splitlines()[1] == WORDS.text("kk", to_member.NEXT_DUTY, time="26.11, 16:00")
    walk.now += timedelta(days=1)
    walk.do(("wait", 0))
    assert on_call(walk) == {"Aigul"}
    walk.check()


def test_off_ends_one_of_two_shifts_that_overlap_and_not_the_one_that_begins_later(walk: Walk) -> None:
    """What runs ends until its end; what was agreed on for later stays."""
    walk.do(("rota", [("Aigul", -1, 8), ("Aigul", -2, 6), ("Aigul", 3, 12)]))
    walk.do(("off", "Aigul"))
    assert on_call(walk) == set()
    walk.do(("wait", 3))
    assert on_call(walk) == {"Aigul"}


@pytest.mark.parametrize("rota", [[("Aigul", 24, 12)], []])
def test_a_calendar_that_moves_or_removes_a_swapped_shift_tells_both_and_the_agreement_is_over(
    walk: Walk, rota: list[tuple[str, int, int]]
) -> None:
    """What was agreed on was one time; the calendar counts, and both hear it."""
    walk.do(("rota", [night("Aigul", 1), ("Dina", 60, 4), ("Dina", 70, 4)]))
    walk.do(("swap", "Aigul", "Boris", 0))
    lines_of(walk)
    walk.do(("rota", [*rota, ("Dina", 60, 4), ("Dina", 70, 4)]))
    assert [one for one in lines_of(walk) if one[1] == "moved"] == [("Aigul", "moved"), ("Boris", "moved")]
    walk.now += timedelta(days=1)
    walk.do(("wait", 1))
    assert on_call(walk) == ({"Aigul"} if rota else set())
    walk.check()


def test_a_calendar_brought_up_to_what_was_agreed_tells_nobody(walk: Walk) -> None:
    """The coordinator has written the swap into the calendar."""
    walk.do(("rota", [night("Aigul", 1), ("Dina", 60, 4), ("Dina", 70, 4)]))
    walk.do(("swap", "Aigul", "Boris", 0))
    lines_of(walk)
    walk.do(("rota", [night("Boris", 1), ("Dina", 60, 4), ("Dina", 70, 4)]))
    assert [one for one in lines_of(walk) if one[1] == "moved"] == []


def test_who_leaves_gives_a_shift_back_and_the_other_hears_it(walk: Walk) -> None:
    """At once: a night must not be empty until somebody notices."""
    walk.do(("rota", [night("Aigul", 0)]))
    walk.do(("swap", "Aigul", "Boris", 0))
    assert on_call(walk) == {"Boris"}
    walk.do(("suspend", "Boris"))
    assert on_call(walk) == {"Aigul"}
    assert ("Aigul", "moved") in lines_of(walk)


def test_without_a_rota_coordinators_hear_when_the_last_one_goes_off(walk: Walk) -> None:
    """Also when an "until" has run out, or the last one is suspended; once each time."""
    walk.do(("on", "Aigul"))
    walk.do(("on", "Boris"))
    walk.do(("off", "Boris"))
    assert lines_of(walk) == []
    walk.do(("off", "Aigul"))
    assert lines_of(walk) == [("Clara", "bare")]
    walk.do(("until 19:00", "Boris"))
    walk.do(("wait", 3))
    assert ("Clara", "bare") in lines_of(walk)
    walk.do(("on", "Boris"))
    walk.do(("suspend", "Boris"))
    assert ("Clara", "bare") in lines_of(walk)


def test_a_lawyer_who_never_pressed_start_is_no_cover(walk: Walk) -> None:
    """They are called all the same; a message that arrives, or one of theirs, is the first meeting."""
    walk.do(("on", "Dina"))

    def gaps(tx: Reading) -> int:
        return len(walk.core.duty.cover(tx, tx.now, tx.now + MINUTE, None).gaps)

    assert walk.core.database.read(gaps, at=walk.now) == 0
    walk.change(lambda tx: tx.execute(update(member_table).where(member_table.c.role == "lawyer").values(met_at=None)))
    assert walk.core.database.read(gaps, at=walk.now) == 1
    assert "Dina" in on_call(walk)
    walk.do(("unblock", "Dina"))  # any update of theirs
    assert walk.core.database.read(gaps, at=walk.now) == 0
