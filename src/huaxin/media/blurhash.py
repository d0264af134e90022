"""BlurHash of a small picture: some thirty signs that a screen paints before the thumbnail is there."""

import math

import numpy as np
from numpy.typing import NDArray

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"


def encode(pixels: NDArray[np.uint8], across: int = 4, down: int = 3) -> str:
    """`pixels`: (height, width, 3) sRGB, best 32×24. `across` and `down` (1..9): components of the blur."""
    height, width, _ = pixels.shape
    light = _linear(pixels.astype(np.float64) / 255.0)
    xs = np.cos(np.pi * np.outer(np.arange(across), np.arange(width)) / width)
    ys = np.cos(np.pi * np.outer(np.arange(down), np.arange(height)) / height)
    # One sum for every component: rows by their wave, columns by theirs.
    factors = np.einsum("jy,ix,yxc->jic", ys, xs, light) / (width * height)
    factors *= 2.0
    factors[0, 0] /= 2.0
    flat = factors.reshape(-1, 3)
    strongest = float(np.abs(flat[1:]).max()) if len(flat) > 1 else 0.0
    step = max(0, min(82, math.floor(strongest * 166 - 0.5))) if len(flat) > 1 else 0
    most = (step + 1) / 166
    text = _digits((across - 1) + (down - 1) * 9, 1) + _digits(step, 1) + _digits(_average(flat[0]), 4)
    return text + "".join(_digits(_wave(one, most), 2) for one in flat[1:])


def _linear(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _srgb(value: float) -> int:
    value = min(1.0, max(0.0, value))
    curved = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return int(curved * 255 + 0.5)


def _average(colour: NDArray[np.float64]) -> int:
    red, green, blue = (_srgb(float(part)) for part in colour)
    return (red << 16) + (green << 8) + blue


def _wave(colour: NDArray[np.float64], most: float) -> int:
    parts = []
    for part in colour:
        share = float(part) / most
        parts.append(max(0, min(18, math.floor(math.copysign(abs(share) ** 0.5, share) * 9 + 9.5))))
    return (parts[0] * 19 + parts[1]) * 19 + parts[2]


def _digits(value: int, length: int) -> str:
    return "".join(_DIGITS[value // 83 ** (length - 1 - n) % 83] for n in range(length))
