"""What this machine can do at most, and what PyTorch and onnxruntime make of it, network by network.

    python -m grounding_train.fullsize.roofline --pack folder/models/full-size-random --threads 2

First large matrix products alone, as the measure of the machine: in fp32 and bfloat16 by PyTorch (oneDNN), in fp32 and
int8 by onnxruntime. Then each role of a full-size pack with random weights, on the same inputs: 8 crops, texts of 12
tokens (PyTorch's CLIP fills its 77 places, as its tokenizer does), 2 points. Multiplications are counted as they are
carried out, a multiplication and an addition as two operations: by PyTorch's own counter, and from the graphs.
All sides take turns; of each the fastest round counts. At the end: how many times as fast as PyTorch a method's graphs
are, pictures encoded once on both sides, and how many times they could be at most (limits.py).
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.utils.flop_counter import FlopCounterMode

from ..export.int8 import count_multiplications, is_convolutional, write_int8
from ..reference.pack import Pack
from .eager import EagerPack
from .limits import Measured, rows

SIDE = 2048  # of the matrices whose product is the measure of the machine
FREE = {"crops": 8, "texts": 1, "tokens": 12, "points": 2}
LONGEST = {"clip-text": 77, "risclip-ground": 77}
"""Places that PyTorch's tokenizers fill."""

Run = Callable[[], object]


def fastest(sides: dict[str, Run], rounds: int) -> dict[str, float]:
    """Seconds of the fastest of `rounds` rounds, each side in turn, after one that is not counted."""
    best = dict.fromkeys(sides, float("inf"))
    for number in range(rounds + 1):
        for name, run in sides.items():
            start = time.perf_counter()
            run()
            if number:
                best[name] = min(best[name], time.perf_counter() - start)
    return best


def _product_session(folder: Path, threads: int, int8: bool) -> onnxruntime.InferenceSession:
    """x times a fixed matrix, both SIDE by SIDE."""
    weight = numpy_helper.from_array(np.random.default_rng(0).standard_normal((SIDE, SIDE), np.float32), "w")
    shape = [SIDE, SIDE]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")], "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)], [weight],
    )  # fmt: skip
    plain, rounded = folder / "product.onnx", folder / "product.int8.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), plain)
    if int8:
        write_int8(plain, rounded)
    return open_session(rounded if int8 else plain, threads)


def open_session(file: Path, threads: int) -> onnxruntime.InferenceSession:
    """With the options of the engine."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.spin_duration_us", "20")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def peaks(folder: Path, threads: int) -> dict[str, float]:
    """Operations a second of large products."""
    x = torch.randn(SIDE, SIDE)
    half, values = x.bfloat16(), {"x": x.numpy()}
    plain, int8 = (_product_session(folder, threads, is_int8) for is_int8 in (False, True))
    sides = {
        "PyTorch fp32": lambda: x @ x,
        "PyTorch bfloat16": lambda: half @ half,
        "onnxruntime fp32": lambda: plain.run(None, values),
        "onnxruntime int8": lambda: int8.run(None, values),
    }
    return {name: 2 * SIDE**3 / seconds for name, seconds in fastest(sides, 30).items()}


def inputs_of(role: str, session: onnxruntime.InferenceSession, length: int | None = None) -> dict[str, np.ndarray]:
    """Random pixels and maps, and a text of 12 tokens; `length`: padded to so many places."""
    random = np.random.default_rng(0)
    inputs = {}
    for value in session.get_inputs():
        shape = [size if isinstance(size, int) else FREE[size] for size in value.shape]
        if value.type == "tensor(float)":
            inputs[value.name] = random.standard_normal(shape, np.float32)
            continue
        row = np.zeros(length or shape[1], np.int64)
        words = min(FREE["tokens"], len(row))
        row[:words] = np.arange(5, 5 + words) if value.name == "input_ids" else 1
        if value.name == "input_ids" and role in LONGEST:
            row[words - 1] = 49407  # the highest id ends CLIP's texts
        inputs[value.name] = np.repeat(row[None], shape[0], 0)
    return inputs


def counted(pack: EagerPack, role: str, inputs: dict[str, np.ndarray]) -> int:
    """Operations of a role in PyTorch."""
    with FlopCounterMode(display=False) as counter:
        pack.run(role, inputs)
    return counter.get_total_flops()


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """The smallest of any item of the batch, each taken as one long vector."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return float(((a * b).sum(1) / lengths).min())


class Comparison:
    def __init__(self, folder: Path, threads: int, rounds: int):
        self._folder, self._threads, self._rounds = folder, threads, rounds
        self.manifest = Pack(folder).manifest
        self._eager = EagerPack(folder)

    def _plain(self, role: str, inputs: dict[str, np.ndarray], bfloat16: bool) -> None:
        self._eager.bfloat16 = bfloat16
        self._eager.run(role, inputs)

    def role(self, role: str) -> tuple[Measured, dict[str, float], float | None]:
        """What was measured, operations of each side, and the cosine of int8's first output to that of fp32."""
        files = {"onnxruntime fp32": self.manifest["roles"][role]["file"]}
        rounded = self.manifest["variants"].get("int8", {"files": {}})["files"].get(role)
        if rounded:
            files["onnxruntime int8"] = rounded
        sessions = {name: open_session(self._folder / file, self._threads) for name, file in files.items()}
        plain = sessions["onnxruntime fp32"]
        inputs, longest = inputs_of(role, plain), inputs_of(role, plain, LONGEST.get(role))
        sides: dict[str, Run] = {
            "PyTorch fp32": lambda: self._plain(role, longest, False),
            "PyTorch bfloat16": lambda: self._plain(role, longest, True),
        }
        for name, session in sessions.items():
            sides[name] = lambda session=session: session.run(None, inputs)
        work = {name: float(counted(self._eager, role, longest)) for name in ("PyTorch fp32", "PyTorch bfloat16")}
        plain_file = self._folder / files["onnxruntime fp32"]
        own = count_multiplications(plain_file, FREE)
        work |= dict.fromkeys(sessions, 2.0 * own.total)
        near = cosine(*(session.run(None, inputs)[0] for session in sessions.values())) if rounded else None
        return Measured(fastest(sides, self._rounds), own, is_convolutional(plain_file)), work, near


def main() -> None:
    parser = argparse.ArgumentParser("python -m grounding_train.fullsize.roofline", description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"PyTorch {torch.__version__}, onnxruntime {onnxruntime.__version__}, {options.threads} threads")
    peak = peaks(options.pack.parent, options.threads)
    print(f"\nProducts of matrices of {SIDE} x {SIDE}, GFLOP/s: " + ", ".join(f"{name} {value / 1e9:.0f}" for name, value in peak.items()))
    print("\nEach network: GFLOP, seconds, GFLOP/s (share of what large products reach), times PyTorch fp32")
    comparison = Comparison(options.pack, options.threads, options.rounds)
    roles: dict[str, Measured] = {}
    for role in comparison.manifest["roles"]:
        roles[role], work, near = comparison.role(role)
        seconds = roles[role].seconds
        print(f"{role}" + (f"; int8 at cosine {near:.4f} to fp32" if near is not None else ""))
        for name, taken in seconds.items():
            rate = work[name] / taken
            share, factor = rate / peak[name], seconds["PyTorch fp32"] / taken
            print(f"  {name:18}{work[name] / 1e9:8.1f}{taken:9.3f}{rate / 1e9:8.0f} ({100 * share:3.0f} %){factor:7.2f}")
    print("\nA picture with its expressions, pictures encoded once, graphs alone: times PyTorch (at most)")
    for method, variant, plain, factor, most in rows(roles, peak):
        print(f"  {method:10}{variant:5} to {plain:9}{factor:6.2f} ({most:.1f})")


if __name__ == "__main__":
    main()
