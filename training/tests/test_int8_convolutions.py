"""Convolutions of the variant int8: which of them have 8 bits, and how near the numbers are."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from grounding_train.__main__ import main
from grounding_train.export.int8 import is_convolutional, write_int8
from grounding_train.export.networks import load_networks
from grounding_train.export.onnx_file import round_weights, write_onnx
from grounding_train.export.pack import export_pack
from grounding_train.reference.pack import Pack


class Small(nn.Module):
    """Two convolutions that others follow, and two last ones whose sigmoid and place follow."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
        self.score, self.place = nn.Conv2d(16, 1, 1), nn.Conv2d(16, 4, 1)

    def forward(self, x):
        x = nn.functional.silu(self.first(x))
        x = x + nn.functional.silu(self.second(x))
        return torch.cat([self.score(x).sigmoid(), self.place(x) * 8], 1)


@pytest.fixture(scope="module")
def pictures():
    random = np.random.default_rng(0)
    return [random.random((1, 3, 16, 16), np.float32) for _ in range(8)]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory, pictures):
    torch.manual_seed(2)
    plain = tmp_path_factory.mktemp("convolutions") / "small.onnx"
    write_onnx(round_weights(Small()), (torch.rand(1, 3, 16, 16),), plain, ["x"], ["y"])
    int8 = plain.with_suffix(".int8.onnx")
    write_int8(plain, int8, feeds=[{"x": picture} for picture in pictures])
    return plain, int8


def test_all_but_the_last_convolutions_see_rounded_numbers(graphs):
    graph = onnx.load(graphs[1]).graph
    made_by = {name: node.op_type for node in graph.node for name in node.output}
    weights = {weight.name: onnx.numpy_helper.to_array(weight) for weight in graph.initializer}
    rounded = [made_by.get(node.input[1]) == "DequantizeLinear" for node in graph.node if node.op_type == "Conv"]
    assert sorted(rounded) == [False, False, True, True]
    kernels = [weight for weight in weights.values() if weight.dtype == np.int8 and weight.ndim == 4]
    # 7 of the 8 bits, as in products.
    assert len(kernels) == 2 and max(np.abs(kernel.astype(int)).max() for kernel in kernels) <= 64


def test_they_run_as_integers_and_give_nearly_the_same(graphs, pictures, tmp_path):
    plain, int8 = graphs
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    session = onnxruntime.InferenceSession(str(int8), options, providers=["CPUExecutionProvider"])
    assert [node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node].count("QLinearConv") == 2
    (wanted,) = onnxruntime.InferenceSession(str(plain), providers=["CPUExecutionProvider"]).run(None, {"x": pictures[0]})
    (found,) = session.run(None, {"x": pictures[0]})
    assert 0 < np.abs(found - wanted).max() < 0.03 * np.abs(wanted).max()


def test_a_pack_takes_them_with_pictures_alone(dataset, tmp_path):
    torch.manual_seed(3)
    folder = tmp_path / "pack"
    export_pack(load_networks(tmp_path / "runs", untrained=True), folder)
    assert is_convolutional(folder / "detector.onnx") and not is_convolutional(folder / "clip-image.onnx")
    main(["add-int8", "--pack", str(folder), "--pictures", str(dataset / "images")])
    own = json.loads((folder / "manifest.json").read_text())["variants"]["int8"]
    assert {"detector", "clip-image", "clip-text"} <= set(own["files"])
    count = len(list((dataset / "images").iterdir()))
    assert own["description"].startswith(f"Convolutions in 8 bits, with ranges learnt from {count} pictures: detector")
    image = np.random.default_rng(1).random((1, 3, 224, 224), np.float32)
    wanted, found = (Pack(folder, variant=variant).run("detector", {"images": image})["output"] for variant in (None, "int8"))
    assert not np.array_equal(found, wanted)
    assert (found * wanted).sum() / np.linalg.norm(found) / np.linalg.norm(wanted) > 0.99
    with pytest.raises(SystemExit, match="no pictures"):
        main(["add-int8", "--pack", str(folder), "--pictures", str(folder)])
