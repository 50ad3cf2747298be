"""Every source gives the same pictures, expressions and masks, and refuses what it cannot read."""

import json
import pickle
import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from grounding_train.dataset import read_split
from grounding_train.sources.plain_pickle import NotPlainData, read_plain_pickle
from grounding_train.sources.refer import ReferFolder, original_name
from grounding_train.sources.sample import NoSuchData, choose, training_and_validation
from grounding_train.sources.scenes import EmojiRefScenes
from grounding_train.sources.workspace import WorkspaceData

SCHEMA = Path(__file__).parents[2] / "src/main/engine/workspace/migrations/001-initial.ts"


class _Harm:
    def __reduce__(self):
        return print, ("harm",)


def test_a_pickle_may_hold_plain_data_only(tmp_path, capsys):
    plain = [{"a": (1, 2.5, None, True), "b": ["text", b"bytes", {1}]}]
    for protocol in (2, 4):
        (tmp_path / "plain.p").write_bytes(pickle.dumps(plain if protocol > 2 else [{"a": (1, 2.5)}], protocol))
        assert read_plain_pickle(tmp_path / "plain.p") == (plain if protocol > 2 else [{"a": (1, 2.5)}])
    (tmp_path / "python2.p").write_bytes(b"(lp0\n(dp1\nS'sent'\np2\nS'caf\\xe9'\np3\nsa.")
    assert read_plain_pickle(tmp_path / "python2.p") == [{"sent": "café"}]
    for name, content in (("harm.p", pickle.dumps(_Harm())), ("path.p", pickle.dumps(Path("x"))), ("half.p", pickle.dumps(plain)[:20])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotPlainData, match=name):
            read_plain_pickle(tmp_path / name)
    assert "harm" not in capsys.readouterr().out


def test_the_number_at_the_end_of_a_file_name_is_the_annotations():
    assert original_name("COCO_train2014_000000380440_491042.jpg") == "COCO_train2014_000000380440.jpg"


@pytest.fixture
def refer(tmp_path) -> Path:
    """Two pictures; a mask of two polygons that overlap, one of run lengths, and an object without any."""
    (tmp_path / "images").mkdir()
    for number in (7, 8):
        Image.new("RGB", (40, 30), (number, 0, 0)).save(tmp_path / "images" / f"COCO_{number}.png")
    runs = coco_mask.encode(np.asfortranarray(np.pad(np.ones((3, 4), np.uint8), ((5, 22), (6, 30)))))
    halves = [[2, 2, 12, 2, 12, 12, 2, 12], [8, 8, 20, 8, 20, 20, 8, 20]]
    annotations = [
        {"id": 1, "image_id": 7, "bbox": [2, 2, 18, 18], "segmentation": halves},
        {"id": 2, "image_id": 7, "bbox": [6, 5, 4, 3], "segmentation": {"size": [30, 40], "counts": runs["counts"].decode()}},
        {"id": 3, "image_id": 8, "bbox": [10, 10, 5, 6]},
    ]
    images = [
        {"id": 7, "file_name": "COCO_7.png", "width": 40, "height": 30},
        {"id": 8, "file_name": "COCO_8.png", "width": 40, "height": 30},
    ]
    (tmp_path / "instances.json").write_text(json.dumps({"images": images, "annotations": annotations, "categories": []}))
    refs = [
        {"ref_id": k, "ann_id": k, "image_id": 7 if k < 3 else 8, "file_name": f"COCO_{7 if k < 3 else 8}_{k}.png", "split": "val" if k == 3 else "train",
         "sentences": [{"sent_id": 10 * k + n, "sent": f"thing {k} said {n}", "kind": "size"} for n in range(2)]}
        for k in (1, 2, 3)
    ]  # fmt: skip
    (tmp_path / "refs(umd).p").write_bytes(pickle.dumps(refs, 2))
    return tmp_path


def test_refer(refer):
    source = ReferFolder(refer)
    assert source.splits() == ("train", "val")
    (sample,) = source.samples("train")
    assert sample.picture.getpixel((0, 0)) == (7, 0, 0)
    assert [said.text for said in sample.said] == ["thing 1 said 0", "thing 1 said 1", "thing 2 said 0", "thing 2 said 1"]
    union = sample.said[0].mask
    # Both parts, and where they overlap once: 100 + 144 - 16 pixels.
    assert union.dtype == bool and union[5, 5] and union[15, 15] and union[9, 9] and not union[5, 15] and union.sum() == 228
    assert sample.said[2].mask.sum() == 12 and sample.said[2].mask[5:8, 6:10].all() and sample.said[2].kind == "size"
    (other,) = source.samples("val")
    assert other.said[0].mask.sum() == 30 and other.said[0].mask[10:16, 10:15].all()  # no mask: its box
    with pytest.raises(NoSuchData, match="train, val"):
        choose(source, "test")
    with pytest.raises(NoSuchData, match="--images"):
        ReferFolder(refer, refer / "elsewhere")


@pytest.fixture
def workspace(dataset, tmp_path) -> Path:
    """The tiny dataset in a database of the workbench's own schema; one referent corrected twice, one without a mask."""
    schema = re.search(r"`(.*)`", SCHEMA.read_text(), re.S).group(1)
    database = sqlite3.connect(tmp_path / "workspace.sqlite")
    database.executescript(schema)
    database.execute("INSERT INTO datasets VALUES (1, 'Tiny', '', '', '', '', ?, '', '')", (str(dataset),))
    number = 0
    for image, scene in enumerate(read_split(dataset, "validation"), 1):
        database.execute(
            "INSERT INTO images VALUES (?, 1, ?, ?, 448, 448, 'validation')", (image, scene.id, str(scene.file.relative_to(dataset)))
        )
        for question in scene.questions:
            number += 1
            runs = question._runs["counts"]
            database.execute("INSERT INTO referents VALUES (?, 1, ?, ?, '', '{}', 0)", (number, image, question.id))
            truth = "INSERT INTO ground_truth VALUES (?, ?, ?, ?, ?, ?, ?, 'imported', NULL, '', '')"
            database.execute(truth, (number, 0, *question.box, runs if number != 2 else None))
            row = (number, image, number, question.id, question.text, question.kind)
            database.execute(
                "INSERT INTO expressions VALUES (?, 1, ?, ?, ?, ?, '', ?, 1, '{}', 'validation', '', 0, 'unreviewed', NULL)", row
            )
    for revision in (1, 2):
        database.execute("INSERT INTO ground_truth VALUES (1, ?, ?, 20, 30, 40, NULL, 'drawn', NULL, '', '')", (revision, 100 * revision))
    database.execute("UPDATE state SET revision = 2")
    database.commit()
    database.close()
    return tmp_path


def test_workspace(workspace, dataset):
    before = (workspace / "workspace.sqlite").read_bytes()
    asked = [(scene, question) for scene in read_split(dataset, "validation") for question in scene.questions]
    original = WorkspaceData(workspace, "Tiny", revision=0)
    found = [(sample, said) for sample in original.samples("validation") for said in sample.said]
    assert [said.text for _, said in found] == [question.text for _, question in asked]
    for number, ((sample, said), (scene, question)) in enumerate(zip(found, asked), 1):
        assert said.box == question.box
        if number == 2:
            x, y, width, height = question.box
            assert said.mask.sum() == width * height and said.mask[int(y), int(x)]
        else:
            assert np.array_equal(said.mask, question.mask)
        assert np.array_equal(np.asarray(sample.picture), np.asarray(scene.open()))
    for revision, x in ((1, 100), (2, 200), (None, 200)):
        source = WorkspaceData(workspace, "1", revision)
        first = source.samples("validation")[0].said[0]
        assert first.box == (x, 20, 30, 40) and source.revision == (revision or 2)
        assert first.mask[20:60, x : x + 30].all() and first.mask.sum() == 1200
    with pytest.raises(NoSuchData, match="newest is 2"):
        WorkspaceData(workspace, "Tiny", revision=3)
    with pytest.raises(NoSuchData, match="Tiny"):
        WorkspaceData(workspace, "Other")
    assert (workspace / "workspace.sqlite").read_bytes() == before


def test_scenes(scenes_folder):
    source = EmojiRefScenes(scenes_folder)
    assert source.splits() == ("train", "validation")
    gaps = []
    for sample in source.samples("validation"):
        assert sample.picture.size == (224, 224)
        for said in sample.said:
            x, y, width, height = said.box
            rows, columns = np.nonzero(said.mask)
            gaps.append((columns.min() - x, rows.min() - y, x + width - columns.max() - 1, y + height - rows.max() - 1))
    # The box is measured at twice the size; the mask holds every second row and column of that. So it lies inside the
    # box to half a pixel and nearly always touches its edges, but a thin tip between two of its rows is missing from it.
    assert np.min(gaps) >= -0.501
    assert np.quantile(gaps, 0.9) <= 1


def test_without_a_validation_split_some_pictures_are_held_out(scenes_folder):
    source = EmojiRefScenes(scenes_folder)
    training, validation = training_and_validation(source, "validation", "val", 0.34, seed=1)
    assert len(validation) == round(0.34 * len(source.samples("validation"))) and len(training) > 0
    keys = [sample.key for sample in training], [sample.key for sample in validation]
    assert set(keys[0]).isdisjoint(keys[1])
    again = training_and_validation(source, "validation", "val", 0.34, seed=1)
    assert [sample.key for sample in again[1]] == keys[1]
