"""A room for every kind of outbox row, a module for each group of them (storage/outbox.py names them all).

A new kind: its name and lane stand there, here its drawing, what is kept of it and who is told when it is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bot.delivery.kind import Kind
from bot.delivery.kinds.alerts import AlertKinds
from bot.delivery.kinds.bundles import BundleKinds
from bot.delivery.kinds.claims import ClaimKinds
from bot.delivery.kinds.duty import DutyKinds
from bot.delivery.kinds.files import FileKinds
from bot.delivery.kinds.joining import JoiningKinds
from bot.delivery.kinds.members import MemberKinds
from bot.delivery.kinds.outside import OutsideKinds
from bot.delivery.kinds.person import PersonKinds
from bot.delivery.kinds.practice import PracticeKinds
from bot.delivery.kinds.to_members import ToMembers
from bot.delivery.kinds.wipes import WipeKinds
from bot.errors import UnknownKind
from bot.handoff.calls import Calls
from bot.handoff.handing_over import HandingOver
from bot.handoff.reaching import Reaching
from bot.joining import Joining
from bot.member.alerts import Alerts
from bot.member.beginning import BeginningTalk
from bot.member.coordinator import CoordinatorTalk
from bot.member.duty import DutyTalk
from bot.member.lines import Lines
from bot.seeker.arrivals import Arrivals
from bot.seeker.screen import Screen
from storage.outbox import Due, RowKind


@dataclass(frozen=True, slots=True)
class Kinds:
    """What each kind of row means, by its word. They are never made while one has no room."""

    rooms: Mapping[str, Kind]

    def __post_init__(self) -> None:
        missing = [kind.value for kind in RowKind if kind.value not in self.rooms]
        if missing:
            raise LookupError(f"no room for rows of kind {', '.join(missing)}")

    @classmethod
    def of(
        cls,
        *,
        calls: Calls,
        reaching: Reaching,
        handing_over: HandingOver,
        alerts: Alerts,
        lines: Lines,
        duty: DutyTalk,
        coordinators: CoordinatorTalk,
        screen: Screen,
        arrivals: Arrivals,
        joining: Joining,
        beginning: BeginningTalk,
    ) -> Self:
        """Every kind, with what it draws from."""
        to, claims = ToMembers(calls=calls), calls.claims
        groups = (
            AlertKinds(to=to, calls=calls, alerts=alerts, lines=lines),
            ClaimKinds(
                to=to,
                claims=claims,
                alerts=alerts,
                lines=lines,
                coordinators=coordinators,
                handing_over=handing_over,
            ),
            BundleKinds(to=to, claims=claims, cards=alerts.claim_cards),
            DutyKinds(to=to, talk=duty, rota=coordinators.rota),
            MemberKinds(to=to, cases=calls.cases, lines=lines, suspending=coordinators.suspending, beginning=beginning),
            PersonKinds(calls=calls, reaching=reaching, screen=screen, arrivals=arrivals),
            WipeKinds(calls=calls, reaching=reaching),
            OutsideKinds(calls=calls, lines=lines),
            FileKinds(to=to, claims=claims, handing_over=handing_over),
            JoiningKinds(joining=joining),
            PracticeKinds(to=to, talk=beginning.practice),
        )
        return cls({name.value: kind for group in groups for name, kind in group.kinds().items()})

    def room(self, due: Due) -> Kind:
        """The kind of a row; raises UnknownKind for one that only a newer version knows."""
        found = self.rooms.get(due.kind)
        if found is None:
            raise UnknownKind(due.kind)
        return found
