"""Method 2: BLIP's Grad-CAM shows where the text is meant, SAM cuts out what is there."""

import math

import numpy as np
from PIL import Image
from scipy import ndimage

from ..measures import box_of_mask
from .answer import Answer, resize_bilinear, softmax
from .pack import Pack

LARGEST_FRAME = 256
PEAK_HEIGHT = 0.5
PEAK_DISTANCE = 0.1


def normalised(values: np.ndarray) -> np.ndarray:
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def smooth_map(heat: np.ndarray, width: int, height: int, blur: float) -> np.ndarray | None:
    """The heat map [h, w] in a small frame of the picture's shape, 0..1; None if it holds no evidence."""
    if heat.max() <= 0:
        return None
    longer = min(LARGEST_FRAME, max(width, height))
    scale = longer / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = Image.fromarray(normalised(heat).astype(np.float32))
    frame = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float64)
    sigma = blur * longer
    if sigma > 0:
        frame = ndimage.gaussian_filter(frame, sigma, mode="reflect", radius=math.ceil(4 * sigma))
    return normalised(frame)


def peaks(frame: np.ndarray, positive: int, negative: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Pixel centres (x, y) of the highest local maxima and of the lowest values, a distance apart."""
    apart = PEAK_DISTANCE * max(frame.shape)
    order = np.argsort(-frame, axis=None, kind="stable")
    summit = (frame == ndimage.maximum_filter(frame, 3)) & (frame >= PEAK_HEIGHT)
    high = _apart((index for index in order if summit.flat[index]), frame.shape, positive, apart)
    low = _apart(np.argsort(frame, axis=None, kind="stable"), frame.shape, negative, apart)
    return high, low


def _apart(order, shape: tuple[int, int], count: int, distance: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    if not count:
        return found
    for index in order:
        row, column = divmod(int(index), shape[1])
        point = (column + 0.5, row + 0.5)
        if all(math.dist(point, other) >= distance for other in found):
            found.append(point)
            if len(found) == count:
                break
    return found


class BlipSam:
    def __init__(self, pack: Pack, picture: Image.Image):
        self._pack = pack
        self._width, self._height = picture.size
        self._embeds = pack.encode_image("blip-image", picture)["image_embeds"]
        self._features = pack.encode_image("sam-image", picture)

    def _frame_of_sam(self) -> tuple[int, int, float, float]:
        """Side of SAM's frame is given by its rule; the picture covers width x height of it; scales per pixel."""
        rule = self._pack.manifest["roles"]["sam-image"]["image"]
        width, height = rule["size"]
        if rule["resize"] == "longest-side":
            scale = width / max(self._width, self._height)
            covered = int(self._width * scale + 0.5), int(self._height * scale + 0.5)
            return *covered, covered[0] / self._width, covered[1] / self._height
        return width, height, width / self._width, height / self._height

    def look(self, text: str) -> tuple[float, np.ndarray]:
        """The probability that the text matches, and the heat map [h, w]."""
        ids, mask = self._pack.text("blip-text", text)
        matched = self._pack.run("blip-text", {"image_embeds": self._embeds, "input_ids": ids, "attention_mask": mask})
        return float(softmax(matched["itm_logits"][0])[1]), matched["heat_map"][0]

    def ground(self, text: str) -> Answer:
        return self.answer(*self.look(text))

    def answer(self, score: float, heat: np.ndarray) -> Answer:
        settings = self._pack.settings("blip-sam")
        details = {"heat_map": heat}
        frame = smooth_map(heat.astype(np.float64), self._width, self._height, settings["blur"])
        if frame is None:
            return Answer(score=score, details=details)
        high, low = peaks(frame, settings["points"], settings["negativePoints"])
        scale = self._width / frame.shape[1], self._height / frame.shape[0]
        points = [(x * scale[0], y * scale[1]) for x, y in (*high, *low)]
        labels = [1.0] * len(high) + [0.0] * len(low)
        masks, quality = self._segment(points, labels)
        if settings["maskChoice"] == "predicted-iou":
            chosen = int(quality.argmax())
        else:
            full = resize_bilinear(frame, self._height, self._width)
            inside = [full[m].mean() - full[~m].mean() if m.any() and not m.all() else -1.0 for m in masks]
            chosen = int(np.argmax(inside))
        details |= {"points": points, "labels": labels, "chosen": chosen, "iou": quality}
        found = masks[chosen]
        return Answer(box_of_mask(found), found, score, points[0], details)

    def _segment(self, points, labels) -> tuple[list[np.ndarray], np.ndarray]:
        width, height, scale_x, scale_y = self._frame_of_sam()
        size = self._pack.manifest["roles"]["sam-decoder"]["inputs"]["mask_input"]["shape"][-1]
        coordinates = np.array([[(x * scale_x, y * scale_y) for x, y in points] + [(0, 0)]], np.float32)
        inputs = {
            **self._features,
            "point_coords": coordinates,
            "point_labels": np.array([[*labels, -1]], np.float32),
            "mask_input": np.zeros((1, 1, size, size), np.float32),
            "has_mask_input": np.zeros(1, np.float32),
        }
        output = self._pack.run("sam-decoder", inputs)
        full_width, full_height = self._pack.manifest["roles"]["sam-image"]["image"]["size"]
        masks = []
        for low in output["low_res_masks"][0]:
            framed = resize_bilinear(low.astype(np.float64), full_height, full_width)[:height, :width]
            masks.append(resize_bilinear(framed, self._height, self._width) > 0)
        return masks, output["iou_predictions"][0]
