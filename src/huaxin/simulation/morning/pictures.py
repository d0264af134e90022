"""Pictures as phones of the morning would take them: drawn, small, and no two alike."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
PAPER: Colour = (236, 228, 214)
_STEM: Colour = (94, 128, 92)


def draw_bouquet(colour: Colour, chance: Random, size: int = 320) -> bytes:
    """A bunch of flowers in paper, as JPEG."""
    picture = Image.new("RGB", (size, size), PAPER)
    draw = ImageDraw.Draw(picture)
    foot = (size // 2, size - 12)
    heads = [
        (round(chance.uniform(0.2, 0.8) * size), round(chance.uniform(0.15, 0.5) * size))
        for _ in range(chance.randint(7, 11))
    ]
    for head in heads:
        draw.line((*head, *foot), fill=_STEM, width=max(2, size // 70))
    for x, y in heads:
        for step in range(3):
            radius = size // 11 - step * size // 34
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_shade(colour, chance))
    wrap = [(size * 0.24, size * 0.55), (size * 0.76, size * 0.55), (size * 0.58, size), (size * 0.42, size)]
    draw.polygon(wrap, fill=_shade((214, 196, 168), chance))
    return _jpeg(picture)


def draw_door(colour: Colour, chance: Random, size: int = 240) -> bytes:
    """Flowers at somebody's door, as JPEG."""
    picture = Image.new("RGB", (size, size), _shade((168, 160, 150), chance))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((size * 0.2, size * 0.08, size * 0.8, size), fill=_shade((122, 92, 70), chance))
    for _ in range(6):
        x, y = chance.uniform(0.36, 0.62) * size, chance.uniform(0.6, 0.8) * size
        radius = size // 14
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_shade(colour, chance))
    return _jpeg(picture)


def _shade(colour: Colour, chance: Random) -> Colour:
    red, green, blue = (max(0, min(255, part + chance.randint(-14, 14))) for part in colour)
    return red, green, blue


def _jpeg(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return kept.getvalue()
