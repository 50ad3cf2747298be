"""Small ONNX files for packs.test.ts: one that is sound and some that are meant to do harm.

    python make.py    # needs onnx; writes *.onnx beside this file
"""

import random
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
WIDTH = 4


def save(name: str, nodes: list, initializers: list = (), input_name: str = "input_ids") -> bytes:
    """A graph from token ids [n, 4] to embeddings [n, 4]."""
    graph = helper.make_graph(
        list(nodes),
        "text",
        [helper.make_tensor_value_info(input_name, TensorProto.INT64, ["texts", WIDTH])],
        [helper.make_tensor_value_info("text_embeddings", TensorProto.FLOAT, ["texts", WIDTH])],
        list(initializers),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    content = model.SerializeToString()
    (FOLDER / name).write_bytes(content)
    return content


def external(location: str) -> TensorProto:
    """Weights that lie in another file."""
    tensor = numpy_helper.from_array(np.ones(WIDTH, np.float32), "weights")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    tensor.external_data.add(key="length", value=str(4 * WIDTH))
    return tensor


CAST = helper.make_node("Cast", ["input_ids"], ["ids"], to=TensorProto.FLOAT)
MULTIPLY = helper.make_node("Mul", ["ids", "weights"], ["text_embeddings"])

sound = save("sound.onnx", [CAST, MULTIPLY], [numpy_helper.from_array(np.array([1, 2, 3, 4], np.float32), "weights")])
save("external-above.onnx", [CAST, MULTIPLY], [external("../secret.bin")])
save("external-absolute.onnx", [CAST, MULTIPLY], [external("/etc/hostname")])
save("external-beside.onnx", [CAST, MULTIPLY], [external("weights.bin")])
constant = helper.make_node("Constant", [], ["weights"], value=external("../secret.bin"))
save("external-in-node.onnx", [constant, CAST, MULTIPLY])
(FOLDER / "truncated.onnx").write_bytes(sound[: len(sound) // 2])
(FOLDER / "random.onnx").write_bytes(random.Random(1).randbytes(2000))
(FOLDER / "text.onnx").write_bytes(b"This is not a model.\n")
save(
    "huge-constant.onnx",
    [
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["weights"], keepdims=0),
        CAST,
        MULTIPLY,
    ],
    [numpy_helper.from_array(np.array([2**40], np.int64), "shape")],
)
save(
    "other-input.onnx",
    [helper.make_node("Cast", ["tokens"], ["text_embeddings"], to=TensorProto.FLOAT)],
    input_name="tokens",
)
save("unknown-operator.onnx", [helper.make_node("RunCommand", ["input_ids"], ["text_embeddings"])])
onnx.checker.check_model(onnx.load(FOLDER / "sound.onnx"))
