"""Hours in Kazakhstan: when only a critical case rings, and when a clock on the wall next shows a time. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Almaty")
DAY_BEGINS, DAY_ENDS = time(8), time(23)


def is_night(now: datetime) -> bool:
    """Outside 08 to 23 only a critical case rings."""
    return not DAY_BEGINS <= now.astimezone(HERE).time() < DAY_ENDS


def next_at(when: time, after: datetime) -> datetime:
    """The first moment not before `after` at which the clock shows `when`."""
    here = after.astimezone(HERE)
    found = datetime.combine(here.date(), when, HERE)
    return found if found >= here else found + timedelta(days=1)


def next_morning(after: datetime) -> datetime:
    """When ringing begins again."""
    return next_at(DAY_BEGINS, after)
