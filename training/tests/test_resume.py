"""With a budget of steps, a training that was interrupted ends exactly where an uninterrupted one does."""

from pathlib import Path

import pytest
import torch

from grounding_train.models.clip import Clip
from grounding_train.models.detector import Detector
from grounding_train.train import loop, schedule
from grounding_train.train.loop import Budget

STEPS = Budget(steps=3, report_steps=1)
INTERRUPTED_AT = 2  # after the checkpoint at step 1, before the one at step 2


class _Interrupted(Exception):
    pass


def _runs(folder: Path) -> Path:
    """Checkpoints, as initialised, of what the other trainings begin with."""
    folder.mkdir()
    torch.manual_seed(5)
    for name, network in (("detector", Detector()), ("clip", Clip())):
        torch.save({"network": network.state_dict()}, folder / f"start-{name}.pt")
    return folder


def _begin(runs: Path, name: str) -> None:
    for other in ("detector", "clip"):
        if other != name:
            (runs / f"{other}.pt").write_bytes((runs / f"start-{other}.pt").read_bytes())


@pytest.mark.parametrize("name", list(schedule.JOBS))
def test_an_interrupted_training_ends_like_an_uninterrupted_one(name, scenes_folder, tmp_path, monkeypatch):
    straight, stopped = _runs(tmp_path / "straight"), _runs(tmp_path / "stopped")
    for runs in (straight, stopped):
        _begin(runs, name)
    schedule.train_one(name, scenes_folder, straight, STEPS)

    clip_gradients, calls = torch.nn.utils.clip_grad_norm_, []

    def interrupt(*arguments, **named):
        calls.append(1)
        if len(calls) == INTERRUPTED_AT:
            raise _Interrupted
        return clip_gradients(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(loop.nn.utils, "clip_grad_norm_", interrupt)
        with pytest.raises(_Interrupted):
            schedule.train_one(name, scenes_folder, stopped, STEPS)
    assert torch.load(stopped / f"{name}.pt")["steps"] == 1
    schedule.train_one(name, scenes_folder, stopped, STEPS)

    first, second = (torch.load(runs / f"{name}.pt") for runs in (straight, stopped))
    assert first["steps"] == second["steps"] == 3
    for key, value in first["network"].items():
        assert torch.equal(value, second["network"][key]), key
    rows = [[line.split(",")[1:] for line in (runs / f"{name}.csv").read_text().splitlines()] for runs in (straight, stopped)]
    assert rows[0] == rows[1]
