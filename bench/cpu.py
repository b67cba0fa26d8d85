"""What the system has counted for a process and everything that it has started."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> Iterator[int]:
    """A process and its descendants that live."""
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and (fields := _fields(int(path.name))):
            children[int(fields[1])].append(int(path.name))
    waiting = [pid]
    while waiting:
        yield (one := waiting.pop())
        waiting += children[one]


def seconds(pid: int) -> float:
    """CPU seconds of the tree, also of those that have ended and were waited for (proc(5), utime to cstime)."""
    return sum(sum(map(int, fields[11:15])) for one in tree(pid) if (fields := _fields(one))) / _TICK


def megabytes(pid: int) -> float:
    """Resident memory of the tree; what several share is counted once for each."""
    pages = 0
    for one in tree(pid):
        try:
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def _fields(pid: int) -> list[str]:
    """What follows the name in /proc/PID/stat; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
