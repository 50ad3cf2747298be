"""What all training programs share: schedule, checkpoints, resumption and the learning curve."""

import csv
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import nn

REPORT_SECONDS = 60.0


@dataclass(frozen=True)
class Budget:
    """How long a training lasts: a time, or a number of steps, of which one is given.

    With steps the result is the same however often it is interrupted, and however busy the machine is.
    """

    minutes: float | None = None
    steps: int | None = None
    report_steps: int = 200  # between checkpoints, if there is no time to go by

    def progress(self, seconds: float, steps: int) -> float:
        """0 at the beginning, 1 or more when it is over."""
        return steps / self.steps if self.steps else seconds / (60 * (self.minutes or 0) or 1e-9)

    def reports(self, seconds: float, steps: int) -> bool:
        """Whether it is time for a checkpoint, this long after the last one."""
        return steps >= self.report_steps if self.steps else seconds >= REPORT_SECONDS


@dataclass
class _Computing:
    bfloat16: bool = True


_computing = _Computing()


def compute_on(device: str, bfloat16: bool) -> None:
    """Chooses for this process: `cpu` or `cuda`, where tensors are made from now on, and whether `autocast` shortens numbers."""
    torch.set_default_device(device)
    _computing.bfloat16 = bfloat16


def autocast():
    """bfloat16 where it is safe: 1.7 times as fast on processors that have the instructions."""
    return torch.autocast(torch.get_default_device().type, torch.bfloat16, enabled=_computing.bfloat16)


def optimiser(parameters, rate: float, decay: float) -> torch.optim.AdamW:
    """AdamW that decays matrices and kernels only."""
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    groups = [
        {"params": [parameter for parameter in trained if parameter.ndim > 1], "weight_decay": decay},
        {"params": [parameter for parameter in trained if parameter.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, rate, betas=(0.9, 0.98))


def rate_at(progress: float, peak: float, warm_up: float = 0.03) -> float:
    """Linear warm-up, then a cosine to a fiftieth of the peak."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return peak * min(1.0, progress / warm_up) * (0.98 * cosine + 0.02)


def run(
    name: str,
    folder: Path,
    network: nn.Module,
    budget: Budget,
    peak_rate: float,
    decay: float,
    step: Callable[[float], tuple[torch.Tensor, dict[str, float]]],
    evaluate: Callable[[], dict[str, float]],
    clip: float = 1.0,
    random: Random | np.random.Generator | None = None,
    memory: dict | None = None,
    about: dict | None = None,
    rate: Callable[[float, float], float] = rate_at,
) -> None:
    """Trains `network`, writing `<name>.pt` and `<name>.csv` every minute (or every so many steps).

    The clock is the processor time of this process, so that a busy machine does not shorten the training.
    `step` gets the progress 0..1 and returns the loss and numbers to average. A checkpoint of an unfinished
    run is resumed with its optimiser, its clock, the states of torch's random numbers and of `random`, and what
    the training keeps in `memory`; a finished one is left as it is. `about` is stored beside the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    adam = optimiser(trained, peak_rate, decay)
    checkpoint, spent, steps = folder / f"{name}.pt", 0.0, 0
    memory = {} if memory is None else memory
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu")
        network.load_state_dict(state["network"])
        adam.load_state_dict(state["optimiser"])
        spent, steps = state["seconds"], state["steps"]
        memory.update(state.get("memory", {}))
        if "random" in state:
            _restore_random(state["random"], random)
        _forget_rows_after(folder / f"{name}.csv", steps)
    since_report, steps_since, averages = 0.0, 0, []

    def save() -> None:
        state = {"network": network.state_dict(), "optimiser": adam.state_dict(), "seconds": spent, "steps": steps}
        _save(checkpoint, state | {"random": _random_states(random), "memory": memory, "about": about or {}})

    network.train()
    while (progress := budget.progress(spent, steps)) < 1:
        began = time.process_time()
        for group in adam.param_groups:
            group["lr"] = rate(max(progress, 1e-3), peak_rate)
        loss, numbers = step(progress)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, clip)
        adam.step()
        steps, steps_since = steps + 1, steps_since + 1
        averages.append({"loss": loss.item(), **numbers})
        last = budget.progress(spent + time.process_time() - began, steps) >= 1
        report = last or budget.reports(since_report, steps_since)
        if report:
            network.eval()
            row = {key: float(np.mean([entry[key] for entry in averages])) for key in averages[-1]} | evaluate()
            network.train()
            _record(folder / f"{name}.csv", {"minutes": spent / 60, "steps": steps} | row)
            since_report, steps_since, averages = 0.0, 0, []
        duration = time.process_time() - began
        spent += duration
        since_report += duration
        if report:
            save()


def _random_states(random: Random | np.random.Generator | None) -> dict:
    states = {"torch": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state_all()
    if isinstance(random, Random):
        states["own"] = random.getstate()
    elif random is not None:
        states["own"] = random.bit_generator.state
    return states


def _restore_random(states: dict, random: Random | np.random.Generator | None) -> None:
    torch.set_rng_state(states["torch"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"])
    if isinstance(random, Random):
        random.setstate(states["own"])
    elif random is not None:
        random.bit_generator.state = states["own"]


def _save(path: Path, state: dict) -> None:
    """Written beside and moved into place, so that a reader never sees half a file."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def _forget_rows_after(path: Path, steps: int) -> None:
    """A run that stopped between its table and its checkpoint would write that row twice."""
    if path.exists():
        head, *rows = path.read_text().splitlines()
        place = head.split(",").index("steps")
        kept = [row for row in rows if float(row.split(",")[place]) <= steps]
        path.write_text("\n".join([head, *kept]) + "\n")


def _record(path: Path, row: dict[str, float]) -> None:
    print(" ".join(f"{key} {value:.3f}" for key, value in row.items()), flush=True)
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow({key: round(value, 4) for key, value in row.items()})


def load_weights(network: nn.Module, path: Path) -> nn.Module:
    network.load_state_dict(torch.load(path, map_location="cpu")["network"])
    return network.eval()
