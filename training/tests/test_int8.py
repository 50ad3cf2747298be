"""The variant int8: what its graphs hold and compute, and what the manifest says of it."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from grounding_train.__main__ import main
from grounding_train.export.int8 import int8_products, int8_share, write_int8
from grounding_train.export.manifest import file_entry, tensor_rules
from grounding_train.export.networks import load_networks
from grounding_train.export.onnx_file import round_weights, write_onnx
from grounding_train.export.pack import export_pack
from grounding_train.export.variant import add_int8
from grounding_train.reference.pack import Pack


class Products(nn.Module):
    """One product of a fixed matrix with a bias, one with the same matrix the other way round, and one of two inputs."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(32, 64)

    def forward(self, x):
        y = self.layer(x)
        z = y @ self.layer.weight
        return z, z @ x.transpose(1, 2)


class Picture(nn.Module):
    """Nearly all multiplications are of the convolution."""

    def __init__(self):
        super().__init__()
        self.convolution, self.layer = nn.Conv2d(3, 32, 3, padding=1), nn.Linear(32, 4)

    def forward(self, x):
        return self.layer(self.convolution(x).mean((2, 3)))


@pytest.fixture(scope="module")
def products(tmp_path_factory):
    torch.manual_seed(5)
    path = tmp_path_factory.mktemp("products") / "products.onnx"
    write_onnx(round_weights(Products()), (torch.rand(1, 8, 32),), path, ["x"], ["z", "square"])
    return path


def run(path, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, inputs)


def by_hand(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """x @ weight with the weight rounded to -64..63 by columns and x to 0..255, as docs/packs.md says."""
    scale = np.abs(weight).max(0) / 64
    columns = np.clip(np.round(weight / scale), -64, 64)
    low, high = min(x.min(), 0), max(x.max(), 0)
    step = (high - low) / 255
    zero = np.round(-low / step)
    return ((np.clip(np.round(x / step) + zero, 0, 255) - zero) @ columns) * step * scale


def test_products_of_fixed_matrices_are_those_of_integers(products, tmp_path):
    target = tmp_path / "products.int8.onnx"
    write_int8(products, target)
    counts = [node.op_type for node in onnx.load(target).graph.node]
    assert counts.count("MatMulInteger") == 2 and counts.count("MatMul") == 1
    x = np.random.default_rng(1).standard_normal((1, 8, 32)).astype(np.float32)
    plain, int8 = run(products, {"x": x}), run(target, {"x": x})
    for found, wanted in zip(int8, plain):
        assert found.shape == wanted.shape
        assert 0 < np.abs(found - wanted).max() < 0.03 * np.abs(wanted).max()


def test_the_numbers_are_those_of_the_rule(tmp_path):
    torch.manual_seed(6)
    layer = round_weights(nn.Linear(48, 40, bias=False))
    write_onnx(layer, (torch.rand(6, 48),), tmp_path / "one.onnx", ["x"], ["y"])
    write_int8(tmp_path / "one.onnx", tmp_path / "one.int8.onnx")
    x = np.random.default_rng(2).standard_normal((6, 48)).astype(np.float32)
    (found,) = run(tmp_path / "one.int8.onnx", {"x": x})
    wanted = by_hand(x, layer.weight.detach().numpy().T)
    assert np.abs(found - wanted).max() < 1e-5 * np.abs(wanted).max()


def test_no_weight_uses_the_eighth_bit(products, tmp_path):
    write_int8(products, tmp_path / "int8.onnx")
    weights = [onnx.numpy_helper.to_array(weight) for weight in onnx.load(tmp_path / "int8.onnx").graph.initializer]
    matrices = [weight for weight in weights if weight.dtype == np.int8 and weight.ndim == 2]
    assert len(matrices) == 2
    assert max(np.abs(matrix.astype(int)).max() for matrix in matrices) == 64


def test_products_can_be_left_as_they_are(products, tmp_path):
    first, second = int8_products(products)
    write_int8(products, tmp_path / "int8.onnx", keep=[first])
    names = {node.name for node in onnx.load(tmp_path / "int8.onnx").graph.node}
    assert first in names and second not in names


def test_the_share_of_multiplications_tells_what_is_worthwhile(products, tmp_path):
    # 8 rows through 32 x 64 and back, and the square of 8 x 32 x 8
    assert int8_share(products) == pytest.approx(2 * 8 * 32 * 64 / (2 * 8 * 32 * 64 + 8 * 32 * 8))
    write_onnx(Picture(), (torch.rand(1, 3, 16, 16),), tmp_path / "picture.onnx", ["x"], ["y"])
    fixed, convolved = 32 * 4, 16 * 16 * 32 * 27
    assert int8_share(tmp_path / "picture.onnx") == pytest.approx(fixed / (fixed + convolved))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("pack")
    export_pack(load_networks(tmp_path_factory.mktemp("runs"), untrained=True), folder)
    return folder


def test_a_pack_in_a_folder_takes_the_variant(folder, dataset):
    before = json.loads((folder / "manifest.json").read_text())
    main(["add-int8", "--pack", str(folder), "--dataset", str(dataset), "--split", "test", "--default"])
    manifest = json.loads((folder / "manifest.json").read_text())
    own = manifest["variants"]["int8"]
    assert manifest["defaultVariant"] == "int8" and manifest["roles"] == before["roles"]
    # What is mostly convolutions stays out.
    assert set(own["files"]) == {"clip-image", "clip-text", "blip-text", "risclip-image", "risclip-ground"}
    for role, file in own["files"].items():
        assert manifest["files"][file] == file_entry(folder / file)
        assert manifest["files"][file]["bytes"] < before["files"][before["roles"][role]["file"]]["bytes"]
        graph = onnx.load(folder / file).graph
        assert {"inputs": tensor_rules(graph.input), "outputs": tensor_rules(graph.output)} == {
            part: before["roles"][role][part] for part in ("inputs", "outputs")
        }
        assert b"site-packages" not in (folder / file).read_bytes()
    methods = ["yolo-clip", "blip-sam", "risclip"]
    assert [entry["method"] for entry in own["speed"]] == methods and all(entry["factor"] > 0 for entry in own["speed"])
    rows = {(entry["method"], entry["metric"], entry["data"], entry["count"]) for entry in own["measured"]}
    assert {row[0] for row in rows} == set(methods)
    assert rows == {(entry["method"], entry["metric"], entry["data"], entry["count"]) for entry in manifest["measured"]}

    # Again, for one graph: nothing of the first time stays.
    again = add_int8(folder, ["clip-text"])
    assert again["variants"]["int8"]["files"] == {"clip-text": "clip-text.int8.onnx"}
    assert again["variants"]["int8"]["measured"] == [] and "defaultVariant" not in again
    assert [path.name for path in folder.glob("*.int8.onnx")] == ["clip-text.int8.onnx"]
    assert set(again["files"]) == {*before["files"], "clip-text.int8.onnx"}


def test_its_graphs_compute_nearly_the_same(folder):
    add_int8(folder)
    plain, int8 = Pack(folder), Pack(folder, variant="int8")
    ids, _ = plain.tokens("clip-text", "the red dog on the left")
    for role, inputs in {
        "clip-image": {"pixel_values": np.random.default_rng(4).standard_normal((3, 3, 64, 64)).astype(np.float32)},
        "clip-text": {"input_ids": ids},
    }.items():
        (wanted,), (found,) = plain.run(role, inputs).values(), int8.run(role, inputs).values()
        cosine = (found * wanted).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(wanted, axis=1)
        assert cosine.min() > 0.998
        assert not np.array_equal(found, wanted)


def test_a_role_that_the_pack_lacks_is_refused(folder):
    with pytest.raises(SystemExit, match="no role nose"):
        add_int8(folder, ["nose"])
