"""Chooses the methods' settings on the validation split, one or two at a time, by the Python reference.

Ties go to the earlier candidate, so each list starts with the plainest.
"""

from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from .dataset import Question, Scene
from .evaluate import evaluate, measure, points_at, summarise
from .export.networks import Networks
from .export.roles import export_blip
from .models.blip import LAYERS
from .reference.answer import Answer
from .reference.blip_sam import BlipSam, smooth_map
from .reference.pack import Pack

Candidate = TypeVar("Candidate")

SPLIT = "validation"
SCORE_THRESHOLDS = (0.1, 0.05, 0.15, 0.2, 0.3)
CROP_ENLARGEMENTS = (1.1, 1.0, 1.05, 1.15, 1.25)
BLURS = (0.02, 0.0, 0.01, 0.03, 0.045, 0.06)
POINTS = ((1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0))  # positive, negative
MASK_THRESHOLDS = (0.5, 0.45, 0.4, 0.35, 0.3, 0.55, 0.6)


def _best(candidates: Iterable[Candidate], score: Callable[[Candidate], float]) -> Candidate:
    scored = []
    for candidate in candidates:
        scored.append((score(candidate), candidate))
        print(f"  {candidate}: {scored[-1][0]:.4f}", flush=True)
    return max(scored, key=lambda pair: pair[0])[1]


def tune_yolo_clip(pack: Pack, scenes: list[Scene]) -> dict:
    settings = pack.settings("yolo-clip")

    def accuracy() -> float:
        return evaluate(pack, scenes, "yolo-clip")["all"]["accuracy@0.5"]

    def with_threshold(value: float) -> float:
        settings["scoreThreshold"] = value
        return accuracy()

    def with_enlargement(value: float) -> float:
        settings["crop"]["enlarge"] = value
        return accuracy()

    settings["scoreThreshold"] = _best(SCORE_THRESHOLDS, with_threshold)
    settings["crop"]["enlarge"] = _best(CROP_ENLARGEMENTS, with_enlargement)
    return {"yolo-clip.scoreThreshold": settings["scoreThreshold"], "yolo-clip.crop.enlarge": settings["crop"]["enlarge"]}


def tune_risclip(pack: Pack, scenes: list[Scene]) -> dict:
    settings = pack.settings("risclip")

    def accuracy(value: float) -> float:
        settings["threshold"] = value
        return evaluate(pack, scenes, "risclip")["all"]["accuracy@0.5"]

    settings["threshold"] = _best(MASK_THRESHOLDS, accuracy)
    return {"risclip.threshold": settings["threshold"]}


class _Looked:
    """The heat maps of all questions, from one layer, beside the grounding that SAM needs."""

    def __init__(self, pack: Pack, scenes: list[Scene]):
        self.rows: list[tuple[BlipSam, Question, tuple[float, np.ndarray], tuple[int, int]]] = []
        for scene in scenes:
            picture = scene.open()
            grounding = BlipSam(pack, picture)
            self.rows += [(grounding, question, grounding.look(question.text), picture.size) for question in scene.questions]

    def pointing(self, blur: float) -> float:
        """Share of questions whose map, blurred, is highest within the object's box."""
        hits = []
        for _, question, (_, heat), (width, height) in self.rows:
            frame = smooth_map(heat.astype(np.float64), width, height, blur)
            if frame is None:
                hits.append(False)
                continue
            row, column = np.unravel_index(int(frame.argmax()), frame.shape)
            point = (column + 0.5) * width / frame.shape[1], (row + 0.5) * height / frame.shape[0]
            hits.append(points_at(Answer(point=point), question))
        return float(np.mean(hits))

    def accuracy(self) -> float:
        rows = [(question, measure(grounding.answer(*look), question, True)) for grounding, question, look, _ in self.rows]
        return summarise(rows)["all"]["accuracy@0.5"]


def tune_blip_sam(pack: Pack, scenes: list[Scene], networks: Networks) -> dict:
    """Layer and blur by pointing accuracy, then the prompt's points by the accuracy of the boxes.

    SAM has one mask to offer, so there is no choice of masks to tune. `pack` is left with its own layer's
    graph: the caller exports the chosen one.
    """
    settings = pack.settings("blip-sam")
    with TemporaryDirectory() as folder:
        looked = {}
        for layer in range(LAYERS):
            at_layer = Path(copytree(pack.folder, Path(folder) / str(layer)))
            export_blip(networks.blip, at_layer, layer)
            other = Pack(at_layer)
            other.manifest["methods"]["blip-sam"] = settings
            looked[layer] = _Looked(other, scenes)
        layer, blur = _best(product(looked, BLURS), lambda pair: looked[pair[0]].pointing(pair[1]))
        settings |= {"gradcamLayer": layer, "blur": blur}

        def with_points(counts: tuple[int, int]) -> float:
            settings["points"], settings["negativePoints"] = counts
            return looked[layer].accuracy()

        settings["points"], settings["negativePoints"] = _best(POINTS, with_points)
    return {f"blip-sam.{name}": settings[name] for name in ("gradcamLayer", "blur", "points", "negativePoints")}


def tune(pack: Pack, scenes: list[Scene], networks: Networks) -> dict:
    """Tunes `pack.manifest` in place and returns the manifest's `tuning` entry."""
    chosen = tune_yolo_clip(pack, scenes) | tune_blip_sam(pack, scenes, networks) | tune_risclip(pack, scenes)
    return {name: {"value": value, "split": SPLIT} for name, value in chosen.items()}
