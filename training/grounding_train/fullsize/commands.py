"""`export yolox|clip|blip-itm|sam|mobilesam|risclip` and `assemble` of the command line.

What they need beside the demo networks (transformers) is imported when one of them runs.
"""

import argparse
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..export.variant import add_int8
from ..variant_commands import add_int8_option

_CHECKPOINT, _OR_FOLDER = "the authors' checkpoint", "the authors' checkpoint, or a Hugging Face folder"
_NETWORKS = (
    ("yolox", "YOLOX", _CHECKPOINT),
    ("clip", "CLIP", _OR_FOLDER),
    ("blip-itm", "BLIP's image-text matching, with Grad-CAM,", _OR_FOLDER),
    ("sam", "SAM", _OR_FOLDER),
    ("mobilesam", "MobileSAM", _CHECKPOINT),
    ("risclip", "RisCLIP on a full-size CLIP", "the checkpoint of `train risclip`, which holds the frozen CLIP too"),
)


def add_exports(kinds: argparse._SubParsersAction) -> None:
    """Adds one subcommand a network to `export`."""
    for name, network, weights in _NETWORKS:
        kind = kinds.add_parser(name, help=f"{network} as a fragment of a pack, from its weights")
        kind.add_argument("--weights", type=Path, help=weights)
        kind.add_argument("--random", action="store_true", help="random weights in place of --weights, to try formats and speed")
        kind.add_argument("--source", default="", help="where the weights come from, for the manifest")
        kind.add_argument("--out", type=Path, required=True)
        if name in ("clip", "blip-itm"):
            kind.add_argument("--vocabulary", type=Path, help="its vocabulary files; left out: those in the folder of --weights")
        kind.set_defaults(command=globals()[f"_export_{name.replace('-', '_')}"])
    kinds.choices["yolox"].add_argument("--size", choices=["nano", "tiny", "s", "m", "l", "x"], default="s")
    kinds.choices["blip-itm"].add_argument("--block", type=int, default=7, help="whose cross-attention Grad-CAM takes, from 0")
    kinds.choices["blip-itm"].add_argument("--size", choices=["base", "large"], default="base", help="with --random")


def add_assemble(parts: argparse._SubParsersAction) -> None:
    parser: ArgumentParser = parts.add_parser("assemble", help="lay fragments of `export` together as a pack")
    parser.add_argument("--from", dest="fragments", type=Path, nargs="+", required=True, help="folders of `export`, or whole packs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--id", default="full-size", help="lower-case letters, digits, - and .")
    parser.add_argument("--name", default="Full size")
    parser.add_argument("--version", default="1.0.0")
    add_int8_option(parser)
    parser.set_defaults(command=_assemble)


def _provenance(options: Namespace) -> str:
    return options.source or ("random weights" if options.random else f"{options.weights.name}, given by who made the pack")


def _weights(options: Namespace) -> Path:
    if options.weights is None:
        raise SystemExit("--weights is missing (or --random, to try without).")
    return options.weights


def _vocabulary(options: Namespace, write_synthetic) -> Path:
    """The folder or file with the vocabulary; for random weights one made up beside the graphs' folder."""
    if options.vocabulary:
        return options.vocabulary
    if options.random:
        folder = options.out / "vocabulary"
        write_synthetic(folder)
        return folder
    weights = _weights(options)
    if not weights.is_dir():
        raise SystemExit("--vocabulary is missing: a checkpoint has none in it.")
    return weights


def _export_yolox(options: Namespace) -> None:
    from . import build, export

    network = build.random_yolox(options.size) if options.random else build.yolox_model(_weights(options), options.size)
    export.export_yolox(network, options.out, options.size, _provenance(options))


def _export_clip(options: Namespace) -> None:
    from . import build, export, synthetic

    model = build.random_clip() if options.random else build.clip_model(_weights(options))
    export.export_clip(model, _vocabulary(options, synthetic.write_clip_vocabulary), options.out, _provenance(options))


def _export_blip_itm(options: Namespace) -> None:
    from . import blip, build, export, synthetic

    sizes = {"base": blip.BASE, "large": blip.LARGE}[options.size]
    model = build.random_blip(**sizes) if options.random else build.blip_model(_weights(options))
    vocabulary = _vocabulary(options, synthetic.write_bert_vocabulary)
    export.export_blip(model, vocabulary, options.out, options.block, _provenance(options))


def _export_sam(options: Namespace) -> None:
    from . import build, export

    network = build.random_sam() if options.random else build.sam_model(_weights(options))
    export.export_segmenter(network, options.out, "SAM", _provenance(options))


def _export_mobilesam(options: Namespace) -> None:
    from . import build, export

    network = build.random_mobilesam() if options.random else build.mobilesam_model(_weights(options))
    export.export_segmenter(network, options.out, "MobileSAM", _provenance(options))


def _export_risclip(options: Namespace) -> None:
    from tokenizers import Tokenizer

    from ..models.configured import from_checkpoint
    from . import build, export, synthetic
    from .tokenizers import clip_tokenizer

    if options.random:
        synthetic.write_clip_vocabulary(options.out / "vocabulary")
        network, tokenizer = build.random_risclip(), clip_tokenizer(options.out / "vocabulary")
    else:
        built = from_checkpoint(_weights(options))
        if built.configuration.network.clip == "tiny":
            raise SystemExit("This RisCLIP stands on the tiny CLIP: make its pack with `pack-risclip`.")
        network, tokenizer = built.network, Tokenizer.from_str(built.parts["tokenizer"])
    export.export_risclip(network, tokenizer, options.out, _provenance(options))


def _assemble(options: Namespace) -> None:
    from .fragment import assemble

    manifest = assemble(options.fragments, options.out, options.id, options.name, options.version)
    if options.int8:
        manifest = add_int8(options.out)
    size = sum(entry["bytes"] for entry in manifest["files"].values())
    print(f"{options.out}: {', '.join(manifest['methods']) or 'no whole method'}; {size / 1e6:.0f} MB")
