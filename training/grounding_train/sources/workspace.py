"""The workbench's own data: a dataset of a workspace, with its ground truth as it was at a revision.

The database is opened for reading only, so the workbench may have the workspace open meanwhile.
"""

import sqlite3
from collections import defaultdict
from functools import partial
from pathlib import Path

from .sample import NoSuchData, Said, Sample, box_mask, open_picture, segmentation_mask

DATABASE = "workspace.sqlite"

# Every referent's newest ground truth that is not younger than the revision; 0 is what was imported.
_QUERY = """
SELECT expressions.split, images.id, images.key, images.file, images.width, images.height, expressions.text, expressions.kind,
       truth.box_x, truth.box_y, truth.box_width, truth.box_height, truth.mask_counts
FROM expressions
JOIN images ON images.id = expressions.image_id
JOIN ground_truth AS truth ON truth.referent_id = expressions.referent_id
WHERE expressions.dataset_id = :dataset AND truth.box_x IS NOT NULL
  AND truth.revision = (SELECT MAX(revision) FROM ground_truth WHERE referent_id = truth.referent_id AND revision <= :revision)
ORDER BY images.id, expressions.id
"""


class WorkspaceData:
    def __init__(self, folder: Path, dataset: str | None = None, revision: int | None = None):
        """`dataset` may be left out where there is one; without `revision`, ground truth as it is now.

        Texts are as they are now: only geometry has revisions. Expressions that mean nothing are left out.
        """
        file = folder / DATABASE
        if not file.is_file():
            raise NoSuchData(f"{folder} is no workspace: it has no {DATABASE}")
        database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            number, name, self._root = _dataset(database, dataset)
            newest = database.execute("SELECT revision FROM state").fetchone()[0]
            if revision is not None and not 0 <= revision <= newest:
                raise NoSuchData(f"there is no revision {revision} yet: the newest is {newest}")
            self.revision: int = newest if revision is None else revision
            rows = database.execute(_QUERY, {"dataset": number, "revision": self.revision}).fetchall()
        finally:
            database.close()
        self._rows: dict[str, dict[int, list[tuple]]] = defaultdict(lambda: defaultdict(list))
        for split, image, *row in rows:
            self._rows[split][image].append(tuple(row))
        self.description = f"workspace dataset {name}, ground truth at revision {self.revision}"

    def splits(self) -> tuple[str, ...]:
        return tuple(sorted(self._rows))

    def samples(self, split: str) -> list[Sample]:
        found = []
        for rows in self._rows[split].values():
            key, file = rows[0][:2]
            found.append(Sample(key, partial(open_picture, Path(self._root) / file), tuple(_said(row) for row in rows)))
        return found


def _said(row: tuple) -> Said:
    _, _, width, height, text, kind, *box, counts = row
    if counts is None:
        mask = partial(box_mask, tuple(box), width, height)
    else:
        mask = partial(segmentation_mask, {"size": [height, width], "counts": counts}, width, height)
    return Said(text, kind, tuple(box), mask)


def _dataset(database: sqlite3.Connection, wanted: str | None) -> tuple[int, str, str]:
    found = database.execute("SELECT id, name, root FROM datasets ORDER BY id").fetchall()
    chosen = [row for row in found if wanted is None or row[1] == wanted or str(row[0]) == wanted]
    if len(chosen) != 1:
        names = ", ".join(f"{name} ({number})" for number, name, _ in found) or "none"
        raise NoSuchData(f"name one dataset of the workspace with --dataset; there are: {names}")
    return chosen[0]
