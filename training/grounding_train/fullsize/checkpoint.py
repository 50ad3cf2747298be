"""Reads the weights of a network as its authors publish them."""

import re
from pathlib import Path

import torch
from torch import Tensor, nn

State = dict[str, Tensor]


class WrongCheckpoint(ValueError):
    """The file is not a checkpoint of this network."""


def read_state(path: Path) -> State:
    """Tensors by name, in 32 bits; of .pt and .pth files (TorchScript archives too) and .safetensors.

    Checkpoints are read as data: code in a pickle is not run.
    """
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        state = load_file(path)
    else:
        state = _read_torch(path)
    for wrapper in ("model", "state_dict", "network"):
        if isinstance(state.get(wrapper), dict):
            state = state[wrapper]
    tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
    if not tensors:
        raise WrongCheckpoint(f"{path} holds no tensors.")
    return {name: value.float() if value.is_floating_point() else value for name, value in tensors.items()}


def _read_torch(path: Path) -> dict:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except RuntimeError:  # OpenAI publishes CLIP as TorchScript, which torch.load refuses
        return dict(torch.jit.load(path, map_location="cpu").state_dict())


def rename(state: State, rules: list[tuple[str, str]]) -> State:
    """The state with every name changed by the first pattern that begins it; names that none begins are left out.

    A pattern is a regular expression, anchored at the name's beginning.
    """
    compiled = [(re.compile(pattern), replacement) for pattern, replacement in rules]
    renamed = {}
    for name, value in state.items():
        for pattern, replacement in compiled:
            if pattern.match(name):
                renamed[pattern.sub(replacement, name, count=1)] = value
                break
    return renamed


def load_exactly(network: nn.Module, state: State, what: str, ignored: str = r"$^") -> None:
    """Loads `state`; every weight of the network must be in it, and nothing else but names that match `ignored`."""
    wanted = network.state_dict()
    extra = [name for name in state if name not in wanted and not re.match(ignored, name)]
    missing = [name for name in wanted if name not in state and not re.match(ignored, name)]
    shapes = [name for name in wanted if name in state and wanted[name].shape != state[name].shape]
    for problem, names in (("lacks", missing), ("has the unknown", extra), ("has another shape of", shapes)):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise WrongCheckpoint(f"This is no checkpoint of {what}: it {problem} {', '.join(names[:3])}{more}.")
    network.load_state_dict({name: value for name, value in state.items() if name in wanted}, strict=False)
