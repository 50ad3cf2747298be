"""`python -m grounding_train`: from drawings to a model pack."""

import argparse
import sys
from pathlib import Path

import torch

from . import commands


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m grounding_train", description=__doc__)
    parts = parser.add_subparsers(required=True)

    generate = parts.add_parser("generate", help="draw EmojiRef: the shipped dataset, or the training scenes")
    generate.add_argument("what", choices=["dataset", "scenes"])
    generate.add_argument("--assets", type=Path, required=True, help="the `assets` folder of the emoji package")
    generate.add_argument("--out", type=Path, required=True)
    generate.add_argument("--train", type=int, default=20_000, help="how many training scenes")
    generate.add_argument("--validation", type=int, default=800, help="how many scenes to watch the training with")
    generate.add_argument("--processes", type=int, default=2)
    generate.set_defaults(command=commands.generate)

    train = parts.add_parser("train", help="train all networks, or one")
    train.add_argument("network", nargs="?", choices=["all", *commands.NETWORKS], default="all")
    train.add_argument("--scenes", type=Path, required=True, help="folder of `generate scenes`")
    train.add_argument("--runs", type=Path, required=True, help="folder for checkpoints, curves and logs")
    train.add_argument("--minutes", type=float, help="of processor time, instead of the network's own budget")
    train.add_argument("--parallel", type=int, default=2, help="networks trained side by side, one thread each")
    train.set_defaults(command=commands.train)

    export = parts.add_parser("export", help="write a pack with default settings")
    export.add_argument("--runs", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True)
    export.add_argument("--untrained", action="store_true", help="use networks as initialised where a checkpoint is missing")
    export.set_defaults(command=commands.export)

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
