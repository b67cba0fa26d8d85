"""The whole ladder on a real database under a virtual clock, while the process dies and the clock is set.

Time passes truly, and the wall clock shows it with an offset that steps. Whoever stands on a rung must have been told
two seconds after it was due, or after the process came back; a clock that jumps ahead may only bring it forward.
"""

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.settings import load_settings
from bot.wiring.core import Core, open_core
from flows.facts import Facts
from flows.model import Level, Reason, RuleId
from storage import ladder_due, seen_time
from storage.revisions import keep_flow
from storage.sealing import age
from storage.sealing.keyring import KeyRing
from storage.tx import Tx
from tests.talks.talks import tick
from tests.whole import WHOLE

BASE = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
LATE = 2.0
RUNGS = {0.0: {"Aigul", "Boris"}, 300.0: {"Cora"}, 600.0: {"Dana"}}
REPEAT, ENDS = 120.0, 1000.0
RUNS = int(os.environ.get("LADDERS", "60" if WHOLE else "24"))
FACTS = Facts(level=Level.critical, reasons=(Reason(RuleId("C3"), ()),), language="kk", backed=True)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Core]:
    """An instance with two lawyers on call, one who is not, and a coordinator."""
    folder: Path = tmp_path_factory.mktemp("ladder")
    recipient = age.recipient_of(age.generate_identity())
    (folder / "pana.toml").write_text(f'[recovery]\nrecipients = ["{recipient}"]\n')
    KeyRing.create(folder / "server.key")
    shutil.copy(migrated, folder / "pana.db")
    made = open_core(load_settings(folder / "pana.toml", {}))

    def fill(tx: Tx) -> None:
        keep_flow(tx, "r", b"{}")
        for number, name in enumerate(("Aigul", "Boris", "Cora", "Dana"), start=201):
            made.membership.add(
                tx,
                name=name,
                telegram_id=number,
                role="coordinator" if name == "Dana" else "lawyer",
                languages=["kk"],
                regions=(),
                recipient=age.recipient_of(age.generate_identity()),
                on_call=name in RUNGS[0.0],
            )

    made.database.change(fill, at=BASE)
    yield made
    made.database.close()


@dataclass
class Life:
    """One process after another on one database. `true` is time that passes; the wall is off by `offset`."""

    core: Core
    chance: random.Random
    true: float = 0.0
    offset: float = 0.0
    began: dict[int, float] = field(default_factory=dict)
    told: dict[tuple[int, str], float] = field(default_factory=dict)
    rang: dict[int, list[float]] = field(default_factory=dict)
    ups: list[tuple[float, float]] = field(default_factory=list)  # when it was down
    ahead: float = 0.0

    @property
    def wall(self) -> datetime:
        """What the clock shows."""
        return BASE + timedelta(seconds=self.true + self.offset)

    def live(self, cases: int) -> None:
        """Cases come, the process dies and the clock steps, until every rung has long been due."""
        comes = sorted(self.chance.uniform(0, 300) for _ in range(cases))
        dies = sorted(self.chance.uniform(0, ENDS) for _ in range(self.chance.randint(1, 4)))
        steps = sorted(self.chance.uniform(0, ENDS) for _ in range(self.chance.randint(0, 2)))
        while comes or self.true < max(300.0, *self.began.values(), 0.0) + ENDS:
            if comes and comes[0] <= self.true:
                comes.pop(0)
                self._call()
            if dies and dies[0] <= self.true:
                dies.pop(0)
                self._die()
            if steps and steps[0] <= self.true:
                steps.pop(0)
                self._step()
            self._tick()
            self._wait_until(min([*comes[:1], *dies[:1], *steps[:1], self._next_due()]))

    def _wait_until(self, moment: float) -> None:
        """Ticks are a second apart; those at which nothing can be due are passed over."""
        self.true += max(1.0, float(int(moment - self.true)))

    def _next_due(self) -> float:
        query = text("SELECT min(next_due_at) FROM handoff")
        found = self.core.database.change(lambda tx: tx.execute(query).scalar())
        if found is None:
            return self.true + 60.0
        due = datetime.fromisoformat(str(found)).replace(tzinfo=UTC)
        return min((due - BASE).total_seconds() - self.offset, self.true + 60.0)

    def _call(self) -> None:
        def change(tx: Tx) -> int:
            case = self.core.cases.chain.open(tx, chat_id=5, look_up=os.urandom(32), language="kk", revision="r")
            self.core.calls.call(tx, case, FACTS)
            return case.row

        self.began[self.core.database.change(change, at=self.wall)] = self.true
        self._look()

    def _die(self) -> None:
        """In the middle of a tick: nothing of it is kept. It comes back after a while."""

        def half(tx: Tx) -> None:
            for row in ladder_due.due(tx):
                self.core.looking.look(tx, row)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.core.database.change(half, at=self.wall)
        down = self.true
        self.true += self.chance.choice([0.5, 3.0, 40.0, 200.0])
        self.ups.append((down, self.true))
        self.core.database.change(
            lambda tx: seen_time.see(tx, shared=False),  # as at every start
            at=self.wall,
        )

    def _step(self) -> None:
        """The clock is set, by hand, by NTP or after a suspend; the process sees a step back at its next tick."""
        by = self.chance.choice([-3600.0, -30.0, 3600.0, 20.0])
        self.offset += by
        if by < 0:
            self.true += 1.0
            back = timedelta(seconds=-by)
            self.core.database.change(lambda tx: seen_time.set_back(tx, back), at=self.wall)
            self.core.database.change(lambda tx: seen_time.see(tx, shared=False), at=self.wall)
        else:
            self.ahead += by

    def _tick(self) -> None:
        tick(self.core, self.wall)
        self.core.database.change(lambda tx: seen_time.see(tx, shared=False), at=self.wall)
        self._look()

    def _look(self) -> None:
        """Whom the rows say to have been told, and when they last rang."""

        def read(tx: Tx) -> None:
            names = {one.id: one.name for one in self.core.members.all(tx)}
            for case_row, member in tx.execute(text("SELECT case_row, member_id FROM alert")).all():
                self.told.setdefault((case_row, names[member]), self.true)
            for case_row, at in tx.execute(text("SELECT case_row, rang_at FROM handoff")).all():
                seen = self.rang.setdefault(case_row, [])
                if at is not None and (not seen or self._marks.get(case_row) != at):
                    seen.append(self.true)
                    self._marks[case_row] = str(at)

        self.core.database.change(read)

    _marks: dict[int, str] = field(default_factory=dict)

    def allowed(self, due: float) -> float:
        """The latest moment for something due then: two seconds later, or after the process has come back."""
        for down, back in self.ups:
            if down <= due + LATE <= back + LATE and due <= back:
                return back + LATE + 1.0
        return due + LATE


def run(core: Core, seed: int, cases: int) -> tuple[int, float]:
    """One life; how many (case, rung) pairs were looked at, and the worst delay in seconds."""
    life, worst, looked = Life(core, random.Random(seed)), 0.0, 0
    life.live(cases)
    for case_row, began in life.began.items():
        for after, names in RUNGS.items():
            for name in names:
                looked += 1
                at = life.told.get((case_row, name))
                assert at is not None, f"seed {seed}: {name} was never told"
                assert at <= life.allowed(began + after), f"seed {seed}: {name} at {at - began - after:+.1f} s"
                if not any(down - 3 <= began + after <= back + 3 for down, back in life.ups):
                    worst = max(worst, at - began - after)
        rings = life.rang[case_row]
        for first, second in pairwise(rings):
            assert second <= life.allowed(first + REPEAT) + LATE, f"seed {seed}: it fell silent for {second - first} s"
        assert rings[-1] >= life.true - REPEAT - 60 - 200, f"seed {seed}: it rang for the last time at {rings[-1]}"
    core.database.change(_empty)
    return looked, worst


def _empty(tx: Tx) -> None:
    for table in ("alert", "handoff", "wrap", "entry", "outbox", "list_card", "case_file", "seen_time"):
        tx.execute(text(f"DELETE FROM {table}"))


def test_every_rung_is_told_in_time_whatever_dies_and_however_the_clock_is_set(core: Core) -> None:
    """Alone and in a crowd: 0 missed, none later than two seconds after it was due or the process was back."""
    done, pairs, worst, seed = 0, 0, 0.0, int(os.environ.get("SEED", "1"))
    while done < RUNS:
        cases = 3 if seed % 2 else 12
        looked, late = run(core, seed, cases)
        done, pairs, worst, seed = done + cases, pairs + looked, max(worst, late), seed + 1
    print(f"\n{done} ladders, {pairs} rungs of people: 0 missed, the latest {worst:.1f} s after it was due")
    assert worst <= LATE
