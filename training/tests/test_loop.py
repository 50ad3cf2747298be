"""The training loop: it goes on where it stopped, and leaves a finished run alone."""

import csv

import pytest
import torch
from torch import nn

from grounding_train.train import loop
from grounding_train.train.pairs import minimal_pair


class _Fit:
    """A line fitted to a line, counting its steps."""

    def __init__(self):
        torch.manual_seed(0)
        self.network, self.calls = nn.Linear(4, 1), 0

    def step(self, _: float):
        self.calls += 1
        x = torch.randn(64, 4)
        loss = (self.network(x)[:, 0] - x.sum(1)).square().mean()
        return loss, {"error": loss.item()}

    def run(self, folder, minutes: float):
        loop.run("line", folder, self.network, loop.Budget(minutes), 1e-2, 0.0, self.step, lambda: {"always": 1.0})


def test_a_run_goes_on_where_it_stopped(tmp_path):
    first = _Fit()
    first.run(tmp_path, 0.005)
    state = torch.load(tmp_path / "line.pt")
    assert state["steps"] == first.calls > 0
    assert state["seconds"] >= 0.3

    second = _Fit()
    second.run(tmp_path, 0.02)
    later = torch.load(tmp_path / "line.pt")
    assert later["steps"] == first.calls + second.calls > first.calls
    assert later["seconds"] >= 1.2
    moments = later["optimiser"]["state"][0]
    assert int(moments["step"]) == later["steps"]  # the optimiser's memory came along
    assert torch.equal(later["network"]["weight"], second.network.weight)

    third = _Fit()
    third.run(tmp_path, 0.02)
    assert third.calls == 0 and torch.equal(third.network.weight, second.network.weight)
    with (tmp_path / "line.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[-1]["steps"]) > float(rows[0]["steps"]) and rows[0]["always"] == "1.0"


def test_the_rate_warms_up_and_falls():
    rates = [loop.rate_at(progress / 100, 1.0) for progress in range(101)]
    assert max(rates) == pytest.approx(rates[3], abs=1e-3)
    assert rates[1] < rates[2] < rates[3] and rates[50] > rates[80] > rates[100] == pytest.approx(0.02)


def test_pairs_differ_in_their_words_and_only_there(scenes_folder):
    from random import Random

    from grounding_train.data import SceneSet

    scenes, random = SceneSet(scenes_folder, "train"), Random(2)
    for scene in range(len(scenes)):
        for easy in (True, False):
            true, false, name = minimal_pair(scenes.objects[scene], scenes.expressions[scene], random, easy)
            assert true != false
            if name.startswith("place"):
                assert true.split(" is ")[0] == false.split(" is ")[0]
