"""Who leads the clock, who receives, whose rota file counts: three questions, and today one answer to each."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from bot.clock import TelegramTime
from bot.everybody import Everybody
from bot.hearing import Trouble
from bot.listening import Listening
from bot.roles import Roles
from storage.locks import Election
from storage.writer import Writer
from tests.bot.stage import Stage, stage

__all__ = ["stage"]  # a fixture


class Voted:
    """In place of the election in the database."""

    def __init__(self) -> None:
        self.wins, self.resigned = False, False

    def leads(self) -> bool:
        """Whether this process is the one."""
        return self.wins

    def resign(self) -> None:
        """Lets another be."""
        self.resigned = True


def of(vote: Voted, *, shared: bool) -> Roles:
    """The roles of a process."""
    return Roles(election=cast(Election, vote), shared=shared, telegram=TelegramTime())


@pytest.mark.parametrize("role", ["leads", "receives", "owns_rota"])
async def test_of_several_processes_who_is_elected_has_each_role_until_it_is_not(role: str) -> None:
    """Nobody has one before standing for it; who loses its connection has it no more from the next time on."""
    vote = Voted()
    roles = of(vote, shared=True)
    has = getattr(roles, role)
    assert not has()
    await roles.stand()
    assert not has()
    vote.wins = True
    assert not has()
    await roles.stand()
    assert has()
    vote.wins = False
    await roles.stand()
    assert not has()


async def test_alone_on_its_database_a_process_has_every_role_and_asks_nobody() -> None:
    """SQLite: there is no other."""
    roles = of(Voted(), shared=False)
    await roles.stand()
    assert (roles.leads(), roles.receives(), roles.owns_rota(), roles.works()) == (True, True, True, True)


async def test_a_process_that_stands_by_works_once_it_has_telegrams_time() -> None:
    """By its own clock it would ring too early, or destroy."""
    telegram = TelegramTime()
    vote = Voted()
    roles = Roles(election=cast(Election, vote), shared=True, telegram=telegram)
    await roles.stand()
    assert not roles.works()
    telegram.answered("Tue, 24 Nov 2026 09:00:00 GMT")
    assert roles.works()
    assert not roles.leads()
    roles.resign()
    assert vote.resigned


async def test_each_job_of_the_watch_is_done_by_whose_it_is(stage: Stage) -> None:
    """What destroys or tells is the leader's, the rota's file its owner's; the rest is anybody's who has the time."""
    roles, jobs = stage.running.roles, stage.running.watch.jobs
    of_role = {
        who.__name__: {job.name for job in jobs.table if job.who == who}
        for who in (roles.leads, roles.receives, roles.owns_rota, roles.works)
    }
    anybodys = {"ladder", "ask again", "rota in force", "reconcile", "veil", "warning", "code", "fade", "renew"}
    assert of_role == {
        "leads": {"destroy", "shred", "checks", "unreadable"},
        "receives": set(),
        "owns_rota": {"rota"},
        "works": anybodys,
    }
    assert {job.name for job in jobs.first if job.who == roles.leads} == {"seen"}
    assert {job.name for job in jobs.first if job.who == roles.owns_rota} == {"rota"}


@dataclass
class Has:
    """A process that has some of the roles."""

    roles: set[str]

    async def stand(self) -> None:
        """Nothing changes."""

    def leads(self) -> bool:
        """Leads the clock."""
        return "leads" in self.roles

    def receives(self) -> bool:
        """Receives updates."""
        return "receives" in self.roles


@pytest.mark.parametrize("role", ["leads", "receives"])
async def test_who_receives_need_not_lead_and_who_leads_need_not_receive(role: str) -> None:
    """Polling goes by the one, telling everybody by the other."""
    roles, rung = cast(Roles, Has({role})), list[object]()

    class Kept:
        async def run(self, change: object) -> None:
            rung.append(change)

    nothing = cast(Any, None)
    listening = Listening(
        api=nothing, roles=roles, hearing=nothing, updates=nothing, face=nothing, missed=lambda: None, named=nothing
    )
    everybody = Everybody(roles=roles, writer=cast(Writer, Kept()), alarm=nothing)
    assert await listening._receives() == (role == "receives")
    assert await everybody.tell(Trouble.unreachable)
    assert len(rung) == (role == "leads")
