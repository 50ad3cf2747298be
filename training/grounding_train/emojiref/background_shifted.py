"""Backgrounds of the shifted test set: busier than the studio ones of training, and none of their kinds."""

import colorsys

import numpy as np


def paint_shifted_background(seed: int, size: int) -> np.ndarray:
    """The background of a seed as uint8 [size, size, 3]."""
    random = np.random.default_rng(seed)
    ticks = (np.arange(size, dtype=np.float32) + 0.5) / size
    paint = (_patches, _sunset, _waves)[int(random.integers(3))]
    picture = paint(random, ticks[None, :] + 0 * ticks[:, None], ticks[:, None] + 0 * ticks[None, :])
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def _colours(random: np.random.Generator, count: int) -> np.ndarray:
    """Soft colours of any hue, float32 [count, 3]."""
    hues = (random.random() + np.arange(count) / count + random.normal(0, 0.03, count)) % 1
    values = [colorsys.hsv_to_rgb(hue, random.uniform(0.1, 0.35), random.uniform(0.55, 0.95)) for hue in hues]
    return np.array(values, np.float32)


def _patches(random, x, y):
    """Areas around random points, like a mosaic of fields."""
    count = int(random.integers(8, 20))
    places = random.random((count, 2))
    distance = np.hypot(x[..., None] - places[:, 0], y[..., None] - places[:, 1])
    return _colours(random, count)[distance.argmin(-1)]


def _sunset(random, x, y):
    """Bands of sky above a dark ground."""
    bands = int(random.integers(4, 8))
    colours = _colours(random, bands)
    sky = colours[np.minimum((y * bands + 0.4 * np.sin(6 * x + random.uniform(0, 6))).clip(0).astype(int), bands - 1)]
    ground = (y > random.uniform(0.7, 0.85))[..., None]
    return np.where(ground, colours[0] * 0.45, sky)


def _waves(random, x, y):
    """Two sets of waves through one another."""
    first, second = _colours(random, 2)
    bend = np.sin(14 * x + 5 * np.sin(7 * y + random.uniform(0, 6))) * np.cos(11 * y + random.uniform(0, 6))
    return first + (second - first) * (0.5 + 0.5 * bend)[..., None]
