"""A plot of shares over runs, as SVG: lines told apart by dash and mark as well as by colour, with their names at their ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lockstep.harness.reports.tables import percent

_HEIGHT, _LEFT, _TOP, _BOTTOM = 270, 52, 16, 28
# Room for the longest label at the end of a line.
_LETTER = 6.6
_DASHES = ("", "7 4", "2 4", "12 4 2 4", "1 3", "9 3 1 3 1 3")
_COLOURS = 8
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_MOST_LINES = 6
_APART = 15
_MARK = 3.6


@dataclass(frozen=True)
class PlotPoint:
    """A point of a line.

    Attributes:
        moment: what the points of all lines are ordered by.
        passes, total: the share.
        label: what stands below it.
        told: what is said of it when it is pointed at.
    """

    moment: str
    passes: int
    total: int
    label: str
    told: str

    @property
    def share(self) -> float:
        """The passes as a fraction."""
        return self.passes / self.total


@dataclass(frozen=True)
class PlotLine:
    """A line: its name, and its points in order."""

    name: str
    points: Sequence[PlotPoint]

    @property
    def end(self) -> PlotPoint:
        """The last point."""
        return self.points[-1]


# How much two runs may differ in size and still be points of one line.
_SAME_EXTENT = 0.02
# A drawing for each kind of window, so that its letters have their own size; the style shows one of them.
_WIDTHS = (("wide", 1120), ("middle", 740), ("narrow", 380))
_DRAWN_SMALL = 600


def alike(total: int, present: int) -> bool:
    """Whether a run of `total` executions is a point of a line that ends with one of `present`."""
    return bool(total) and abs(total - present) <= _SAME_EXTENT * present


def plots_svg(lines: Sequence[PlotLine]) -> str:
    """The plot for windows of every width; "" where there are not two moments to draw a line between."""
    return "".join(plot_svg(lines, width, kind) for kind, width in _WIDTHS)


def plot_svg(lines: Sequence[PlotLine], width: int, kind: str = "") -> str:
    """The plot; "" where there are not two moments to draw a line between. `kind` is one more class of the element."""
    moments = sorted({point.moment for line in lines for point in line.points})
    if len(moments) < 2:
        return ""
    return _Drawing(lines, moments, width).svg(kind)


class _Drawing:
    def __init__(self, lines: Sequence[PlotLine], moments: Sequence[str], width: int) -> None:
        self._lines = lines
        self._moments = {moment: number for number, moment in enumerate(moments)}
        self._labels = {point.moment: point.label for line in lines for point in line.points}
        self._width = width
        self._right = width - 34 - _LETTER * max(len(line.name) + 7 for line in lines)
        shares = [point.share for line in lines for point in line.points]
        room = max((max(shares) - min(shares)) * 0.15, 0.005)
        self._low, self._high = max(0.0, min(shares) - room), min(1.0, max(shares) + room)

    def svg(self, kind: str) -> str:
        ends = _spread([self._y(line.end.share) for line in self._lines])
        parts = [
            *self._grid(),
            *(self._line(number, line, ends[number]) for number, line in enumerate(self._lines)),
            *self._dates(),
        ]
        told = "; ".join(
            f"{line.name} from {percent(line.points[0].passes, line.points[0].total)} to {percent(line.end.passes, line.end.total)}"
            for line in self._lines
        )
        label = escape(f"Share that passes over {len(self._moments)} runs: {told}")
        name = f"plot {kind}".strip()
        return f'<svg viewBox="0 0 {self._width} {_HEIGHT}" class="{name}" role="img" aria-label="{label}">{"".join(parts)}</svg>'

    def _x(self, moment: str) -> float:
        return _LEFT + (self._right - _LEFT) * self._moments[moment] / (len(self._moments) - 1)

    def _y(self, share: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (self._high - share) / (self._high - self._low)

    def _grid(self) -> list[str]:
        step = next((size for size in _STEPS if (self._high - self._low) / size <= _MOST_LINES), _STEPS[-1])
        first = math.ceil(self._low / step - 1e-9)
        last = math.floor(self._high / step + 1e-9)
        found = []
        for number in range(first, last + 1):
            share = number * step
            found.append(
                f'<path d="M{_LEFT} {self._y(share):.1f}H{self._right:.1f}" class="grid"/>'
                f'<text x="{_LEFT - 8}" y="{self._y(share) + 4:.1f}" text-anchor="end">{100 * share:.4g} %</text>'
            )
        return found

    def _line(self, number: int, line: PlotLine, end: float) -> str:
        at = [(self._x(point.moment), self._y(point.share)) for point in line.points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
        marks = "".join(
            _mark(number, place, escape(point.told)) for place, point in zip(at, line.points, strict=True)
        )
        x, y = at[-1]
        label = escape(f"{line.name} {percent(line.end.passes, line.end.total)}")
        dash = _DASHES[number % len(_DASHES)]
        return (
            f'<g class="track c{number % _COLOURS}"><path d="M{path}"{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}/>{marks}'
            f'<path class="lead" d="M{x + 6:.1f} {y:.1f}L{self._right + 18:.1f} {end:.1f}"/>'
            f'<text x="{self._right + 22:.1f}" y="{end + 4:.1f}">{label}</text></g>'
        )

    def _dates(self) -> list[str]:
        moments = list(self._moments)
        last = len(moments) - 1
        places = [0, last] if self._width < _DRAWN_SMALL else sorted({0, last // 2, last})
        anchors = {0: "start", last: "end"}
        return [
            f'<text x="{self._x(moments[place]):.1f}" y="{_HEIGHT - 6}" text-anchor="{anchors.get(place, "middle")}">'
            f"{escape(self._labels[moments[place]])}</text>"
            for place in places
        ]


def _spread(places: Sequence[float]) -> list[float]:
    """Where labels stand that want to stand there: none on another."""
    found = [0.0] * len(places)
    following = -math.inf
    for number in sorted(range(len(places)), key=lambda number: places[number]):
        following = max(following + _APART, places[number])
        found[number] = following
    over = following - (_HEIGHT - 8)
    return [place - over for place in found] if over > 0 else found


def _mark(number: int, place: tuple[float, float], told: str) -> str:
    x, y = place
    size = _MARK
    title = f"<title>{told}</title>"
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}">{title}</circle>',
        f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}">{title}</rect>',
        f'<path class="dot" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {2 * size}h{-2 * size - 2}z">{title}</path>',
        f'<path class="dot" d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {size + 1}l{-size - 1} {size + 1}l{-size - 1} {-size - 1}z">{title}</path>',
    )
    return shapes[number % len(shapes)]
