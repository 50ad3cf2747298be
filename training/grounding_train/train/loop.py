"""What all training programs share: schedule, checkpoints, resumption and the learning curve."""

import csv
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

REPORT_SECONDS = 60.0


def autocast():
    """bfloat16 where it is safe: 1.7 times as fast on processors that have the instructions."""
    return torch.autocast("cpu", torch.bfloat16)


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
    minutes: float,
    peak_rate: float,
    decay: float,
    step: Callable[[float], tuple[torch.Tensor, dict[str, float]]],
    evaluate: Callable[[], dict[str, float]],
    clip: float = 1.0,
) -> None:
    """Trains `network` for a time, writing `<name>.pt` and `<name>.csv` every minute.

    The clock is the processor time of this process, so that a busy machine does not shorten the training.
    `step` gets the progress 0..1 and returns the loss and numbers to average. A checkpoint of an unfinished
    run is resumed with its optimiser and clock; a finished one is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    adam = optimiser(trained, peak_rate, decay)
    checkpoint, spent, steps = folder / f"{name}.pt", 0.0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        network.load_state_dict(state["network"])
        adam.load_state_dict(state["optimiser"])
        spent, steps = state["seconds"], state["steps"]
    total, since_report, averages = minutes * 60, 0.0, []
    network.train()
    while spent < total:
        began = time.process_time()
        for group in adam.param_groups:
            group["lr"] = rate_at(max(spent / total, 1e-3), peak_rate)
        loss, numbers = step(spent / total)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, clip)
        adam.step()
        steps += 1
        averages.append({"loss": loss.item(), **numbers})
        if since_report >= REPORT_SECONDS or spent + (time.process_time() - began) >= total:
            network.eval()
            report = {key: float(np.mean([entry[key] for entry in averages])) for key in averages[-1]} | evaluate()
            network.train()
            _record(folder / f"{name}.csv", {"minutes": spent / 60, "steps": steps} | report)
            _save(checkpoint, network, adam, spent, steps)
            since_report, averages = 0.0, []
        duration = time.process_time() - began
        spent += duration
        since_report += duration
    _save(checkpoint, network, adam, spent, steps)


def _save(path: Path, network: nn.Module, adam: torch.optim.Optimizer, seconds: float, steps: int) -> None:
    """Written beside and moved into place, so that a reader never sees half a file."""
    partial = path.with_suffix(".partial")
    torch.save({"network": network.state_dict(), "optimiser": adam.state_dict(), "seconds": seconds, "steps": steps}, partial)
    partial.replace(path)


def _record(path: Path, row: dict[str, float]) -> None:
    print(" ".join(f"{key} {value:.3f}" for key, value in row.items()), flush=True)
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow({key: round(value, 4) for key, value in row.items()})


def load_weights(network: nn.Module, path: Path) -> nn.Module:
    network.load_state_dict(torch.load(path)["network"])
    return network.eval()
