"""The learning curves: copies of the tables and one picture of them."""

import csv
from pathlib import Path
from shutil import copyfile

# Which columns of each training's table the picture shows.
SHOWN = {
    "detector": ("recall", "category", "colour_right"),
    "clip": ("category_right", "colour_right", "pick_category", "pick_colour"),
    "sam": ("iou_centre", "iou_point", "iou_box"),
    "risclip": ("point", "accuracy", "mask_iou"),
    "blip": ("pair_place_category", "pair_attribute", "pair_binding", "point"),
}
COLOURS = ("#1f5fbf", "#b3541e", "#2e7d4f", "#7a3fa0")
WIDTH, HEIGHT, LEFT, TOP = 340, 230, 44, 30  # of one panel and its margins, in pixels


def _read(path: Path) -> list[dict[str, float]]:
    """The rows; what a row does not tell is left out of it."""
    with path.open(newline="") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]


def _panel(name: str, rows: list[dict[str, float]], x: int) -> list[str]:
    wide, high = WIDTH - LEFT - 20, HEIGHT - TOP - 70
    longest = max(row["minutes"] for row in rows) or 1e-9
    parts = [f'<g transform="translate({x + LEFT} {TOP})">', f'<text x="0" y="-12" font-weight="600">{name}</text>']
    for level in (0, 0.25, 0.5, 0.75, 1):
        y = high * (1 - level)
        parts.append(f'<path d="M0 {y:.1f}H{wide}" stroke="#ddd"/><text x="-6" y="{y + 4:.1f}" text-anchor="end">{level:g}</text>')
    parts.append(f'<text x="{wide}" y="{high + 16}" text-anchor="end">{longest:.3g} minutes of one core</text>')
    for number, (column, colour) in enumerate(zip(SHOWN[name], COLOURS)):
        told = [row for row in rows if column in row]
        points = " ".join(f"{wide * row['minutes'] / longest:.1f},{high * (1 - row[column]):.1f}" for row in told)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        across, down = (number % 2) * wide // 2, high + 34 + 16 * (number // 2)
        parts.append(f'<text x="{across}" y="{down}" fill="{colour}">{column.replace("_", " ")} {rows[-1][column]:.3f}</text>')
    return [*parts, "</g>"]


def write_curve(table: Path, picture: Path, name: str) -> None:
    """Draws the curve of one training."""
    picture.write_text(_picture(_panel(name, _read(table), 0), 1))


def write_curves(runs: Path, folder: Path) -> None:
    """Copies each training's table into `folder` and draws `curves.svg`, one panel a network."""
    folder.mkdir(parents=True, exist_ok=True)
    panels: list[str] = []
    for number, name in enumerate(SHOWN):
        copyfile(runs / f"{name}.csv", folder / f"{name}.csv")
        panels += _panel(name, _read(runs / f"{name}.csv"), number * WIDTH)
    (folder / "curves.svg").write_text(_picture(panels, len(SHOWN)))


def _picture(panels: list[str], count: int) -> str:
    size = f'viewBox="0 0 {WIDTH * count} {HEIGHT}" width="{WIDTH * count}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">'
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    return "\n".join([head, paper, *panels, "</svg>"]) + "\n"
