"""Golden cases that need no model: resize rules, crops, maps, peaks, masks and boxes, suppression."""

from pathlib import Path

import numpy as np
from PIL import Image

from ..emojiref.write import run_length
from ..measures import box_of_mask, largest_component, non_maximum_suppression
from ..reference.answer import resize_bilinear
from ..reference.blip_sam import peaks, smooth_map
from ..reference.preprocess import crop_picture, image_to_tensor
from ..reference.yolo_clip import decode
from .compact import numbers, tensor

PICTURES = {"wide": (61, 23), "tall": (17, 90), "tiny": (3, 5), "large": (301, 198)}  # width, height
_PLAIN = {"channels": "rgb", "scale": 1 / 255, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}
_YOLOX = {"channels": "bgr", "scale": 1, "mean": [0, 0, 0], "std": [1, 1, 1]}
_CLIP = {
    "channels": "rgb",
    "scale": 1 / 255,
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
}
_RULES = (
    {"resize": "squash", "size": [20, 14], **_PLAIN},
    {"resize": "letterbox", "size": [20, 16], "pad": [114, 100, 3], **_YOLOX},
    {"resize": "longest-side", "size": [18, 18], **_PLAIN},
    {"resize": "centre-crop", "size": [15, 15], **_CLIP},
    {"resize": "squash", "size": [96, 96], **_CLIP},
)


def _picture(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Smooth colours with noise and hard edges."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = [127 + 90 * np.sin(columns / (3 + channel) + rows / (5 - channel)) for channel in range(3)]
    pixels = np.stack(waves, -1) + random.normal(0, 12, (height, width, 3))
    pixels[height // 3 : height // 2 + 1, width // 4 : width // 2 + 1] = random.integers(0, 256, 3)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def preprocessing(folder: Path) -> list[dict]:
    """Writes the pictures and returns {picture, rule, tensor} for each rule and filter."""
    random = np.random.default_rng(3)
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, size in PICTURES.items():
        picture = _picture(random, *size)
        picture.save(folder / f"{name}.png", optimize=True)
        for rule in _RULES:
            for resample in ("bilinear", "bicubic"):
                full = {"input": "pixel_values", **rule, "filter": resample}
                cases.append({"picture": f"{name}.png", "rule": full, "tensor": tensor(image_to_tensor(picture, full))})
    return cases


def crops(folder: Path) -> list[dict]:
    """{picture, box, crop, size, tensor}: the crop's size before the role's resize, and after it."""
    boxes = ([60.3, 20.9, 81.2, 33.5], [-12.5, 150.2, 60.0, 70.0], [250.0, -4.0, 80.5, 30.25], [100.0, 60.0, 0.4, 0.4])
    rule = {"input": "pixel_values", "resize": "squash", "size": [16, 16], "filter": "bilinear", **_PLAIN}
    picture = Image.open(folder / "large.png")
    cases = []
    for box in boxes:
        for shape, enlarge in (("square", 1.1), ("box", 1.0), ("box", 1.3)):
            crop = {"shape": shape, "enlarge": enlarge, "fill": [127, 127, 127]}
            cut = crop_picture(picture, box, crop)
            found = image_to_tensor(cut, rule)
            cases.append({"picture": "large.png", "box": box, "crop": crop, "size": list(cut.size), "rule": rule, "tensor": tensor(found)})
    return cases


def maps() -> list[dict]:
    """{heat, width, height, blur, frame, points…}: heat map to smoothed frame to prompt points."""
    random = np.random.default_rng(4)
    cases = []
    for side, width, height, blur in ((14, 48, 36, 0.02), (14, 30, 47, 0.0), (24, 640, 427, 0.05), (7, 20, 5, 0.1), (14, 448, 448, 0.02)):
        heat = random.random((side, side)).astype(np.float32) ** 4 / 50
        frame = smooth_map(heat.astype(np.float64), width, height, blur)
        for positive, negative in ((1, 0), (3, 2)):
            high, low = peaks(frame, positive, negative)
            found = {"positive": numbers(high), "negative": numbers(low)}
            counts = {"points": positive, "negativePoints": negative}
            size = {"width": width, "height": height}
            cases.append({"heat": tensor(heat, None), **size, "blur": blur, "frame": tensor(frame, 1500), **counts, **found})
    return cases


def resizing() -> list[dict]:
    """{values, height, width, result}: bilinear, half-pixel centres, not antialiased."""
    random = np.random.default_rng(5)
    cases = []
    for source, target in (((5, 7), (13, 9)), ((14, 14), (37, 50)), ((20, 11), (7, 30)), ((1, 1), (3, 2))):
        values = random.normal(size=source).astype(np.float32)
        result = resize_bilinear(values.astype(np.float64), *target)
        cases.append({"values": tensor(values, None), "height": target[0], "width": target[1], "result": tensor(result, None)})
    return cases


def masks() -> list[dict]:
    """{mask, largest, box}: run-length masks, their largest 4-connected component, and its box."""
    random = np.random.default_rng(6)
    cases = []
    for height, width in ((1, 1), (9, 4), (24, 31), (60, 45)):
        for share in (0.0, 0.35, 0.6, 1.0):
            mask = random.random((height, width)) < share
            largest = largest_component(mask) if mask.any() else mask
            cases.append({"mask": run_length(mask), "largest": run_length(largest), "box": box_of_mask(mask)})
    return cases


def detections() -> list[dict]:
    """{output, strides, size, corners, scores, …, kept}: raw output to boxes, and suppression."""
    random = np.random.default_rng(7)
    cases = []
    for strides, width, height in (([8], 48, 32), ([8, 16, 32], 64, 64)):
        cells = sum((width // stride) * (height // stride) for stride in strides)
        raw = np.concatenate([random.normal(0, 0.5, (cells, 4)), random.random((cells, 4))], 1).astype(np.float32)
        corners = decode(raw.astype(np.float64), strides, width, height)
        clipped = np.clip(corners, 0, np.array([width, height] * 2))
        scores = raw[:, 4].astype(np.float64) * raw[:, 5:].max(1)
        rule = {"nmsIou": 0.5, "scoreThreshold": 0.2, "maximumProposals": 12}
        kept = non_maximum_suppression(clipped, scores, rule["nmsIou"], rule["scoreThreshold"], rule["maximumProposals"])
        size = {"width": width, "height": height}
        case = {"output": tensor(raw, None), "strides": strides, **size, "corners": tensor(corners, None)}
        cases.append(case | {"scores": tensor(scores, None), **rule, "kept": kept})
    return cases
