"""`python -m grounding_train`: from drawings to a model pack."""

import argparse
import sys
from pathlib import Path

import torch

from . import commands, data_commands, variant_commands
from .fullsize import commands as fullsize


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m grounding_train", description=__doc__)
    parts = parser.add_subparsers(required=True)

    generate = parts.add_parser("generate", help="draw EmojiRef: the shipped dataset, or the training scenes")
    generate.add_argument("what", choices=["dataset", "scenes"])
    generate.add_argument("--assets", type=Path, required=True, help="the `assets` folder of the emoji package")
    generate.add_argument("--out", type=Path, required=True)
    generate.add_argument("--part", choices=list(commands.PARTS), default="emojiref", help="which dataset")
    generate.add_argument("--train", type=int, default=20_000, help="how many training scenes")
    generate.add_argument("--validation", type=int, default=800, help="how many scenes to watch the training with")
    generate.add_argument("--processes", type=int, default=2)
    generate.set_defaults(command=commands.generate)

    train = parts.add_parser("train", help="train all networks, or one; or RisCLIP on data of one's own")
    train.add_argument("network", nargs="?", choices=["all", *commands.NETWORKS], default="all")
    train.add_argument("--scenes", type=Path, help="folder of `generate scenes`")
    train.add_argument("--runs", type=Path, required=True, help="folder for checkpoints, curves and logs")
    train.add_argument("--minutes", type=float, help="of processor time, instead of the network's own budget")
    train.add_argument("--parallel", type=int, default=2, help="networks trained side by side, one thread each")
    data_commands.add_training_options(train)
    train.set_defaults(command=commands.train)

    evaluate = parts.add_parser("evaluate", help="measure a pack on a split with the Python reference")
    evaluate.add_argument("--pack", type=Path, required=True)
    evaluate.add_argument("--dataset", type=Path, required=True, help="a folder in Grounding JSONL with masks")
    evaluate.add_argument("--split", default="validation")
    evaluate.add_argument("--methods", nargs="*", choices=list(commands.METHODS))
    evaluate.add_argument("--out", type=Path, help="a JSON file for the numbers")
    evaluate.set_defaults(command=commands.evaluate)

    export = parts.add_parser("export", help="write graphs: of the demo networks a whole pack, of full-size ones a fragment each")
    kinds = export.add_subparsers(required=True)
    emojiref = kinds.add_parser("emojiref", help="a pack of the demo networks with default settings and no measurements")
    emojiref.add_argument("--runs", type=Path, required=True)
    emojiref.add_argument("--out", type=Path, required=True)
    emojiref.add_argument("--untrained", action="store_true", help="use networks as initialised where a checkpoint is missing")
    variant_commands.add_int8_option(emojiref)
    emojiref.set_defaults(command=commands.export)
    fullsize.add_exports(kinds)
    fullsize.add_assemble(parts)

    pack = parts.add_parser("pack", help="write the whole pack: export, tune on validation, measure, model card, curves")
    pack.add_argument("--runs", type=Path, required=True)
    pack.add_argument("--scenes", type=Path, required=True, help="the scenes that the networks were trained on, to count them")
    pack.add_argument("--dataset", type=Path, required=True, help="the shipped EmojiRef")
    pack.add_argument("--out", type=Path, required=True)
    pack.add_argument("--curves", type=Path, required=True, help="folder for the learning curves")
    pack.add_argument("--split", default="test", help="what the pack is measured on")
    variant_commands.add_int8_option(pack)
    pack.set_defaults(command=commands.pack)

    data_commands.add_pack_command(parts)
    variant_commands.add_int8_command(parts)

    golden = parts.add_parser("golden", help="write the golden cases that the engine's tests compare with")
    golden.add_argument("--pack", type=Path, required=True)
    golden.add_argument("--dataset", type=Path, required=True, help="the shipped EmojiRef")
    golden.add_argument("--out", type=Path, required=True)
    golden.set_defaults(command=commands.golden)
    return parser


def main(arguments: list[str]) -> None:
    torch.set_num_threads(1)
    options = _parser().parse_args(arguments)
    options.command(options)


if __name__ == "__main__":
    main(sys.argv[1:])
