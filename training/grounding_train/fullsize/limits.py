"""How far onnxruntime can get on a machine: a method's multiplications at the rate of the largest products of matrices.

Nothing but multiplications counts, so no runtime that multiplies at that rate can be faster: softmax, normalisation,
activations and moving numbers come on top.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..export.int8 import Multiplications
from ..reference.pack import METHOD_ROLES

EXPRESSIONS = 3.7
"""Of a picture, as RefCOCOg has them."""
_PER_EXPRESSION = {"clip-text", "blip-text", "sam-decoder", "risclip-ground"}


@dataclass(frozen=True)
class Measured:
    """One role: seconds of each side that was measured, and what its graph multiplies."""

    seconds: dict[str, float]
    work: Multiplications
    convolutions_in_int8: bool


def least_seconds(role: Measured, peak: dict[str, float], int8: bool) -> float:
    """Of one run, with `peak` operations a second of "onnxruntime fp32" and "onnxruntime int8"."""
    work, rounded = role.work, 0
    if int8 and "onnxruntime int8" in role.seconds:
        rounded = work.fixed + (work.convolved if role.convolutions_in_int8 else 0)
    return 2 * rounded / peak["onnxruntime int8"] + 2 * (work.total - rounded) / peak["onnxruntime fp32"]


def seconds_of(roles: dict[str, Measured], method: str, of: Callable[[Measured], float]) -> float:
    """A picture with its expressions; `of` gives the seconds of one run of a role."""
    return sum(of(roles[name]) * (EXPRESSIONS if name in _PER_EXPRESSION else 1) for name in METHOD_ROLES[method])


def rows(roles: dict[str, Measured], peak: dict[str, float]) -> list[tuple[str, str, str, float, float]]:
    """(method, our variant, PyTorch's, how many times as fast the graphs are, how many times they can be at most)"""
    pairs = (("fp32", "fp32"), ("int8", "fp32"), ("int8", "bfloat16"))
    return [(method, variant, plain, *_factors(roles, peak, method, variant, plain)) for method in METHOD_ROLES for variant, plain in pairs]


def _factors(roles: dict[str, Measured], peak: dict[str, float], method: str, variant: str, plain: str) -> tuple[float, float]:
    own = f"onnxruntime {variant}"
    pytorch = seconds_of(roles, method, lambda role: role.seconds[f"PyTorch {plain}"])
    taken = seconds_of(roles, method, lambda role: role.seconds.get(own, role.seconds["onnxruntime fp32"]))
    least = seconds_of(roles, method, lambda role: least_seconds(role, peak, variant == "int8"))
    return pytorch / taken, pytorch / least
