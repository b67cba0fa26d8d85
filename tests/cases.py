"""What tests ask of a case that must be in one state."""

from storage.case import Case, Claim, Claimed, Handed, Handoff


def claim(case: Case | None) -> Claim:
    """Its claim; it must have one."""
    assert isinstance(case, Claimed), case
    return case.claim


def handoff(case: Case | None) -> Handoff:
    """Its handoff; it must be before the lawyers."""
    assert isinstance(case, Handed), case
    return case.handoff
