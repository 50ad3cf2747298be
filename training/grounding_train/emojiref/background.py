"""Quiet studio backgrounds: gradients, a spot of light, a wall and a floor, faint patterns, soft bokeh."""

import colorsys
import math

import numpy as np
from PIL import Image


def paint_background(seed: int, size: int) -> np.ndarray:
    """The background of a seed as uint8 [size, size, 3]; the picture is the same at every size but for grain."""
    random = np.random.default_rng(seed)
    first, second = _colour_pair(random)
    ticks = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = ticks[None, :], ticks[:, None]
    kind = random.choice(list(_KINDS), p=[0.22, 0.2, 0.22, 0.09, 0.09, 0.06, 0.12])
    mix = _KINDS[kind](random, x, y)
    picture = first + (second - first) * mix[..., None]
    vignette = random.uniform(0, 0.14)
    picture *= (1 - vignette * np.clip((x - 0.5) ** 2 + (y - 0.5) ** 2, 0, 1) * 2)[..., None]
    # A trace of grain hides the steps of slow gradients.
    picture += np.random.default_rng(seed + 1).normal(0, random.uniform(0.002, 0.008), (size, size, 1))
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def _colour_pair(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two related colours, pale most of the time, sometimes deep."""
    hue = random.random()
    shade = random.choice(["pale", "muted", "deep"], p=[0.6, 0.25, 0.15])
    saturation, value = {
        "pale": (random.uniform(0.04, 0.24), random.uniform(0.84, 0.98)),
        "muted": (random.uniform(0.14, 0.36), random.uniform(0.55, 0.78)),
        "deep": (random.uniform(0.22, 0.5), random.uniform(0.24, 0.4)),
    }[shade]
    other_hue = (hue + random.normal(0, 0.06)) % 1
    change = random.uniform(0.08, 0.22) * (-1 if random.random() < 0.7 else 1)
    other_value = float(np.clip(value + change, 0.16, 1))
    return (
        np.array(colorsys.hsv_to_rgb(hue, saturation, value), np.float32),
        np.array(colorsys.hsv_to_rgb(other_hue, min(0.6, saturation * random.uniform(0.9, 1.5)), other_value), np.float32),
    )


def _linear(random, x, y):
    angle = random.uniform(0, 2 * math.pi)
    return np.clip((x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle) + 0.5, 0, 1)


def _spot(random, x, y):
    centre_x, centre_y = random.uniform(0.2, 0.8), random.uniform(0.1, 0.7)
    return 1 - np.exp(-((x - centre_x) ** 2 + (y - centre_y) ** 2) / (2 * random.uniform(0.28, 0.5) ** 2))


def _room(random, x, y):
    horizon, hardness = random.uniform(0.35, 0.7), random.uniform(40, 160)
    floor = 1 / (1 + np.exp(np.clip((horizon - y) * hardness, -40, 40)))
    return floor * (0.75 + 0.25 * np.clip((1 - y) / (1 - horizon), 0, 1)) + 0 * x


def _stripes(random, x, y):
    angle, frequency = random.uniform(0, math.pi), random.uniform(25, 60)
    wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * frequency)
    return np.clip(0.5 + 1.5 * wave, 0, 1) * random.uniform(0.2, 0.5)


def _dots(random, x, y):
    count, radius = random.integers(7, 14), random.uniform(0.18, 0.32)
    row = np.floor(y * count)
    across, down = (x * count + 0.5 * (row % 2)) % 1 - 0.5, (y * count) % 1 - 0.5
    return np.clip((radius - np.hypot(across, down)) * 12 + 0.5, 0, 1) * random.uniform(0.25, 0.55)


def _checks(random, x, y):
    count = random.integers(4, 9)
    return ((np.floor(x * count) + np.floor(y * count)) % 2) * random.uniform(0.12, 0.3)


def _bokeh(random, x, y):
    """Large soft discs of light, drawn small and enlarged, as they have no fine detail."""
    ticks = (np.arange(64, dtype=np.float32) + 0.5) / 64
    total = np.zeros((64, 64), np.float32)
    for _ in range(random.integers(5, 11)):
        distance = np.hypot(ticks[None, :] - random.random(), ticks[:, None] - random.random())
        total += np.clip((random.uniform(0.07, 0.22) - distance) * 14 + 0.5, 0, 1) * random.uniform(0.15, 0.5)
    soft = Image.fromarray(total).resize((x.size, y.size), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(soft), 0, 1)


_KINDS = {
    "linear": _linear,
    "spot": _spot,
    "room": _room,
    "stripes": _stripes,
    "dots": _dots,
    "checks": _checks,
    "bokeh": _bokeh,
}
