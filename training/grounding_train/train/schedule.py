"""Runs the five trainings as processes of one thread each, in the order in which they need each other."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import blip, clip, detector, risclip, sam
from .loop import Budget


@dataclass(frozen=True)
class Job:
    program: object
    minutes: float  # of processor time
    needs: tuple[str, ...] = ()


JOBS = {
    "detector": Job(detector, 8),
    "clip": Job(clip, 10, ("detector",)),
    "sam": Job(sam, 10, ("detector",)),
    "risclip": Job(risclip, 32, ("clip",)),
    "blip": Job(blip, 78, ("clip",)),
}


def train_one(name: str, scenes: Path, runs: Path, budget: Budget | None = None) -> None:
    """Trains in this process, or goes on where an earlier one stopped."""
    JOBS[name].program.train(scenes, runs, budget or Budget(JOBS[name].minutes))


def train_all(scenes: Path, runs: Path, parallel: int) -> None:
    """Trains everything, at most `parallel` networks side by side.

    Two processes of one thread get more done than one of two. Raises if a training fails, once those
    beside it have ended.
    """
    runs.mkdir(parents=True, exist_ok=True)
    waiting, done, failed = dict(JOBS), set(), []
    running: dict[str, subprocess.Popen] = {}
    while running or (waiting and not failed):
        for name in [name for name, job in waiting.items() if done.issuperset(job.needs)]:
            if len(running) < parallel and not failed:
                del waiting[name]
                running[name] = _start(name, scenes, runs)
        time.sleep(1)
        for name, process in list(running.items()):
            if process.poll() is not None:
                del running[name]
                (done.add if process.returncode == 0 else failed.append)(name)
    if failed:
        raise RuntimeError(f"training failed: {', '.join(failed)}; see the logs in {runs}")


def _start(name: str, scenes: Path, runs: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "grounding_train", "train", name, "--scenes", str(scenes), "--runs", str(runs)]
    with (runs / f"{name}.log").open("a") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"})
