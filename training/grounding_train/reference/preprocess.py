"""Pixels and words to model inputs, by the rules of a pack's manifest."""

import math

import numpy as np
from PIL import Image

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def image_to_tensor(picture: Image.Image, rule: dict) -> np.ndarray:
    """float32 [1, 3, height, width] of an RGB picture, by a role's `image` entry."""
    width, height = rule["size"]
    resample = _FILTERS[rule["filter"]]
    kind = rule["resize"]
    if kind == "squash":
        return _normalised(picture.resize((width, height), resample), rule)
    if kind == "letterbox":
        ratio = min(width / picture.width, height / picture.height)
        resized = picture.resize((int(picture.width * ratio), int(picture.height * ratio)), resample)
        canvas = Image.new("RGB", (width, height), tuple(rule["pad"]))
        canvas.paste(resized, (0, 0))
        return _normalised(canvas, rule)
    if kind == "longest-side":
        scale = width / max(picture.size)
        target = (int(picture.width * scale + 0.5), int(picture.height * scale + 0.5))
        tensor = _normalised(picture.resize(target, resample), rule)
        padded = np.zeros((1, 3, height, width), np.float32)
        padded[:, :, : target[1], : target[0]] = tensor
        return padded
    if kind == "centre-crop":
        scale = max(width / picture.width, height / picture.height)
        target = (round(picture.width * scale), round(picture.height * scale))
        left, top = (target[0] - width) // 2, (target[1] - height) // 2
        resized = picture.resize(target, resample)
        return _normalised(resized.crop((left, top, left + width, top + height)), rule)
    raise ValueError(f"unknown resize rule {kind!r}")


def _normalised(picture: Image.Image, rule: dict) -> np.ndarray:
    pixels = np.asarray(picture, np.float32) * np.float32(rule["scale"])
    if rule["channels"] == "bgr":
        pixels = pixels[..., ::-1]
    pixels = (pixels - np.array(rule["mean"], np.float32)) / np.array(rule["std"], np.float32)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)


def crop_picture(picture: Image.Image, box: tuple[float, float, float, float], rule: dict) -> Image.Image:
    """The part of a picture around a box [x, y, width, height], by the manifest's `crop` entry."""
    x, y, width, height = box
    if rule["shape"] == "square":
        width_out = height_out = max(width, height) * rule["enlarge"]
    else:
        width_out, height_out = width * rule["enlarge"], height * rule["enlarge"]
    centre_x, centre_y = x + width / 2, y + height / 2
    left, top = math.floor(centre_x - width_out / 2), math.floor(centre_y - height_out / 2)
    right, bottom = math.ceil(centre_x + width_out / 2), math.ceil(centre_y + height_out / 2)
    canvas = Image.new("RGB", (max(1, right - left), max(1, bottom - top)), tuple(rule["fill"]))
    canvas.paste(picture, (-left, -top))
    return canvas
