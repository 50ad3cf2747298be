"""The generator: the same seed gives the same scene, and every expression means one object."""

import json
from random import Random

import numpy as np
import pytest

from grounding_train.data import SceneSet, shows_held_out
from grounding_train.dataset import read_split
from grounding_train.emojiref.expressions import expressions, falsified
from grounding_train.emojiref.render import render
from grounding_train.emojiref.scene import sample_scene
from grounding_train.emojiref.statement import NOTHING, meaning
from grounding_train.emojiref.write import write_dataset
from grounding_train.measures import box_of_mask
from grounding_train.text import UNKNOWN, encode, token_ids

from .conftest import SMALL_PART

SIZE = 224


@pytest.fixture(scope="module")
def rendered(drawings):
    return [render(sample_scene(seed, drawings), SIZE, drawings) for seed in range(30)]


def test_a_seed_gives_one_scene(drawings, rendered):
    again = render(sample_scene(7, drawings), SIZE, drawings)
    assert np.array_equal(again.picture, rendered[7].picture)
    assert np.array_equal(again.owner, rendered[7].owner)
    assert again.objects == rendered[7].objects
    assert expressions(again.objects, Random(7), 3) == expressions(rendered[7].objects, Random(7), 3)


def test_the_dataset_is_written_alike_twice(assets, dataset, tmp_path):
    write_dataset(tmp_path, assets, SMALL_PART, processes=2)
    written = sorted(path.relative_to(dataset) for path in dataset.rglob("*") if path.is_file())
    assert len(written) >= 7 + 5
    for name in written:
        assert (tmp_path / name).read_bytes() == (dataset / name).read_bytes(), name


def test_boxes_are_those_of_the_visible_masks(rendered):
    for scene in rendered:
        for index, thing in enumerate(scene.objects):
            rows, columns = np.nonzero(scene.owner == index + 1)
            edges = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            assert [round(edge * SIZE) for edge in thing.box] == edges


def test_every_expression_means_exactly_its_object(rendered):
    kinds = set()
    for seed, scene in enumerate(rendered):
        for found in expressions(scene.objects, Random(seed), 3):
            kinds.add(found.kind)
            assert meaning(scene.objects, found.statement).index == found.index
            wanted = found.statement
            like = [o for o in scene.objects if o.category == wanted.category]
            if found.kind == "category":
                assert len(like) == 1
            if found.kind == "colour":
                assert sum(wanted.colour == o.colour or wanted.colour in o.natural for o in like) == 1
            if found.kind == "size":
                areas = sorted(o.area for o in like)
                assert scene.objects[found.index].area == (areas[0] if wanted.size == "small" else areas[-1])
            if found.kind == "position" and wanted.position == "left":
                assert scene.objects[found.index].centre[0] == min(o.centre[0] for o in like)
    assert {"category", "colour", "size", "position", "relation"} <= kinds


def test_a_falsified_statement_is_true_of_nothing(rendered):
    random = Random(1)
    for seed, scene in enumerate(rendered[:10]):
        for found in expressions(scene.objects, Random(seed), 2):
            wrong = falsified(scene.objects, found.statement, random)
            assert wrong is not None and meaning(scene.objects, wrong) == NOTHING


def test_every_word_has_a_token(rendered):
    unknown = token_ids()[UNKNOWN]
    for seed, scene in enumerate(rendered):
        texts = [found.text for found in expressions(scene.objects, Random(seed), 3)]
        assert not (encode(texts) == unknown).any()


def test_training_scenes_leave_out_the_held_out_pairs(scenes_folder):
    training = SceneSet(scenes_folder, "train")
    assert 0 < len(training) <= 24
    assert not any(shows_held_out(objects) for objects in training.objects)


def test_the_written_split_reads_back(dataset):
    scenes = read_split(dataset, "validation")
    assert len(scenes) == 4
    rows = [json.loads(line) for line in (dataset / "expressions.jsonl").read_text().splitlines()]
    answerable = [row for row in rows if row["id"].startswith("validation") and row["referent"]]
    assert [question.id for scene in scenes for question in scene.questions] == [row["id"] for row in answerable]
    for scene in scenes:
        for question in scene.questions:
            mask = question.mask
            assert mask.shape == scene.open().size[::-1] and mask.any()
            x, y, width, height = box_of_mask(mask)
            assert x >= question.box[0] and y >= question.box[1]
            assert x + width <= question.box[0] + question.box[2] and y + height <= question.box[1] + question.box[3]
