"""What the command line does, one function a command."""

import json
from argparse import Namespace

from .data import SceneSet
from .data_commands import train_on_data, wants_own_data
from .dataset import read_split
from .emojiref import shards, write
from .evaluate import METHODS, table
from .evaluate import evaluate as evaluate_method
from .export.curves import write_curves
from .export.networks import load_networks
from .export.pack import export_pack, finish_pack
from .export.variant import add_int8
from .golden.write import write_golden
from .reference.pack import Pack
from .train import schedule
from .train.loop import Budget, compute_on
from .variant_commands import measure_and_print

NETWORKS = tuple(schedule.JOBS)
PARTS = write.PARTS


def generate(options: Namespace) -> None:
    if options.what == "dataset":
        write.write_dataset(options.out, options.assets, PARTS[options.part], options.processes)
        return
    for split in ("validation", "train"):
        shards.write_split(options.out, split, getattr(options, split), options.assets, processes=options.processes)


def train(options: Namespace) -> None:
    compute_on(options.device, not options.float32)
    if wants_own_data(options):
        train_on_data(options)
    elif options.scenes is None:
        raise SystemExit("Name the training scenes with --scenes; `train risclip` can also take --refer or --workspace.")
    elif options.network == "all":
        schedule.train_all(options.scenes, options.runs, options.parallel)
    else:
        budget = Budget(options.minutes, options.steps) if options.minutes or options.steps else None
        schedule.train_one(options.network, options.scenes, options.runs, budget)


def evaluate(options: Namespace) -> None:
    pack, scenes = Pack(options.pack), read_split(options.dataset, options.split)
    reports = {method: evaluate_method(pack, scenes, method) for method in options.methods or METHODS}
    for method, report in reports.items():
        print(f"\n{method}\n\n{table(report)}")
    if options.out:
        options.out.write_text(json.dumps(reports, indent=1) + "\n")


def export(options: Namespace) -> None:
    export_pack(load_networks(options.runs, options.untrained), options.out)
    if options.int8:
        add_int8(options.out)


def pack(options: Namespace) -> None:
    networks, count = load_networks(options.runs), len(SceneSet(options.scenes, "train"))
    reports = finish_pack(networks, options.runs, options.dataset, options.out, options.split, count)
    for method, report in reports.items():
        print(f"\n{method}\n\n{table(report)}")
    if options.int8:
        add_int8(options.out)
        measure_and_print(options.out, options.dataset, options.split)
    write_curves(options.runs, options.curves)


def golden(options: Namespace) -> None:
    write_golden(options.pack, options.dataset, options.out)
