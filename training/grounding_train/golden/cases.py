"""Golden cases of a pack: each step of each method on demo images, and the answers."""

import numpy as np

from ..dataset import Scene
from ..emojiref.statement import KINDS
from ..emojiref.write import run_length
from ..reference.answer import Answer
from ..reference.blip_sam import BlipSam, smooth_map
from ..reference.pack import Pack
from ..reference.risclip import RisClip
from ..reference.yolo_clip import YoloClip, crop_tensor, embed_proposals
from .compact import numbers, sha256, tensor

IMAGES = 6
EXPRESSIONS = 2
_TEXTS = (
    "the dog",
    "The  BIG red\tballoon on the Left ",
    "a giraffe above the small cup",
    "the cat, please!",
    "",
    "the small blue cup to the left of the big red car that is above the green frog next to the yellow banana on the right",
)


def tokens(pack: Pack) -> list[dict]:
    """{text, ids, mask} by the rules of the text roles, which share a tokenizer."""
    cases = []
    for text in _TEXTS:
        ids, mask = pack.tokens("clip-text", text)
        cases.append({"text": text, "ids": ids[0].tolist(), "mask": mask[0].tolist()})
    return cases


def choose(scenes: list[Scene]) -> list[tuple[Scene, list]]:
    """Images and expressions of different kinds."""
    chosen = []
    for number, scene in enumerate(scene for scene in scenes if len(scene.questions) >= EXPRESSIONS):
        wanted = KINDS[number:] + KINDS[:number]
        questions = sorted(scene.questions, key=lambda question: wanted.index(question.kind))
        chosen.append((scene, questions[:EXPRESSIONS]))
        if len(chosen) == IMAGES:
            break
    return chosen


def _answer(answer: Answer) -> dict:
    return {
        "box": numbers(answer.box) if answer.box else None,
        "mask": run_length(answer.mask) if answer.mask is not None else None,
        "score": answer.score,
        "point": numbers(answer.point) if answer.point else None,
    }


def _features(outputs: dict[str, np.ndarray]) -> dict:
    return {name: tensor(values) for name, values in outputs.items()}


def image_case(pack: Pack, scene: Scene, questions) -> dict:
    picture = scene.open()
    yolo_clip, blip_sam, risclip = YoloClip(pack, picture), BlipSam(pack, picture), RisClip(pack, picture)
    image_roles = [name for name, role in pack.manifest["roles"].items() if "image" in role and name != "clip-image"]
    return {
        "image": scene.id,
        "file": f"images/{scene.file.name}",
        "width": picture.width,
        "height": picture.height,
        "pixelsSha256": sha256(np.asarray(picture).tobytes()),
        "pixels": {role: tensor(pack.pixels(role, picture)) for role in image_roles},
        "features": {role: _features(pack.encode_image(role, picture)) for role in image_roles},
        "proposals": [{**found, "box": numbers(found["box"])} for found in yolo_clip.proposals],
        "cropPixels": tensor(crop_tensor(pack, picture, yolo_clip.proposals), 2000),
        "cropEmbeddings": tensor(embed_proposals(pack, picture, yolo_clip.proposals), 2000),
        "expressions": [_expression(pack, yolo_clip, blip_sam, risclip, picture, question) for question in questions],
    }


def _expression(pack: Pack, yolo_clip: YoloClip, blip_sam: BlipSam, risclip: RisClip, picture, question) -> dict:
    chosen, shown, grounded = (method.ground(question.text) for method in (yolo_clip, blip_sam, risclip))
    heat = shown.details["heat_map"]
    frame = smooth_map(heat.astype(np.float64), *picture.size, pack.settings("blip-sam")["blur"])
    return {
        "expression": question.id,
        "text": question.text,
        "ids": pack.tokens("clip-text", question.text)[0][0].tolist(),
        "truth": numbers(question.box),
        "yolo-clip": {
            **_answer(chosen),
            "textEmbedding": tensor(chosen.details["text_embedding"]),
            "similarity": numbers(chosen.details["similarity"]),
            "probability": numbers(chosen.details["probability"]),
        },
        "blip-sam": {
            **_answer(shown),
            "heatMap": tensor(heat),
            "frame": tensor(frame),
            "points": numbers(shown.details["points"]),
            "labels": shown.details["labels"],
            "predictedIou": numbers(shown.details["iou"]),
        },
        "risclip": {
            **_answer(grounded),
            "locator": tensor(grounded.details["locator"]),
            "refined": tensor(grounded.details["refined"], 2000),
        },
    }
