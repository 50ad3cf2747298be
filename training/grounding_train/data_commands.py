"""`train risclip` on one's own data, and `pack-risclip`, which makes the result a pack."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .export.variant import add_int8
from .sources.sample import Source, choose
from .variant_commands import add_int8_option

_OWN = ("clip", "start", "refer", "workspace", "configuration")


def add_source_options(parser: ArgumentParser) -> None:
    """Where pictures and expressions come from."""
    parser.add_argument("--refer", type=Path, help="REFER folder, or one refs(….p) in it")
    parser.add_argument("--images", type=Path, help="with --refer: where the pictures are, if not beside it")
    parser.add_argument("--workspace", type=Path, help="folder of a workspace of Grounding Workbench; it is only read")
    parser.add_argument("--dataset", help="with --workspace: name or number of the dataset")
    parser.add_argument("--revision", type=int, help="with --workspace: ground truth as it was then; left out: as it is now")


def add_training_options(parser: ArgumentParser) -> None:
    """The options of `train risclip` beyond those of the demo's own training."""
    add_source_options(parser)
    parser.add_argument("--clip", type=Path, help="frozen CLIP: checkpoint of the tiny one, Hugging Face folder, or OpenAI's checkpoint")
    parser.add_argument("--vocabulary", type=Path, help="CLIP's vocabulary, where --clip is a checkpoint without one")
    parser.add_argument("--start", type=Path, help="checkpoint of a RisCLIP to go on from, instead of fresh adapters")
    parser.add_argument("--configuration", type=Path, help="TOML file; training/configurations has them")
    parser.add_argument("--steps", type=int, help="instead of the configuration's, or of a demo network's time")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--float32", action="store_true", help="no bfloat16")


def add_pack_command(parts) -> None:
    parser: ArgumentParser = parts.add_parser("pack-risclip", help="make a pack of a trained RisCLIP, its threshold tuned")
    add_source_options(parser)
    parser.add_argument("--scenes", type=Path, help="folder of `generate scenes`")
    parser.add_argument("--run", type=Path, required=True, help="checkpoint risclip.pt")
    parser.add_argument("--split", help="what the threshold is tuned on; left out: the configuration's validation split")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", default="my-risclip", help="lower-case letters, digits, - and .")
    parser.add_argument("--name", default="My RisCLIP")
    parser.add_argument("--version", default="1.0.0")
    add_int8_option(parser)
    parser.set_defaults(command=pack_risclip)


def wants_own_data(options: Namespace) -> bool:
    return options.network == "risclip" and any(getattr(options, name) is not None for name in _OWN)


def open_source(options: Namespace) -> Source | None:
    """The one source that was named; None if none was. Raises SystemExit for several."""
    named = [name for name in ("refer", "workspace", "scenes") if getattr(options, name) is not None]
    if len(named) > 1:
        raise SystemExit(f"Name one source of data, not {' and '.join('--' + name for name in named)}.")
    if options.refer:
        from .sources.refer import ReferFolder

        return ReferFolder(options.refer, options.images)
    if options.workspace:
        from .sources.workspace import WorkspaceData

        return WorkspaceData(options.workspace, options.dataset, options.revision)
    if options.scenes:
        from .sources.scenes import EmojiRefScenes

        return EmojiRefScenes(options.scenes)
    return None


def train_on_data(options: Namespace) -> None:
    from .configuration import Configuration, read_configuration
    from .export.curves import write_curve
    from .models.configured import configured
    from .train.grounding import train
    from .train.loop import Budget

    source = open_source(options)
    if source is None:
        raise SystemExit("Name the data with --refer, --workspace or --scenes.")
    configuration = read_configuration(options.configuration) if options.configuration else Configuration()
    if options.clip is None and options.start is None:
        raise SystemExit("Name the frozen CLIP with --clip, or a trained RisCLIP with --start.")
    report = configuration.training.report_steps
    steps = options.steps or configuration.training.steps
    budget = Budget(minutes=options.minutes) if options.minutes else Budget(steps=steps, report_steps=report)
    checkpoint = train(configured(configuration, options.clip, options.vocabulary), source, options.runs, budget, options.start)
    write_curve(options.runs / "risclip.csv", options.runs / "risclip.svg", "risclip")
    print(checkpoint)


def pack_risclip(options: Namespace) -> None:
    from .export.risclip_pack import export_risclip_pack
    from .models.configured import from_checkpoint
    from .sources.sample import training_and_validation

    source, samples, data = open_source(options), [], ""
    if source is not None and options.split:
        samples, data = choose(source, options.split), f"{source.description}, {options.split}"
    elif source is not None:
        configuration = from_checkpoint(options.run).configuration
        parts = configuration.data
        _, samples = training_and_validation(source, parts.training, parts.validation, parts.validation_share, configuration.training.seed)
        data = f"{source.description}, {parts.validation if parts.validation in source.splits() else 'training pictures held out'}"
    manifest = export_risclip_pack(options.run, options.out, options.name, options.id, options.version, samples, data)
    if options.int8:
        add_int8(options.out)
    print(f"{options.out}: threshold {manifest['methods']['risclip']['threshold']}")
    for row in manifest["measured"]:
        print(f"{row['metric']} {row['value']} on {row['count']} expressions of {row['data']}")
