"""A graph with weights of 8 bits in its matrix products, which processors multiply several times as fast.

The products of a fixed matrix become `MatMulInteger`: the matrix is stored as integers with a scale a column, the
other side is rounded when the graph runs, with one scale a call (dynamic quantisation, onnxruntime.quantization).
All else stays as it is, convolutions above all: those need to know the range of their numbers beforehand, and get it in
int8_convolutions.py where there are pictures to learn it from.

Weights keep to 7 of the 8 bits. Processors without VNNI add two products in 16 bits, which 8-bit weights overflow;
with 7 bits every processor gives the same answers, so an accuracy measured on one holds on all.
"""

import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from .int8_convolutions import Feeds, quantise_convolutions
from .onnx_file import store_halves, strip_notes

MATRIX_PRODUCTS = ("MatMul", "Gemm")
WORTHWHILE_SHARE = 0.3  # of all multiplications; below it no graph that was measured became faster
CONVOLUTIONAL_SHARE = 0.95
_FREE_DIMENSION = 8  # in place of dimensions of any size, to count multiplications


def write_int8(source: Path, target: Path, keep: Iterable[str] = (), feeds: Iterable[Feeds] | None = None) -> None:
    """`keep` names nodes (of `int8_products`) that stay in 32 bits; with `feeds` convolutions get 8 bits too."""
    model = _with_plain_weights(onnx.load(source))
    if feeds is not None:
        model = quantise_convolutions(model, feeds)
    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.ERROR)  # it advises a preparation that the exporter has done
    try:
        quantize_dynamic(
            model, target, op_types_to_quantize=list(MATRIX_PRODUCTS), per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8, nodes_to_exclude=list(keep),
        )  # fmt: skip
    finally:
        logger.setLevel(before)
    model = onnx.load(target)
    strip_notes(model)
    store_halves(model.graph)
    target.write_bytes(model.SerializeToString())


def int8_products(source: Path) -> list[str]:
    """Names of the products with a fixed matrix, in the order of the graph."""
    graph = _with_plain_weights(onnx.load(source)).graph
    weights = {weight.name for weight in graph.initializer}
    return [node.name for node in graph.node if node.op_type in MATRIX_PRODUCTS and node.input[1] in weights]


@dataclass
class Multiplications:
    """How many a graph carries out: in products with a fixed matrix, in convolutions, and in all."""

    fixed: int = 0
    convolved: int = 0
    total: int = 0


def int8_share(source: Path) -> float:
    """The share of a graph's multiplications that `write_int8` does in 8 bits without feeds, from 0 to 1."""
    counted = count_multiplications(source, {})
    return counted.fixed / counted.total if counted.total else 0.0


def is_convolutional(source: Path) -> bool:
    """Whether nearly all of a graph's multiplications are convolutions."""
    counted = count_multiplications(source, {})
    return counted.convolved > CONVOLUTIONAL_SHARE * counted.total


def count_multiplications(source: Path, free: dict[str, int]) -> Multiplications:
    """Of a graph's matrix products and convolutions; `free`: the sizes of dimensions that may have any, by name."""
    model = _with_plain_weights(_with_sizes(source, free))
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    weights = {weight.name: list(weight.dims) for weight in graph.initializer}
    shapes = {
        value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.input, *graph.output)
    } | weights
    counted = Multiplications()
    for node in graph.node:
        count = _multiplications(node, shapes)
        counted.total += count
        if node.op_type in MATRIX_PRODUCTS and node.input[1] in weights:
            counted.fixed += count
        if node.op_type == "Conv":
            counted.convolved += count
    return counted


def _with_sizes(source: Path, free: dict[str, int]) -> onnx.ModelProto:
    """The graph with every free dimension fixed, and what follows from that worked out by onnxruntime."""
    model = onnx.load(source)
    axes = [axis for value in model.graph.input for axis in value.type.tensor_type.shape.dim]
    names = {axis.dim_param for axis in axes if not axis.HasField("dim_value")}
    if not names:
        return model
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    for name in names:
        options.add_free_dimension_override_by_name(name, free.get(name, _FREE_DIMENSION))
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "sized.onnx")
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        return onnx.load(options.optimized_model_filepath)


def _multiplications(node: onnx.NodeProto, shapes: dict[str, list[int]]) -> int:
    if node.op_type in MATRIX_PRODUCTS:
        transposed = any(part.name == "transA" and part.i for part in node.attribute)
        return int(np.prod(shapes[node.output[0]])) * shapes[node.input[0]][-2 if transposed else -1]
    if node.op_type == "Conv":
        return int(np.prod(shapes[node.output[0]]) * np.prod(shapes[node.input[1]][1:]))
    if node.op_type == "ConvTranspose":
        return int(np.prod(shapes[node.input[0]]) * np.prod(shapes[node.input[1]][1:]))
    return 0


def _with_plain_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Halves with a cast behind them, and transposed weights, as weights: products of fixed matrices show as such.

    Grad-CAM's way back multiplies with the same matrices the other way round, which are then stored twice.
    """
    graph = model.graph
    weights = {weight.name: weight for weight in graph.initializer}
    nodes = []
    for node in graph.node:
        values = _fixed_value(node, weights)
        if values is None:
            nodes.append(node)
            continue
        weights[node.output[0]] = numpy_helper.from_array(np.ascontiguousarray(values), node.output[0])
    wanted = {name for node in nodes for name in node.input} | {value.name for value in graph.output}
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(weight for name, weight in weights.items() if name in wanted)
    return model


def _fixed_value(node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> np.ndarray | None:
    """What a cast to 32 bits or a transposition of a weight gives; None for any other node."""
    if node.op_type not in ("Cast", "Transpose") or node.input[0] not in weights:
        return None
    values = numpy_helper.to_array(weights[node.input[0]])
    attributes = {part.name: onnx.helper.get_attribute_value(part) for part in node.attribute}
    if node.op_type == "Transpose":
        return values.transpose(attributes.get("perm"))
    return values.astype(np.float32) if attributes["to"] == onnx.TensorProto.FLOAT else None
