"""The PyTorch side of `npm run bench:pytorch`: makes a full-size pack with random weights, and answers in plain PyTorch.

    python -m grounding_train.fullsize.measure pack --out folder --pictures folder
    python -m grounding_train.fullsize.measure serve --pack folder/models/full-size-random --threads 2

`serve` reads one request a line, `{"method", "picture", "texts", "bfloat16"}`, and answers each with one line: seconds to
make the picture ready (decoding included), seconds of each text, and the boxes.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from PIL import Image

from ..evaluate import METHODS
from ..export.variant import add_int8
from ..models.adapted import LadderRisClip
from ..variant_commands import calibration_pictures
from . import blip, build, export, synthetic
from .eager import EagerPack
from .fragment import MANIFEST, assemble
from .tokenizers import clip_tokenizer

PACK_ID = "full-size-random"
GRADCAM_BLOCK = 7
PROPOSALS = 8
"""A detector with random weights finds boxes everywhere; COCO's pictures have 7.3 objects on average."""


def make_pack(folder: Path, pictures: Path) -> None:
    fragments, pack = folder / "fragments", folder / "models" / PACK_ID
    synthetic.write_clip_vocabulary(fragments / "words")
    synthetic.write_bert_vocabulary(fragments / "words")
    risclip: LadderRisClip = build.random_risclip()
    steps = {
        "yolox": lambda out: export.export_yolox(build.random_yolox("s"), out, "s", "random weights"),
        "clip": lambda out: export.export_clip(build.random_clip(), fragments / "words", out, "random weights"),
        "blip": lambda out: export.export_blip(build.random_blip(**blip.BASE), fragments / "words", out, GRADCAM_BLOCK, "random weights"),
        "mobilesam": lambda out: export.export_segmenter(build.random_mobilesam(), out, "MobileSAM", "random weights"),
        "risclip": lambda out: export.export_risclip(risclip, clip_tokenizer(fragments / "words"), out, "random weights"),
    }
    for name, write in steps.items():
        write(fragments / name)
        print(f"{name} exported", flush=True)
    manifest = assemble([fragments / name for name in steps], pack, PACK_ID, "Full size, random")
    manifest["methods"]["yolo-clip"]["maximumProposals"] = PROPOSALS
    (pack / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    add_int8(pack, pictures=calibration_pictures(pictures))


def answer(pack: EagerPack, request: dict) -> dict:
    pack.bfloat16 = request["bfloat16"]
    started = time.perf_counter()
    with Image.open(request["picture"]) as file:
        method = METHODS[request["method"]](pack, file.convert("RGB"))
    ready = time.perf_counter() - started
    texts, boxes = [], []
    for text in request["texts"]:
        started = time.perf_counter()
        boxes.append(method.ground(text).box)
        texts.append(time.perf_counter() - started)
    return {"prepare": ready, "ground": texts, "boxes": boxes}


def serve(folder: Path, threads: int) -> None:
    torch.set_num_threads(threads)
    pack = EagerPack(folder)
    print(json.dumps({"ready": f"PyTorch {torch.__version__}, {threads} threads"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(pack, json.loads(line))), flush=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m grounding_train.fullsize.measure", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    packing = parts.add_parser("pack")
    packing.add_argument("--out", type=Path, required=True)
    packing.add_argument("--pictures", type=Path, required=True)
    serving = parts.add_parser("serve")
    serving.add_argument("--pack", type=Path, required=True)
    serving.add_argument("--threads", type=int, required=True)
    options = parser.parse_args(arguments)
    if options.part == "pack":
        make_pack(options.out, options.pictures)
    else:
        serve(options.pack, options.threads)


if __name__ == "__main__":
    main(sys.argv[1:])
