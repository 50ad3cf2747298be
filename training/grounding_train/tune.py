"""Chooses the methods' settings on the validation split, one or two at a time, by the Python reference.

Ties go to the earlier candidate, so each list starts with the plainest.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from .dataset import Question, Scene
from .evaluate import evaluate, measure, points_at, summarise
from .export.networks import Networks
from .export.roles import export_blip
from .reference.answer import Answer
from .reference.blip_sam import BlipSam, smooth_map
from .reference.pack import Pack
from .reference.risclip import RisClip

Candidate = TypeVar("Candidate")

SPLIT = "validation"
SCORE_THRESHOLDS = (0.1, 0.05, 0.2)
CROP_ENLARGEMENTS = (1.1, 1.0, 1.2)
GRADCAM_LAYERS = ((0, 1, 2, 3), (0, 2, 3), (0, 2), (0,))
BLURS = (0.02, 0.0, 0.04)
POINTS = ((1, 0), (1, 1), (2, 0))  # positive, negative
MASK_THRESHOLDS = (0.5, 0.4, 0.3, 0.6)


def _best(candidates: Iterable[Candidate], score: Callable[[Candidate], float]) -> Candidate:
    scored = []
    for candidate in candidates:
        scored.append((score(candidate), candidate))
        print(f"  {score.__name__} {candidate}: {scored[-1][0]:.4f}", flush=True)
    return max(scored, key=lambda pair: pair[0])[1]


def tune_yolo_clip(pack: Pack, scenes: list[Scene], _: Networks) -> None:
    """The score threshold, then the size of the crops, by the accuracy of the boxes."""
    settings = pack.settings("yolo-clip")

    def score_threshold(value: float) -> float:
        settings["scoreThreshold"] = value
        return evaluate(pack, scenes, "yolo-clip")["all"]["accuracy@0.5"]

    def enlargement(value: float) -> float:
        settings["crop"]["enlarge"] = value
        return evaluate(pack, scenes, "yolo-clip")["all"]["accuracy@0.5"]

    settings["scoreThreshold"] = _best(SCORE_THRESHOLDS, score_threshold)
    settings["crop"]["enlarge"] = _best(CROP_ENLARGEMENTS, enlargement)


def tune_risclip(pack: Pack, scenes: list[Scene], _: Networks) -> None:
    """The mask's threshold by the accuracy of the boxes."""
    settings = pack.settings("risclip")
    looked = []
    for scene in scenes:
        grounding = RisClip(pack, scene.open())
        looked += [(grounding, question, grounding.look(question.text)) for question in scene.questions]

    def threshold(value: float) -> float:
        settings["threshold"] = value
        rows = [(question, measure(grounding.answer(*maps), question, True)) for grounding, question, maps in looked]
        return summarise(rows)["all"]["accuracy@0.5"]

    settings["threshold"] = _best(MASK_THRESHOLDS, threshold)


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


def tune_blip_sam(pack: Pack, scenes: list[Scene], networks: Networks) -> None:
    """Layers, then blur by pointing accuracy, then the prompt's points by the accuracy of the boxes.

    SAM has one mask to offer, so there is no choice of masks to tune. The chosen layers' graph is left in the
    pack's folder.
    """
    settings = pack.settings("blip-sam")
    with TemporaryDirectory() as folder:
        looked = {}
        for candidate in GRADCAM_LAYERS:
            copy = Path(copytree(pack.folder, Path(folder) / "-".join(map(str, candidate))))
            export_blip(networks.blip, copy, candidate)
            other = Pack(copy)
            other.manifest["methods"]["blip-sam"] = settings
            looked[candidate] = _Looked(other, scenes)

        def layers(candidate: tuple[int, ...]) -> float:
            return looked[candidate].pointing(BLURS[0])

        best = _best(looked, layers)
        settings["gradcamLayer"], chosen = list(best), looked[best]

        def blur(sigma: float) -> float:
            return chosen.pointing(sigma)

        def points(counts: tuple[int, int]) -> float:
            settings["points"], settings["negativePoints"] = counts
            return chosen.accuracy()

        settings["blur"] = _best(BLURS, blur)
        settings["points"], settings["negativePoints"] = _best(POINTS, points)
    export_blip(networks.blip, pack.folder, best)


TUNE = {"yolo-clip": tune_yolo_clip, "blip-sam": tune_blip_sam, "risclip": tune_risclip}
_TUNED = (
    ("yolo-clip", "scoreThreshold"),
    ("yolo-clip", "crop", "enlarge"),
    ("blip-sam", "gradcamLayer"),
    ("blip-sam", "blur"),
    ("blip-sam", "points"),
    ("blip-sam", "negativePoints"),
    ("risclip", "threshold"),
)


def tuning_entry(methods: dict) -> dict:
    """The manifest's `tuning` entry: the tuned settings of `methods`, and on what they were tuned."""
    entries = {}
    for path in _TUNED:
        value = methods
        for key in path:
            value = value[key]
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        entries[".".join(path)] = {"value": value, "split": SPLIT}
    return entries
