"""Proves the full-size exports on networks of the true architectures with random weights, and leaves a pack.

    python -m tests.prove_full_size --out folder [--only clip sam]

One network at a time, as they are large. Prints how far each graph is from PyTorch; ends with an error where one is
too far. `npm run test:full-size` runs this and then the engine on the pack.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from PIL import Image

from grounding_train.evaluate import METHODS
from grounding_train.fullsize import blip, build, fragment
from grounding_train.reference.pack import Pack

from . import full_size

PACK = ("yolox", "clip", "blip-itm", "mobilesam", "risclip")
REPOSITORY = Path(__file__).parents[2]
PICTURE = "resources/datasets/emojiref/images/test-000000.webp"
PACK_ID = "full-size-random"
LAVIS_BLOCKS = {"base": 6, "large": 7}


def _prove_blip(folder: Path, size: str) -> full_size.Numbers:
    sizes = {"base": blip.BASE, "large": blip.LARGE}[size]
    return full_size.prove_blip(folder, LAVIS_BLOCKS[size], **sizes)


PROOFS = {
    "yolox": lambda folder: full_size.prove_yolox(build.random_yolox("s"), folder),
    "clip": lambda folder: full_size.prove_clip(folder),
    "blip-itm": lambda folder: _prove_blip(folder, "base"),
    "mobilesam": lambda folder: full_size.prove_segmenter(build.random_mobilesam(), folder, "MobileSAM"),
    "risclip": lambda folder: full_size.prove_risclip(folder),
    "sam": lambda folder: full_size.prove_segmenter(build.random_sam(), folder, "SAM"),
    "blip-itm-large": lambda folder: _prove_blip(folder, "large"),
}


def _tokens(pack: Pack) -> list[dict]:
    """Ids that the engine must find too."""
    return [
        {"role": role, "text": text, "ids": pack.tokens(role, text)[0][0].tolist(), "mask": pack.tokens(role, text)[1][0].tolist()}
        for role in ("clip-text", "blip-text", "risclip-ground")
        for text in full_size.TEXTS
    ]


def _answers(folder: Path) -> list[dict]:
    """What the Python reference says to one expression on one picture, by method; one method's networks at a time."""
    picture = Image.open(REPOSITORY / PICTURE).convert("RGB")
    found = []
    for name, method in METHODS.items():
        answer = method(Pack(folder, torch.get_num_threads()), picture).ground(full_size.TEXTS[0])
        found.append({"method": name, "picture": PICTURE, "text": full_size.TEXTS[0], "box": answer.box, "score": answer.score})
    return found


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m tests.prove_full_size", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for fragments/ and models/")
    parser.add_argument("--only", nargs="*", choices=list(PROOFS), default=list(PROOFS))
    options = parser.parse_args(arguments)
    results = options.out / "proof.json"
    numbers = json.loads(results.read_text()) if results.exists() else {}
    for name in options.only:
        torch.manual_seed(0)
        started = time.perf_counter()
        numbers[name] = PROOFS[name](options.out / "fragments" / name)
        print(
            f"{name} ({time.perf_counter() - started:.0f} s): " + ", ".join(f"{key} {value:.1e}" for key, value in numbers[name].items()),
            flush=True,
        )
        results.write_text(json.dumps(numbers, indent=1) + "\n")
        full_size.check(numbers[name])
    if set(PACK) <= set(numbers):
        folder = options.out / "models" / PACK_ID
        fragment.assemble([options.out / "fragments" / name for name in PACK], folder, PACK_ID, "Full size, random")
        expected = {"tokens": _tokens(Pack(folder)), "answers": _answers(folder)}
        # Last, because it says that all of it is there.
        (options.out / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
