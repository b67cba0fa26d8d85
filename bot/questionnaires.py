"""The questionnaires in use: the current revision, and older ones that open intakes and cases still need."""

from dataclasses import replace

from flows.model import Advice, Flow
from flows.release import read_release
from storage import revisions
from storage.case import Case, Handed
from storage.errors import Unreadable
from storage.intakes import OpenIntake
from storage.tx import Reading, Tx
from storage.unreadable import reading


class Questionnaires:
    """Finds a flow by revision; each is read once."""

    def __init__(self, current: bytes) -> None:
        self.compiled = current
        self.current = read_release(current)
        self._read = {self.current.revision: self.current}

    @property
    def regions(self) -> frozenset[str]:
        """The regions that the current revision offers."""
        flow = self.current
        return frozenset(option.id for option in flow.question(flow.region).options) if flow.region else frozenset()

    def asked(self, tx: Reading, intake: OpenIntake) -> Flow:
        """What an open intake is asked: its questionnaire, or the few questions of a situation that has changed."""
        flow = self.of(tx, intake.state.flow)
        return flow.for_change if intake.about_change else flow

    def store(self, tx: Tx) -> None:
        """Keeps the current revision in the database and drops what nothing uses."""
        revisions.keep_flow(tx, self.current.revision, self.compiled)
        revisions.drop_unused_flows(tx, self.current.revision)

    def of(self, tx: Reading, revision: str) -> Flow:
        """The flow of a revision; raises Unreadable."""
        if revision not in self._read:
            compiled = revisions.flow_of(tx, revision)
            with reading("flow_revision"):
                self._read[revision] = self._as_still_signed(read_release(compiled))
        return self._read[revision]

    def _as_still_signed(self, flow: Flow) -> Flow:
        """An older questionnaire keeps its form, but tells nobody advice that today's does not give in the same words.

        Whoever changes or withdraws advice because it was wrong must not go on giving it to those who came earlier.
        """
        return replace(flow, advice=tuple(one for one in map(self._still_signed, flow.advice) if one is not None))

    def _still_signed(self, advice: Advice) -> Advice | None:
        today = next((one for one in self.current.advice if one.id == advice.id), None)
        if today is None or (today.text, today.when) != (advice.text, advice.when):
            return None
        return replace(
            advice, read_on=today.read_on and advice.read_on, signed_in=tuple({*advice.signed_in} & {*today.signed_in})
        )

    def of_case(self, tx: Reading, revision: str) -> Flow:
        """The flow of a case, or the one in use when that cannot be read: most of what is said is the same."""
        try:
            return self.of(tx, revision)
        except Unreadable:
            return self.current

    def can_change(self, tx: Reading, case: Case) -> bool:
        """Whether the person of a case that was sent can be asked again what may have changed."""
        return isinstance(case, Handed) and bool(self.of_case(tx, case.revision).changed)
