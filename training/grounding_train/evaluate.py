"""Measures a pack on a dataset with the Python reference, as docs/evaluation.md defines the numbers."""

from collections.abc import Iterable

import numpy as np

from .dataset import Question, Scene
from .emojiref.catalogue import HELD_OUT
from .emojiref.statement import KINDS
from .measures import box_iou, mask_iou
from .reference.answer import Answer
from .reference.blip_sam import BlipSam
from .reference.pack import Pack
from .reference.risclip import RisClip
from .reference.yolo_clip import YoloClip

HELD_OUT_GROUP = "held-out pairs"
CHANCE = "chance given the category"
GROUPS = ("all", *KINDS, HELD_OUT_GROUP)
METHODS = {"yolo-clip": YoloClip, "blip-sam": BlipSam, "risclip": RisClip}


def _corners(box) -> tuple[float, float, float, float]:
    return box[0], box[1], box[0] + box[2], box[1] + box[3]


def iou_of(box, question: Question) -> float:
    return box_iou(_corners(box), _corners(question.box)) if box else 0.0


def points_at(answer: Answer, question: Question) -> bool:
    if answer.point is None:
        return False
    x0, y0, x1, y1 = _corners(question.box)
    return x0 <= answer.point[0] <= x1 and y0 <= answer.point[1] <= y1


def measure(answer: Answer, question: Question, makes_masks: bool) -> dict[str, float]:
    """One answer's share in every number that its method has."""
    iou = iou_of(answer.box, question)
    numbers = {"accuracy@0.5": float(iou >= 0.5), "mean box IoU": iou}
    if makes_masks:
        numbers["mean mask IoU"] = mask_iou(answer.mask, question.mask) if answer.mask is not None else 0.0
        numbers["pointing accuracy"] = float(points_at(answer, question))
    return numbers


def summarise(measured: Iterable[tuple[Question, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Means of each number over all expressions, those of each kind, and those that mean an object whose
    category and colour no training scene shows together; with the count and the chance level."""
    groups: dict[str, list[dict[str, float]]] = {"all": []}
    for question, numbers in measured:
        names = ["all", question.kind]
        if (question.category, question.colour) in HELD_OUT:
            names.append(HELD_OUT_GROUP)
        for name in names:
            groups.setdefault(name, []).append({CHANCE: question.chance} | numbers)
    return {
        group: {"count": len(rows)} | {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
        for group, rows in groups.items()
    }


def evaluate(pack: Pack, scenes: list[Scene], method: str) -> dict[str, dict[str, float]]:
    """All numbers of a method: {"all" or another group: {metric: value}}."""
    rows = []
    for scene in scenes:
        grounding = METHODS[method](pack, scene.open())
        for question in scene.questions:
            numbers = measure(grounding.ground(question.text), question, method != "yolo-clip")
            if method == "yolo-clip":
                best = max((iou_of(proposal["box"], question) for proposal in grounding.proposals), default=0.0)
                numbers["proposal recall@0.5"] = float(best >= 0.5)
            rows.append((question, numbers))
    return summarise(rows)


def table(report: dict[str, dict[str, float]]) -> str:
    """The report as rows of a Markdown table."""
    names = list(report["all"])
    lines = ["| expressions | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for group in GROUPS:
        if group in report:
            values = [f"{report[group][name]:.3f}" if name != "count" else str(report[group][name]) for name in names]
            lines.append(f"| {group} | " + " | ".join(values) + " |")
    return "\n".join(lines)
