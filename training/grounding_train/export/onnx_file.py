"""Writes one network as one self-contained ONNX file.

Weights are stored with 16 bits, each followed by a cast to 32: half the download, while all arithmetic
stays in 32 bits (the runtime folds the casts when it loads the graph). Batch normalisation is folded into its
convolution and networks are rounded to 16 bits before they are exported or measured, so that the file and
the network hold the same numbers.
"""

from inspect import signature
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn.utils import fuse_conv_bn_eval

from ..models.layers import ConvNorm

OPSET = 20  # the first with GELU as one operator: MobileSAM's encoder takes 15 to 25% less time than with 18
_SMALLEST_STORED = 256  # values; below this a cast costs more than it saves


def fold_normalisation(network: nn.Module) -> nn.Module:
    """The network with every batch normalisation folded into the convolution before it."""
    for module in network.eval().modules():
        if isinstance(module, ConvNorm) and not isinstance(module[1], nn.Identity):
            module[0], module[1] = fuse_conv_bn_eval(module[0], module[1]), nn.Identity()
    return network


@torch.no_grad()
def round_weights(network: nn.Module) -> nn.Module:
    """The network with every weight at the nearest 16-bit number."""
    for parameter in network.parameters():
        parameter.copy_(parameter.half().float())
    return network


def write_onnx(
    network: nn.Module,
    examples: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    free: dict[str, dict[int, str]] | None = None,
    most: dict[str, int] | None = None,
) -> None:
    """`free` names, per input, the dimensions that may have any size, up to what `most` says of the name."""
    shapes = None
    if free:
        names = {name for sizes in free.values() for name in sizes.values()}
        dimensions = {name: torch.export.Dim(name, min=1, max=(most or {}).get(name, 4096)) for name in sorted(names)}
        shapes = tuple({k: dimensions[name] for k, name in free.get(label, {}).items()} or None for label in inputs)
        if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in signature(network.forward).parameters.values()):
            shapes = (shapes,)
    with torch.no_grad():
        program = torch.onnx.export(
            network.eval(), examples, dynamo=True, opset_version=OPSET, input_names=inputs, output_names=outputs,
            dynamic_shapes=shapes, external_data=False, verbose=False,
        )  # fmt: skip
    model = program.model_proto
    strip_notes(model)
    store_halves(model.graph)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def strip_notes(model: onnx.ModelProto) -> None:
    """Removes the exporter's notes, which hold file paths of the machine it ran on."""
    model.doc_string = ""
    del model.metadata_props[:]
    graph = model.graph
    graph.doc_string = ""
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer, *model.functions):
        part.doc_string = ""
        del part.metadata_props[:]
    del graph.value_info[:]


def store_halves(graph: onnx.GraphProto) -> None:
    """Replaces each large 32-bit weight that 16 bits hold exactly by its half and a cast."""
    casts = []
    for weight in graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT:
            continue
        values = onnx.numpy_helper.to_array(weight)
        with np.errstate(over="ignore"):  # what halves cannot hold stays as it is
            halves = values.astype(np.float16)
        if values.size < _SMALLEST_STORED or not np.array_equal(halves.astype(np.float32), values):
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(halves, f"{name}.half"))
        casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], f"{name}.cast", to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
