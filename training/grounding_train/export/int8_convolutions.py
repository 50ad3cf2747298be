"""A network of convolutions in 8 bits, for which onnxruntime is two to three times as fast.

Unlike the products of int8.py these cannot find the range of their numbers while the graph runs: a convolution whose
output is rounded anew each time is no faster than one in 32 bits. So each map's range is learnt beforehand, from pictures
that are like those to come (static quantisation, onnxruntime.quantization), and stays in 8 bits from one convolution to
the next. The last convolutions and what follows them, boxes and scores, stay in 32 bits.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

Feeds = dict[str, np.ndarray]
"""A graph's inputs by their names."""

# What stands between convolutions and has a form in 8 bits.
_KEPT_IN_8_BITS = ("Conv", "Sigmoid", "Relu", "LeakyRelu", "Mul", "Add", "Concat", "MaxPool", "Resize")


class _Reader(CalibrationDataReader):
    def __init__(self, feeds: Iterable[Feeds]):
        self._feeds = iter(feeds)

    def get_next(self) -> Feeds | None:
        return next(self._feeds, None)


def quantise_convolutions(model: onnx.ModelProto, feeds: Iterable[Feeds]) -> onnx.ModelProto:
    """The graph with its convolutions but the last ones in 8 bits; `feeds` are what it will see, a hundred or so."""
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared, quantised = (Path(folder) / f"{name}.onnx" for name in ("plain", "prepared", "quantised"))
        onnx.save(model, plain)
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared, quantised, _Reader(feeds), quant_format=QuantFormat.QDQ, op_types_to_quantize=list(_KEPT_IN_8_BITS), per_channel=True,
            reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=_last(onnx.load(prepared).graph),
        )  # fmt: skip
        return onnx.load(quantised)


def _last(graph: onnx.GraphProto) -> list[str]:
    """Names of the nodes from which no convolution is reached."""
    leads: set[str] = set()  # tensors that a convolution is made of
    last = []
    for node in reversed(graph.node):
        if leads.isdisjoint(node.output):
            last.append(node.name)
        if node.op_type == "Conv" or not leads.isdisjoint(node.output):
            leads.update(node.input)
    return last
