"""Small line plots as SVG text."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 190, 40, 60
COLOURS = ("#0b6e4f", "#c0392b", "#2c5aa0", "#b7791f", "#6b4fa0", "#555555")
_TEXT = 'font-family="sans-serif" font-size="13" fill="#222"'


@dataclass(frozen=True, slots=True)
class Axis:
    """Values between two ends. `log`: each tenfold is as long as the others."""

    label: str
    ticks: Sequence[float]
    log: bool = False

    def place(self, value: float) -> float:
        """From 0 at the first tick to 1 at the last."""
        low, high = self._scaled(self.ticks[0]), self._scaled(self.ticks[-1])
        return min(1.02, max(0.0, (self._scaled(value) - low) / (high - low)))

    def _scaled(self, value: float) -> float:
        return math.log10(max(value, 1e-9)) if self.log else value


def svg(title: str, across: Axis, up: Axis, lines: Mapping[str, Points]) -> str:
    """A plot with a line for each name, and the names beside it."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" {_TEXT} font-weight="bold">{escape(title)}</text>',
        *_frame(across, up),
    ]
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(_x(across.place(x)), _y(up.place(y))) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dashed = ' stroke-dasharray="5 4"' if name.endswith("p99") else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        row = TOP + 14 + 20 * number
        parts.append(f'<path d="M{WIDTH - RIGHT + 14} {row - 4} h20" stroke="{colour}" stroke-width="2"{dashed}/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 40}" y="{row}" {_TEXT}>{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _frame(across: Axis, up: Axis) -> Sequence[str]:
    found = []
    for tick in up.ticks:
        y = _y(up.place(tick))
        found.append(f'<path d="M{LEFT} {y:.1f} H{WIDTH - RIGHT}" stroke="#ddd"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" {_TEXT} text-anchor="end">{_shown(tick)}</text>')
    for tick in across.ticks:
        x = _x(across.place(tick))
        found.append(f'<path d="M{x:.1f} {HEIGHT - BOTTOM} v5" stroke="#222"/>')
        found.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" {_TEXT} text-anchor="middle">{_shown(tick)}</text>')
    found.append(f'<path d="M{LEFT} {TOP} V{HEIGHT - BOTTOM} H{WIDTH - RIGHT}" fill="none" stroke="#222"/>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    found.append(f'<text x="{middle}" y="{HEIGHT - 16}" {_TEXT} text-anchor="middle">{escape(across.label)}</text>')
    found.append(
        f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" {_TEXT} text-anchor="middle">'
        f"{escape(up.label)}</text>"
    )
    return found


def _x(place: float) -> float:
    return LEFT + place * (WIDTH - RIGHT - LEFT)


def _y(place: float) -> float:
    return HEIGHT - BOTTOM - place * (HEIGHT - BOTTOM - TOP)


def _shown(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:g}"
