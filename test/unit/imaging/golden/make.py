"""Golden values of the imaging kernels from Pillow, numpy and scipy.

    python make.py    # writes golden.json beside this file

Pictures and maps are made by formulas that imaging.test.ts repeats, so that only results are stored:
pictures as the SHA-256 of their bytes, maps as numbers.
"""

import hashlib
import json
import math
import pathlib

import numpy as np
import PIL
import scipy
from PIL import Image
from scipy import ndimage

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def picture(width: int, height: int) -> Image.Image:
    y, x, channel = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return Image.fromarray(((x * 37 + y * 91 + channel * 50 + (x * y) % 17 * 11) % 256).astype(np.uint8))


def map_of(width: int, height: int) -> np.ndarray:
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    return (((x * 5 + y * 3 + x * y) % 23) / 23 - 0.4).astype(np.float64)


def sha256(values) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(v), 9) for v in values.ravel()]


def resized(size: list[int], to: list[int], name: str) -> dict:
    return {"size": size, "to": to, "filter": name, "sha256": sha256(picture(*size).resize(tuple(to), FILTERS[name]))}


def bilinear(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """scipy's own linear interpolation at half-pixel centres."""
    rows = (np.arange(height) + 0.5) * values.shape[0] / height - 0.5
    columns = (np.arange(width) + 0.5) * values.shape[1] / width - 0.5
    return ndimage.map_coordinates(values, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest")


SIZES = [
    ([448, 448], [224, 224]), ([448, 448], [64, 64]), ([37, 53], [64, 64]), ([1, 1], [8, 8]), ([640, 427], [224, 149]),
    ([5, 400], [64, 64]), ([224, 224], [224, 100]), ([100, 224], [224, 224]), ([3, 2], [7, 5]), ([641, 479], [96, 333]),
    ([100, 100], [60, 20]), ([100, 100], [60, 19]), ([60, 120], [40, 80]), ([60, 120], [40, 79]),
]  # fmt: skip


def crops() -> list[dict]:
    cases = []
    for size, box, shape, enlarge in (
        ([60, 40], [10.3, 5.7, 20.2, 11.9], "square", 1.15),
        ([60, 40], [-3.5, 20.0, 30.0, 30.0], "square", 1.5),
        ([60, 40], [50.2, 1.1, 9.7, 3.3], "box", 1.2),
        ([60, 40], [30.0, 20.0, 0.0, 0.0], "box", 1.0),
    ):
        x, y, width, height = box
        longer = max(width, height)
        wide, high = ((longer, longer) if shape == "square" else (width, height))
        wide, high = wide * enlarge, high * enlarge
        left, top = math.floor(x + width / 2 - wide / 2), math.floor(y + height / 2 - high / 2)
        right, bottom = math.ceil(x + width / 2 + wide / 2), math.ceil(y + height / 2 + high / 2)
        canvas = Image.new("RGB", (max(1, right - left), max(1, bottom - top)), (127, 12, 250))
        canvas.paste(picture(*size), (-left, -top))
        rule = {"shape": shape, "enlarge": enlarge, "fill": [127, 12, 250]}
        cases.append({"size": size, "box": box, "rule": rule, "to": list(canvas.size), "sha256": sha256(canvas)})
    return cases


def tensors() -> list[dict]:
    cases = []
    for kind, size in (("squash", [90, 61]), ("letterbox", [90, 61]), ("letterbox", [61, 90]), ("longest-side", [90, 61]), ("centre-crop", [90, 61]), ("centre-crop", [31, 75])):
        rule = {
            "size": [48, 48], "resize": kind, "filter": "bicubic", "pad": [114, 10, 200], "channels": "bgr" if kind == "letterbox" else "rgb",
            "scale": 1 / 255, "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711],
        }  # fmt: skip
        image = picture(*size)
        if kind == "squash":
            frame = image.resize((48, 48), FILTERS["bicubic"])
        elif kind == "letterbox":
            ratio = min(48 / size[0], 48 / size[1])
            frame = Image.new("RGB", (48, 48), (114, 10, 200))
            frame.paste(image.resize((int(size[0] * ratio), int(size[1] * ratio)), FILTERS["bicubic"]))
        elif kind == "longest-side":
            scale = 48 / max(size)
            frame = image.resize((int(size[0] * scale + 0.5), int(size[1] * scale + 0.5)), FILTERS["bicubic"])
        else:
            scale = 48 / min(size)
            target = round(size[0] * scale), round(size[1] * scale)
            left, top = (target[0] - 48) // 2, (target[1] - 48) // 2
            frame = image.resize(target, FILTERS["bicubic"]).crop((left, top, left + 48, top + 48))
        pixels = np.asarray(frame, np.float32) * np.float32(rule["scale"])
        if rule["channels"] == "bgr":
            pixels = pixels[..., ::-1]
        pixels = (pixels - np.array(rule["mean"], np.float32)) / np.array(rule["std"], np.float32)
        full = np.zeros((3, 48, 48), np.float32)
        full[:, : frame.height, : frame.width] = pixels.transpose(2, 0, 1)
        cases.append({"size": size, "rule": rule, "sha256": sha256(full)})
    return cases


def maps() -> dict:
    small = map_of(7, 5)
    as_image = Image.fromarray(small.astype(np.float32))
    frame = np.asarray(as_image.resize((33, 24), FILTERS["bicubic"]), np.float64)
    return {
        "bicubic": rounded(frame),
        "shrunk": rounded(np.asarray(Image.fromarray(map_of(30, 20).astype(np.float32)).resize((7, 9), FILTERS["bilinear"]))),
        "bilinear": rounded(bilinear(small, 12, 17)),
        "bilinearDown": rounded(bilinear(map_of(30, 20), 6, 8)),
        "blurred": rounded(ndimage.gaussian_filter(frame, 2.3, mode="reflect", radius=math.ceil(4 * 2.3))),
        "blurredWide": rounded(ndimage.gaussian_filter(small, 3.1, mode="reflect", radius=math.ceil(4 * 3.1))),
    }


golden = {
    "versions": {"pillow": PIL.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "resized": [resized(size, to, name) for size, to in SIZES for name in FILTERS],
    "crops": crops(),
    "tensors": tensors(),
    "maps": maps(),
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden) + "\n")
