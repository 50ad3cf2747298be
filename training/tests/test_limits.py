"""How far a machine can get, in numbers that one can check by hand."""

import pytest

from grounding_train.export.int8 import Multiplications
from grounding_train.fullsize.limits import Measured, least_seconds, rows, seconds_of

PEAK = {"onnxruntime fp32": 100.0, "onnxruntime int8": 1000.0}
SIDES = {"PyTorch fp32": 40.0, "PyTorch bfloat16": 10.0, "onnxruntime fp32": 20.0, "onnxruntime int8": 5.0}


def test_products_and_convolutions_count_in_the_bits_that_they_have():
    work = Multiplications(fixed=400, convolved=50, total=500)
    assert least_seconds(Measured(SIDES, work, False), PEAK, int8=False) == 10
    assert least_seconds(Measured(SIDES, work, False), PEAK, int8=True) == pytest.approx(0.8 + 2)
    assert least_seconds(Measured(SIDES, work, True), PEAK, int8=True) == pytest.approx(0.9 + 1)
    unrounded = {name: taken for name, taken in SIDES.items() if name != "onnxruntime int8"}
    assert least_seconds(Measured(unrounded, work, True), PEAK, int8=True) == 10


def test_what_is_asked_of_every_expression_counts_so_often():
    names = (
        "detector",
        "clip-image",
        "clip-text",
        "blip-image",
        "blip-text",
        "sam-image",
        "sam-decoder",
        "risclip-image",
        "risclip-ground",
    )
    roles = dict.fromkeys(names, Measured(SIDES, Multiplications(fixed=500, convolved=0, total=500), False))
    assert seconds_of(roles, "yolo-clip", lambda role: 1.0) == pytest.approx(2 + 3.7)
    assert seconds_of(roles, "blip-sam", lambda role: 1.0) == pytest.approx(2 + 2 * 3.7)
    found = {(method, variant, plain): (factor, most) for method, variant, plain, factor, most in rows(roles, PEAK)}
    assert len(found) == 9
    assert found["risclip", "fp32", "fp32"] == pytest.approx((2, 4))
    assert found["risclip", "int8", "fp32"] == pytest.approx((8, 40))
    assert found["risclip", "int8", "bfloat16"] == pytest.approx((2, 10))
