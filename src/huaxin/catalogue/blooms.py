# ruff: noqa: E501 (outlines are data: broken lines would not make them easier to read)
"""One bloom of each kind, drawn around (0, 0) with a given radius. Shapes only: SVG text in, SVG text out."""

import math
import zlib


class Chance:
    """A small generator of our own: pictures stay the same on every Python."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 2_654_435_761 % 2**32 or 1

    def next(self) -> float:
        """0 ≤ x < 1."""
        self._state = (1_664_525 * self._state + 1_013_904_223) % 2**32
        return self._state / 2**32


def path(d: str, fill: str, stroke: str = "", width: float = 0.0) -> str:
    line = f' stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round"' if stroke else ""
    return f'<path d="{d}" fill="{fill}"{line}/>'


def circle(x: float, y: float, radius: float, fill: str, opacity: float = 1.0) -> str:
    see = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"{see}/>'


def at(x: float, y: float, body: str, turn: float = 0.0) -> str:
    rotate = f" rotate({turn:.0f})" if turn else ""
    return f'<g transform="translate({x:.1f} {y:.1f}){rotate}">{body}</g>'


def turned(body: str, degrees: float) -> str:
    return f'<g transform="rotate({degrees:.0f})">{body}</g>'


def leaf(width: float, length: float, fill: str) -> str:
    """Points up, its foot at the middle."""
    half, up = width / 2, length / 2
    blade = f"M0 {up:.0f} C{-half * 1.3:.0f} {up * 0.3:.0f} {-half:.0f} {-up * 0.5:.0f} 0 {-up:.0f} C{half:.0f} {-up * 0.5:.0f} {half * 1.3:.0f} {up * 0.3:.0f} 0 {up:.0f} Z"
    return path(blade, fill) + path(f"M0 {up:.0f} L0 {-up * 0.7:.0f}", "none", "#24221F22", 1.5)


def petal(width: float, length: float, fill: str, edge: str = "", point: float = 0.35) -> str:
    """From the middle outwards (up); `point` 0 round … 1 pointed."""
    half, round_ = width / 2, (1 - point) * width * 0.5
    shape = f"M0 0 C{-half:.1f} {-length * 0.25:.1f} {-half:.1f} {-length * 0.8:.1f} {-round_ * 0.5:.1f} {-length * 0.97:.1f} Q0 {-length * 1.03:.1f} {round_ * 0.5:.1f} {-length * 0.97:.1f} C{half:.1f} {-length * 0.8:.1f} {half:.1f} {-length * 0.25:.1f} 0 0 Z"
    return path(shape, fill, edge, 1.2 if edge else 0)


def ring(count: int, body: str, start: float = 0.0) -> str:
    """The same shape all around: written once, used many times, named by what it looks like."""
    name = f"p{zlib.crc32(body.encode()):x}"
    again = "".join(
        f'<use href="#{name}" transform="rotate({360 * i / count:.0f})"/>' for i in range(1, count)
    )
    return turned(f'<g id="{name}">{body}</g>{again}', start)


def frill(radius: float, teeth: int, depth: float, fill: str, edge: str, chance: Chance) -> str:
    """A ruffled disc, as a carnation's petals seen from above."""
    points = []
    for i in range(teeth * 2):
        far = radius * (1 - depth * (i % 2) + 0.05 * (chance.next() - 0.5))
        angle = math.pi * i / teeth
        points.append((far * math.cos(angle), far * math.sin(angle)))
    start, steps = points[-1], []
    for x, y in points:
        steps.append(f"L{x:.1f} {y:.1f}")
    return path(f"M{start[0]:.1f} {start[1]:.1f} {' '.join(steps)} Z", fill, edge, 1.2)


def carnation(radius: float, chance: Chance) -> str:
    tones = ("#D9708A", "#E48DA2", "#EDA7B6", "#E48DA2", "#F4C3CC", "#EDA7B6")
    parts = []
    for i, tone in enumerate(tones):
        size = radius * (1 - 0.155 * i)
        shift = radius * 0.05 * i
        x, y = shift * (chance.next() - 0.5), shift * (chance.next() - 0.5)
        disc = frill(size, max(7, 17 - 2 * i), 0.16, tone, "#C65C78", chance)
        parts.append(at(x, y, disc, 360 * chance.next()))
    return "".join(parts)


def _rose(radius: float, tones: tuple[str, ...], edge: str, chance: Chance) -> str:
    parts = []
    for i, tone in enumerate(tones):
        size = radius * (1 - 0.17 * i)
        count = max(3, 6 - i)
        shape = petal(size * 1.15, size, tone, edge, 0.0)
        parts.append(turned(ring(count, shape), 37 * i + 20 * chance.next()))
    heart = radius * 0.24
    spiral = f"M0 0 C{heart:.1f} {-heart:.1f} {heart * 1.3:.1f} {heart:.1f} 0 {heart:.1f} C{-heart * 1.5:.1f} {heart:.1f} {-heart * 1.2:.1f} {-heart * 1.2:.1f} {heart * 0.4:.1f} {-heart * 1.1:.1f}"
    return "".join(parts) + circle(0, 0, heart * 1.25, tones[-1]) + path(spiral, "none", edge, 2.2)


def red_rose(radius: float, chance: Chance) -> str:
    return _rose(radius, ("#A92E45", "#B83A50", "#A92E45", "#97253B", "#7F1D31"), "#741A2D", chance)


def pink_rose(radius: float, chance: Chance) -> str:
    return _rose(radius, ("#F3C6C9", "#F0B8BF", "#EBA9B3", "#E39AA6", "#D98796"), "#CC7787", chance)


def sunflower(radius: float, chance: Chance) -> str:
    back = ring(17, petal(radius * 0.30, radius, "#D99A1E", "", 0.9), 10)
    front = ring(17, petal(radius * 0.30, radius * 0.94, "#F0B935", "#C98A17", 0.85))
    seeds = []
    for i in range(70):
        far, angle = radius * 0.41 * math.sqrt(i / 70), i * 2.399963
        tone = "#8A5A2B" if i < 26 else "#4A2F1A"
        seeds.append(circle(far * math.cos(angle), far * math.sin(angle), radius * 0.026, tone))
    return (
        back
        + front
        + circle(0, 0, radius * 0.47, "#5E3C20")
        + circle(0, 0, radius * 0.43, "#6D4726")
        + "".join(seeds)
    )


def lily(radius: float, chance: Chance) -> str:
    vein = path(f"M0 {-radius * 0.12:.1f} L0 {-radius * 0.8:.1f}", "none", "#C9D3B4", 2.2)
    back = ring(3, petal(radius * 0.52, radius, "#F4F3EA", "#CFD0BC", 0.95) + vein, 60)
    front = ring(3, petal(radius * 0.66, radius * 0.96, "#FFFEFA", "#D5D6C4", 0.95) + vein)
    stamens = []
    for i in range(6):
        angle = math.radians(60 * i + 30 + 10 * chance.next())
        x, y = radius * 0.42 * math.cos(angle), radius * 0.42 * math.sin(angle)
        stamens.append(path(f"M0 0 L{x:.1f} {y:.1f}", "none", "#B9C58E", 2))
        stamens.append(
            at(x, y, f'<ellipse rx="{radius * 0.075:.1f}" ry="{radius * 0.035:.1f}" fill="#B0662B"/>', 60 * i)
        )
    return back + front + circle(0, 0, radius * 0.14, "#CBD69C") + "".join(stamens)


def lily_bud(radius: float, chance: Chance) -> str:
    return petal(radius * 0.5, radius * 1.5, "#E6EBD2", "#B7C49A", 0.9) + petal(
        radius * 0.2, radius * 1.4, "#F4F5E8", "", 0.9
    )


def tulip(radius: float, chance: Chance) -> str:
    """From the side: a cup of three petals."""
    r = radius
    back = f"M{-r * 0.55:.1f} {-r * 0.2:.1f} C{-r * 0.5:.1f} {-r * 1.1:.1f} {-r * 0.1:.1f} {-r * 1.2:.1f} 0 {-r * 1.3:.1f} C{r * 0.1:.1f} {-r * 1.2:.1f} {r * 0.5:.1f} {-r * 1.1:.1f} {r * 0.55:.1f} {-r * 0.2:.1f} Z"
    side = f"M0 {r * 0.5:.1f} C{-r * 0.8:.1f} {r * 0.5:.1f} {-r * 0.95:.1f} {-r * 0.3:.1f} {-r * 0.62:.1f} {-r * 1.15:.1f} C{-r * 0.2:.1f} {-r * 0.8:.1f} {r * 0.05:.1f} {-r * 0.2:.1f} 0 {r * 0.5:.1f} Z"
    other = f"M0 {r * 0.5:.1f} C{r * 0.8:.1f} {r * 0.5:.1f} {r * 0.95:.1f} {-r * 0.3:.1f} {r * 0.62:.1f} {-r * 1.15:.1f} C{r * 0.2:.1f} {-r * 0.8:.1f} {-r * 0.05:.1f} {-r * 0.2:.1f} 0 {r * 0.5:.1f} Z"
    middle = f"M0 {r * 0.52:.1f} C{-r * 0.5:.1f} {r * 0.2:.1f} {-r * 0.42:.1f} {-r * 0.6:.1f} 0 {-r * 1.0:.1f} C{r * 0.42:.1f} {-r * 0.6:.1f} {r * 0.5:.1f} {r * 0.2:.1f} 0 {r * 0.52:.1f} Z"
    edge = "#CF7A4E"
    return (
        path(back, "#DE8B5C")
        + path(side, "#EFA878", edge, 1.2)
        + path(other, "#E79B6A", edge, 1.2)
        + path(middle, "#F6BE94", edge, 1.2)
    )


def chamomile(radius: float, chance: Chance) -> str:
    white = ring(12, petal(radius * 0.36, radius, "#FFFFFF", "#D9DDD2", 0.1), 30 * chance.next())
    return (
        white
        + circle(0, 0, radius * 0.36, "#E0A92B")
        + circle(-radius * 0.06, -radius * 0.07, radius * 0.24, "#EFC14A")
    )


def gypsophila(radius: float, chance: Chance) -> str:
    return ring(5, petal(radius * 0.75, radius * 0.8, "#FFFFFF", "#DCD5CB", 0.0)) + circle(
        0, 0, radius * 0.18, "#E9E2B8"
    )


def hydrangea(radius: float, chance: Chance) -> str:
    tones = ("#7C8FC4", "#8FA0D0", "#A3A6D6", "#9A93CB", "#B4B9E0", "#8C9ED2")
    parts = [circle(0, 0, radius * 0.95, "#6A7AB0")]
    for i in range(42):
        far, angle = radius * 0.88 * math.sqrt((41 - i) / 41), i * 2.399963
        size = radius * (0.245 - 0.04 * (41 - i) / 41)
        tone = tones[int(chance.next() * len(tones))]
        floret = ring(4, petal(size * 1.05, size, tone, "#6E7DB5", 0.1)) + circle(
            0, 0, size * 0.16, "#EDEFD6"
        )
        parts.append(at(far * math.cos(angle), far * math.sin(angle), floret, 90 * chance.next()))
    return "".join(parts)


def orchid(radius: float, chance: Chance) -> str:
    sepal = petal(radius * 0.66, radius * 0.98, "#F6F1EE", "#DACFCB", 0.2)
    wing = petal(radius * 1.16, radius * 1.02, "#FFFCFA", "#DDD2CE", 0.0)
    lip = f"M0 {radius * 0.06:.1f} C{-radius * 0.34:.1f} {radius * 0.1:.1f} {-radius * 0.22:.1f} {radius * 0.5:.1f} 0 {radius * 0.56:.1f} C{radius * 0.22:.1f} {radius * 0.5:.1f} {radius * 0.34:.1f} {radius * 0.1:.1f} 0 {radius * 0.06:.1f} Z"
    return (
        "".join(turned(sepal, degrees) for degrees in (0, 128, 232))
        + "".join(turned(wing, degrees) for degrees in (78, 282))
        + path(lip, "#C9647F", "#A9475F", 1.2)
        + circle(0, 0, radius * 0.11, "#E9C46A")
    )
