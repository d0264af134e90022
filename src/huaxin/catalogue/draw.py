# ruff: noqa: E501 (outlines are data: broken lines would not make them easier to read)
"""Draws the catalogue's pictures: `python -m huaxin.catalogue.draw` writes pictures/*.svg, the same each time.

Flat paper-cut flowers in the colours of the screens. Blooms are in blooms.py; here they become bouquets.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from huaxin.catalogue import blooms
from huaxin.catalogue.blooms import Chance, at, circle, leaf, path

SIZE = 600
PICTURES = Path(__file__).parent / "pictures"
Bloom = Callable[[float, Chance], str]


def dome(rows: Sequence[tuple[int, float, float]], radius: float) -> list[tuple[float, float, float]]:
    """(x, y, radius) of blooms in curved rows, back row first: each row is (how many, y, half width)."""
    spots = []
    for count, y, half in rows:
        for i in range(count):
            t = 0.0 if count == 1 else 2 * i / (count - 1) - 1
            spots.append((300 + t * half, y + 26 * t * t, radius * (1 - 0.06 * abs(t))))
    return spots


def wrap_back(paper: str, shade: str) -> str:
    sheet = "M92 208 L150 150 L232 188 L300 128 L372 190 L452 150 L508 208 L366 508 L234 508 Z"
    side = "M92 208 L150 150 L196 172 L252 508 L234 508 Z"
    return path(sheet, paper) + path(side, shade)


def wrap_front(paper: str, shade: str, edge: str, ribbon: str, ribbon_dark: str) -> str:
    left = "M92 208 C150 330 220 372 322 404 L338 470 L256 470 Z"
    right = "M508 208 C462 330 400 380 282 416 L262 470 L344 470 Z"
    tail = "M256 470 L344 470 L392 566 C330 578 270 578 208 566 Z"
    folds = "M300 476 L296 572 M276 476 L248 569 M324 476 L350 569"
    bow = "M300 470 C262 430 226 444 232 466 C236 486 270 484 300 470 C338 430 374 444 368 466 C364 486 330 484 300 470 Z"
    ends = "M296 470 C284 500 270 520 262 548 L278 540 L286 552 C292 524 298 500 304 472 Z M304 470 C318 496 330 514 344 538 L328 536 L322 550 C314 524 306 500 298 474 Z"
    return "".join(
        [
            path(tail, shade),
            path(folds, "none", edge, 2),
            path(left, paper),
            path(right, shade),
            path("M508 208 C462 330 400 380 282 416", "none", edge, 2.5),
            path("M92 208 C150 330 220 372 322 404", "none", edge, 1.5),
            path("M252 458 L348 458 L346 482 L254 482 Z", ribbon),
            path(ends, ribbon_dark),
            path(bow, ribbon),
            path(
                "M300 470 C280 456 262 452 248 458 M300 470 C320 456 338 452 352 458", "none", ribbon_dark, 2
            ),
            circle(300, 470, 10, ribbon_dark),
        ]
    )


def foliage(chance: Chance, tones: tuple[str, ...], count: int = 18, reach: float = 205.0) -> str:
    """Leaves in a fan behind the blooms."""
    drawn = []
    for i in range(count):
        angle = math.radians(-172 + 164 * i / (count - 1))
        far = reach * (0.92 + 0.16 * chance.next())
        x, y = 300 + far * math.cos(angle), 300 + far * 0.82 * math.sin(angle)
        turn = math.degrees(angle) + 90 + 24 * (chance.next() - 0.5)
        drawn.append(at(x, y, leaf(30, 62 + 20 * chance.next(), tones[i % len(tones)]), turn))
    return "".join(drawn)


def sprinkle(chance: Chance, small: Bloom, count: int, size: float) -> str:
    """Small flowers peeping out between and behind the large ones."""
    drawn = []
    for i in range(count):
        angle = math.radians(-176 + 172 * (i + chance.next() * 0.7) / count)
        far = 150 + 66 * chance.next()
        x, y = 300 + far * math.cos(angle), 292 + far * 0.86 * math.sin(angle)
        drawn.append(path(f"M{x:.0f} {y:.0f} L300 420", "none", "#8FA886", 1.5))
        drawn.append(at(x, y, small(size * (0.8 + 0.4 * chance.next()), chance), 360 * chance.next()))
    return "".join(drawn)


def bouquet(
    seed: int,
    bloom: Bloom,
    rows: Sequence[tuple[int, float, float]],
    radius: float,
    *,
    ground: str,
    paper: tuple[str, str, str],
    ribbon: tuple[str, str],
    greens: tuple[str, ...] = ("#5F8A63", "#7BA27A", "#4C7553"),
    filler: tuple[Bloom, int, float] | None = None,
    shadow: bool = True,
) -> str:
    chance = Chance(seed)
    parts = [ground_of(ground), wrap_back(paper[0], paper[1]), foliage(chance, greens)]
    # A second, darker fan closes the gaps between the blooms.
    parts += [foliage(chance, greens[2:], 13, 140), foliage(chance, greens[2:], 9, 70)]
    if filler is not None:
        parts.append(sprinkle(chance, *filler))
    for x, y, size in dome(rows, radius):
        x, y = x + 8 * (chance.next() - 0.5), y + 8 * (chance.next() - 0.5)
        if shadow:
            parts.append(circle(x, y + size * 0.12, size * 0.9, "#24221F", 0.10))
        parts.append(at(x, y, bloom(size, chance), 360 * chance.next()))
    parts.append(wrap_front(paper[0], paper[1], paper[2], *ribbon))
    return picture("".join(parts))


def ground_of(colour: str) -> str:
    """A quiet ground and the shadow things stand in."""
    return (
        f'<rect width="{SIZE}" height="{SIZE}" fill="{colour}"/>'
        '<ellipse cx="300" cy="566" rx="150" ry="14" fill="#24221F" opacity=".10"/>'
    )


def picture(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{body}</svg>\n'


def tulips(seed: int) -> str:
    chance = Chance(seed)
    parts = [ground_of("#F3EEE2"), wrap_back("#F8F4EA", "#E9E1CF")]
    heads = dome([(4, 150, 118), (5, 206, 160), (6, 262, 178)], 46)
    for x, y, _ in heads:
        parts.append(
            path(f"M{x:.0f} {y:.0f} Q{(x + 300) / 2 + 8:.0f} {y + 90:.0f} 300 440", "none", "#6E9A62", 8)
        )
    for x in (120, 168, 236, 372, 428, 480):
        tip = 214 + abs(x - 300) * 0.35 + 12 * chance.next()
        blade = f"M300 450 C{(x + 300) / 2 - 26:.0f} 360 {x - 12} {tip + 70:.0f} {x} {tip:.0f} C{x + 18} {tip + 90:.0f} {(x + 300) / 2 + 30:.0f} 380 300 450 Z"
        parts.append(path(blade, "#7FA76F" if x % 3 else "#5F8F5E"))
    for x, y, size in heads:
        parts.append(at(x, y, blooms.tulip(size, chance), (x - 300) * 0.14))
    parts.append(wrap_front("#F8F4EA", "#E9E1CF", "#D5C9B0", "#C8743F", "#9D5527"))
    return picture("".join(parts))


def hydrangea_box(seed: int) -> str:
    chance = Chance(seed)
    parts = [ground_of("#EAEDF2")]
    for x, y, turn in (
        (128, 318, -70),
        (476, 316, 70),
        (196, 196, -38),
        (404, 194, 36),
        (300, 150, 0),
        (150, 400, -96),
        (452, 398, 96),
    ):
        parts.append(at(x, y, leaf(62, 132, "#5B8560" if turn % 4 else "#74A076"), turn))
    for x, y, size in ((208, 270, 104), (394, 268, 104), (300, 330, 112)):
        parts.append(circle(x, y + 10, size, "#24221F", 0.10))
        parts.append(at(x, y, blooms.hydrangea(size, chance)))
    box = "M126 388 L474 388 L452 560 L148 560 Z"
    parts += [
        path(box, "#3E4A63"),
        path("M126 388 L474 388 L470 420 L130 420 Z", "#4C5A78"),
        path("M290 388 L310 388 L310 560 L290 560 Z", "#D9B98A"),
        path(
            "M300 404 C262 366 226 384 234 404 C240 420 272 416 300 404 C338 366 374 384 366 404 C360 420 328 416 300 404 Z",
            "#E5C89C",
        ),
        circle(300, 404, 9, "#C7A26C"),
    ]
    return picture("".join(parts))


def orchid_pot(seed: int) -> str:
    chance = Chance(seed)
    parts = [ground_of("#F1EDE6")]
    stems = (
        "M292 442 C252 300 250 170 348 118 C392 96 440 112 466 150",
        "M306 442 C330 320 300 214 214 178 C170 160 132 172 112 206",
    )
    parts += [path(stem, "none", "#7C8F5A", 6) for stem in stems]
    for x, y, turn in ((214, 446, -62), (388, 446, 62), (250, 432, -34), (352, 430, 34)):
        parts.append(at(x, y, leaf(60, 150, "#4F7A55" if abs(turn) > 40 else "#6B966B"), turn))
    buds = ((474, 172, 12), (484, 204, 9), (104, 222, 11), (100, 250, 8))
    parts += [circle(x, y, size, "#E9EBD6") for x, y, size in buds]
    places = (
        (432, 130, 44, 30),
        (352, 132, 52, 12),
        (282, 196, 56, -6),
        (136, 190, 42, -30),
        (204, 196, 50, -14),
        (268, 292, 54, -4),
        (330, 248, 50, 10),
    )
    for x, y, size, turn in places:
        parts.append(circle(x, y + 8, size * 0.9, "#24221F", 0.07))
        parts.append(at(x, y, blooms.orchid(size, chance), turn))
    parts += [
        path("M206 446 L394 446 L368 562 L232 562 Z", "#B98D6B"),
        path("M206 446 L394 446 L388 474 L212 474 Z", "#CFA584"),
        path("M206 446 L250 446 L262 562 L232 562 Z", "#A67A59"),
    ]
    return picture("".join(parts))


WHITE = ("#FFFDF9", "#EFE7DB", "#D9CDBB")
KRAFT = ("#D9BE96", "#C6A67A", "#A98759")
BLUSH = ("#FBECEB", "#F0D6D6", "#DDB9BC")
INK = ("#3A3836", "#2C2A29", "#57534F")


def draw_all() -> dict[str, str]:
    """File name without ending → SVG."""
    rounds = [(3, 148, 92), (4, 200, 142), (5, 256, 168), (4, 308, 128), (2, 352, 52)]
    eleven = [(2, 148, 60), (3, 206, 120), (3, 268, 132), (2, 322, 76), (1, 366, 0)]
    baby = (blooms.gypsophila, 26, 13.0)
    return {
        "carnation": bouquet(3, blooms.carnation, rounds, 47, ground="#F8ECE8", paper=WHITE,
                             ribbon=("#B23A52", "#8C2A3E"), filler=baby),
        "red_rose": bouquet(5, blooms.red_rose, eleven, 62, ground="#F1E8E1", paper=INK,
                            ribbon=("#B23A52", "#8C2A3E"), greens=("#8AA79A", "#A3BBAE", "#6F9082")),
        "pink_rose": bouquet(8, blooms.pink_rose, eleven, 60, ground="#F6EEEA", paper=BLUSH,
                             ribbon=("#C98A97", "#A9687A"), filler=baby),
        "sunflower": bouquet(2, blooms.sunflower, [(1, 156, 0), (2, 216, 104), (2, 310, 72)], 86,
                             ground="#EFEBDD", paper=KRAFT, ribbon=("#7A5A34", "#5E4326")),
        "lily": bouquet(9, blooms.lily, [(2, 168, 84), (3, 236, 138), (2, 318, 66)], 86, ground="#E9EEE6",
                        paper=WHITE, ribbon=("#2F7A55", "#235C40"), filler=(blooms.lily_bud, 7, 46.0),
                        shadow=False),
        "tulip": tulips(4),
        "daisy": bouquet(6, blooms.chamomile, [(5, 140, 118), (6, 180, 164), (7, 222, 186), (6, 264, 168),
                                               (5, 304, 128), (4, 342, 82), (2, 374, 24)], 30,
                         ground="#EAF0EC", paper=KRAFT, ribbon=("#F5EFE2", "#D8CDB7"),
                         greens=("#86A878", "#9DBB8E", "#6D9463")),
        "hydrangea": hydrangea_box(7),
        "orchid": orchid_pot(11),
    }  # fmt: skip


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, svg in draw_all().items():
        (PICTURES / f"{name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
