"""Rules that hold whatever the networks say."""

import numpy as np
import pytest
from PIL import Image

from grounding_train.measures import box_iou, box_of_mask, largest_component, non_maximum_suppression
from grounding_train.reference.answer import resize_bilinear
from grounding_train.reference.blip_sam import peaks, smooth_map
from grounding_train.reference.preprocess import crop_picture, image_to_tensor

PLAIN = {"filter": "bilinear", "channels": "rgb", "scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1]}


def test_iou_has_no_added_pixel():
    assert box_iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert box_iou((0, 0, 10, 10), (10, 0, 20, 10)) == 0


def test_only_the_largest_component_counts_and_corners_do_not_join():
    mask = np.zeros((6, 8), bool)
    mask[0:2, 0:2] = mask[2:5, 2:6] = True  # touch at a corner only
    assert largest_component(mask).sum() == 12
    assert box_of_mask(mask) == (2, 2, 4, 3)
    assert box_of_mask(np.zeros((3, 3), bool)) is None


def test_suppression_keeps_the_best_of_overlapping_boxes():
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30], [0, 0, 1, 1]], float)
    scores = np.array([0.8, 0.9, 0.5, 0.05])
    assert non_maximum_suppression(boxes, scores, 0.6, 0.1, 10) == [1, 2]
    assert non_maximum_suppression(boxes, scores, 0.6, 0.1, 1) == [1]


def test_letterbox_and_longest_side_keep_the_shape_of_a_picture():
    picture = Image.new("RGB", (40, 10), (255, 0, 0))
    boxed = image_to_tensor(picture, {**PLAIN, "resize": "letterbox", "size": [20, 20], "pad": [0, 255, 0]})
    assert boxed[0, 0, :5].min() == 1 and boxed[0, 1, 5:].min() == 1
    padded = image_to_tensor(picture, {**PLAIN, "resize": "longest-side", "size": [20, 20]})
    assert padded[0, 0, :5].min() == 1 and not padded[0, :, 5:].any()


def test_a_crop_beyond_the_edge_is_filled():
    picture = Image.new("RGB", (20, 20), (255, 255, 255))
    crop = np.asarray(crop_picture(picture, (-5, 0, 10, 20), {"shape": "square", "enlarge": 1.0, "fill": [9, 9, 9]}))
    assert crop.shape == (20, 20, 3)
    assert (crop[:, :10] == 9).all() and (crop[:, 10:] == 255).all()


def test_resizing_a_ramp_keeps_it_a_ramp():
    ramp = np.arange(8, dtype=float)[None].repeat(4, 0)
    wide = resize_bilinear(ramp, 4, 16)
    assert np.allclose(np.diff(wide[0, 1:-1]), 0.5)


def test_the_first_point_is_the_hottest_cell():
    heat = np.zeros((14, 14))
    heat[3, 10] = 1.0
    frame = smooth_map(heat, 448, 224, 0.02)
    assert frame.shape == (128, 256)
    (high,), low = peaks(frame, 1, 2)
    assert abs(high[0] - 10.5 * 256 / 14) < 3 and abs(high[1] - 3.5 * 128 / 14) < 3
    assert len(low) == 2
    assert smooth_map(np.zeros((14, 14)), 448, 224, 0.02) is None
