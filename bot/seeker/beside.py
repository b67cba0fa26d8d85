"""What stands on a card beside question or summary."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.seeker.from_lawyer import Letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands on a card beside question or summary.

    `notice`: what is said once; `nobody`: what is true when no lawyer is being called although the case waits;
    `letters`: what a lawyer wrote; `around`: the place of the answer that was just pressed; `titles`: how papers are
    called on their sheets is shown; `stops`: the call can be withdrawn here; `here`: now, as the clocks of the place
    show it, in which dates are pressed and an example is given.
    """

    notice: str | None = None
    nobody: str | None = None
    letters: Letters = field(default_factory=Letters)
    around: int = 1
    titles: bool = False
    stops: bool = False
    here: datetime
