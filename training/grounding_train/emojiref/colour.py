"""Colour arithmetic: naming the colours of a drawing, and recolouring it with its shading kept."""

import numpy as np

# Shadow, body and highlight of each colour, RGB 0..255. Recolouring walks this ramp by luminance, so the
# modelled light of the drawing survives; a plain change of hue looks flat.
RAMPS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "red": ((96, 4, 16), (220, 32, 40), (255, 142, 128)),
    "orange": ((138, 52, 0), (245, 128, 18), (255, 206, 130)),
    "yellow": ((150, 104, 0), (250, 208, 24), (255, 244, 160)),
    "green": ((8, 70, 24), (46, 168, 66), (158, 232, 148)),
    "blue": ((8, 34, 112), (36, 104, 228), (140, 196, 255)),
    "purple": ((48, 12, 96), (130, 60, 204), (206, 164, 250)),
    "pink": ((160, 32, 96), (248, 118, 178), (255, 208, 226)),
    "grey": ((44, 44, 48), (132, 133, 138), (222, 222, 226)),
}


def to_hsv(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hue in degrees, saturation and value of RGB floats [..., 3] in 0..1."""
    high, low = rgb.max(-1), rgb.min(-1)
    span = high - low + 1e-6
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(
        high == red,
        ((green - blue) / span) % 6,
        np.where(high == green, (blue - red) / span + 2, (red - green) / span + 4),
    )
    return hue * 60, span / (high + 1e-6), high


def name_of(hue: float, saturation: float, value: float) -> str:
    """The everyday name of one pixel's colour; 'brown' is named so that it is never called orange."""
    if saturation < 0.16 or value < 0.25:
        return "grey"
    if (hue < 45 or hue > 335) and (value < 0.68 or (hue < 40 and saturation < 0.55)):
        return "brown"
    if hue < 14 or hue > 344:
        return "red" if saturation > 0.55 else "pink"
    for limit, name in ((42, "orange"), (68, "yellow"), (165, "green"), (248, "blue"), (295, "purple")):
        if hue < limit:
            return name
    return "pink"


def describe(rgba: np.ndarray) -> tuple[str | None, frozenset[str]]:
    """The one clear colour of a drawing [H, W, 4] (or None) and every colour that covers over 15% of it.

    Grey and brown are never a drawing's own colour name: people would rather say white, black or a shade.
    """
    solid = rgba[..., 3] > 0.5
    names = [name_of(*pixel) for pixel in zip(*(channel[solid][::7] for channel in to_hsv(rgba[..., :3])))]
    share = {name: names.count(name) / len(names) for name in set(names)}
    top = max(sorted(share), key=share.__getitem__)
    clear = top if share[top] > 0.62 and top not in ("grey", "brown") else None
    return clear, frozenset(name for name, part in share.items() if part > 0.15)


def _smooth_step(low: float, high: float, value: np.ndarray) -> np.ndarray:
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def recolour(rgba: np.ndarray, colour: str) -> np.ndarray:
    """The drawing [H, W, 4] in 0..1 painted in `colour`.

    A drawing that already has much colour keeps its whites (windows, teeth, labels); one that is white or
    grey itself is painted as a whole. Very dark pixels (eyes, tyres, outlines) stay dark in both cases.
    """
    rgb, solid = rgba[..., :3], rgba[..., 3] > 0.5
    _, saturation, value = to_hsv(rgb)
    coloured = float((saturation[solid] > 0.25).mean())
    paint = _smooth_step(0.10, 0.30, saturation) if coloured > 0.7 else np.ones_like(value)
    keeps_dark = 1 - _smooth_step(0.14, 0.30, value)
    if float((value[solid] < 0.3).mean()) > 0.5:  # a black drawing would keep everything
        keeps_dark = 1 - _smooth_step(0.04, 0.12, value)
    paint = paint * (1 - 0.85 * keeps_dark)
    luminance = rgb @ np.array([0.30, 0.59, 0.11], np.float32)
    body = luminance[solid & (paint > 0.5)]
    low, middle, high = np.percentile(body, (3, 50, 98)) if body.size > 20 else (0.1, 0.5, 0.9)
    stops = np.array([low, max(middle, low + 0.05), max(high, middle + 0.1)])
    ramp = np.array(RAMPS[colour], np.float32) / 255
    # The darkest and lightest parts of the body stop short of the ramp's ends, so that the name stays clear.
    reach = np.interp(luminance, stops, (0.18, 1.0, 1.75))
    painted = np.stack([np.interp(reach, (0, 1, 2), ramp[:, channel]) for channel in range(3)], -1)
    mixed = rgb * (1 - paint[..., None]) + painted * paint[..., None]
    return np.concatenate([np.clip(mixed, 0, 1), rgba[..., 3:]], -1).astype(np.float32)
