"""`add-int8`, and `--int8` of the commands that write a pack."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .dataset import read_split
from .export.variant import INT8, add_int8, measure_int8

_PICTURES, _CALIBRATION = (".jpg", ".jpeg", ".png", ".webp"), 100
_INT8_HELP = "also write the variant int8: smaller and faster graphs beside the others (docs/packs.md)"


def add_int8_option(parser: ArgumentParser) -> None:
    parser.add_argument("--int8", action="store_true", help=_INT8_HELP)


def add_int8_command(parts) -> None:
    parser: ArgumentParser = parts.add_parser("add-int8", help="give a pack that lies in a folder the variant int8, without its weights")
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--roles", nargs="+", metavar="ROLE", help="whose graphs; left out: those that have much to gain")
    parser.add_argument("--pictures", type=Path, help="a folder of pictures like those to come; with it detectors get 8 bits too")
    parser.add_argument("--default", action="store_true", help="the pack is used with it unless a person or a run says otherwise")
    parser.add_argument("--dataset", type=Path, help="measure accuracy and speed on this folder in Grounding JSONL with masks")
    parser.add_argument("--split", default="test")
    parser.add_argument("--data", help="what the manifest calls the data; left out: EmojiRef and the split")
    parser.set_defaults(command=_add)


def calibration_pictures(folder: Path) -> list[Path]:
    """A hundred pictures of a folder, evenly spaced in the order of their names; ranges change little with more."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _PICTURES)
    if not found:
        raise SystemExit(f"{folder} has no pictures ({', '.join(_PICTURES)}).")
    return found[:: -(-len(found) // _CALIBRATION)]


def _add(options: Namespace) -> None:
    pictures = calibration_pictures(options.pictures) if options.pictures else ()
    manifest = add_int8(options.pack, options.roles, options.default, pictures)
    for role, file in manifest["variants"][INT8]["files"].items():
        plain = manifest["roles"][role]["file"]
        print(f"{role}: {manifest['files'][plain]['bytes'] / 1e6:.1f} MB, int8 {manifest['files'][file]['bytes'] / 1e6:.1f} MB")
    if options.dataset:
        measure_and_print(options.pack, options.dataset, options.split, options.data)


def measure_and_print(folder: Path, dataset: Path, split: str, data: str | None = None) -> None:
    """Measures the variant, notes it in the manifest and prints each method's accuracy and speed."""
    manifest, reports = measure_int8(folder, read_split(dataset, split), data or f"EmojiRef {split}")
    speed = {entry["method"]: entry["factor"] for entry in manifest["variants"][INT8]["speed"]}
    for method, report in reports.items():
        plain, int8 = (report[name]["all"]["accuracy@0.5"] for name in ("float32", INT8))
        print(f"{method}: accuracy {plain:.4f}, int8 {int8:.4f} ({100 * (int8 - plain):+.2f} points), {speed[method]:.2f} times as fast")
