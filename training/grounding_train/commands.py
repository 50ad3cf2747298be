"""What the command line does, one function a command."""

from argparse import Namespace

from .emojiref import shards, write
from .export.networks import load_networks
from .export.pack import export_pack
from .golden.write import write_golden
from .train import schedule

NETWORKS = tuple(schedule.JOBS)


def generate(options: Namespace) -> None:
    if options.what == "dataset":
        write.write_dataset(options.out, options.assets, processes=options.processes)
        return
    for split in ("validation", "train"):
        shards.write_split(options.out, split, getattr(options, split), options.assets, processes=options.processes)


def train(options: Namespace) -> None:
    if options.network == "all":
        schedule.train_all(options.scenes, options.runs, options.parallel)
    else:
        schedule.train_one(options.network, options.scenes, options.runs, options.minutes)


def export(options: Namespace) -> None:
    export_pack(load_networks(options.runs, options.untrained), options.out)


def golden(options: Namespace) -> None:
    write_golden(options.pack, options.dataset, options.out)
