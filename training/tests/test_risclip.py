"""RisCLIP learns where it should and nowhere else."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from grounding_train.data import SceneSet, to_tensor
from grounding_train.models.risclip import GRID, REFINED, RisClip
from grounding_train.text import encode
from grounding_train.train.loop import optimiser
from grounding_train.train.risclip import locator_loss, mask_loss

IMAGES, EACH, STEPS = 2, 2, 20


@pytest.fixture(scope="module")
def trained(scenes_folder):
    """The network after twenty steps, the frozen part before them, and which tensors ever had a gradient."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    scenes = SceneSet(scenes_folder, "train")
    rich = [scene for scene in range(len(scenes)) if len(scenes.expressions[scene]) >= EACH]
    network = RisClip()
    before = {name: value.clone() for name, value in network.clip.state_dict().items()}
    adam = optimiser(network.parameters(), 1e-3, 0.02)
    moved: set[str] = set()
    network.train()
    for _ in range(STEPS):
        chosen = random.choice(rich, IMAGES, replace=False)
        found = [scenes.expressions[scene][k] for scene in chosen for k in range(EACH)]
        truth = torch.from_numpy(np.stack([scenes.coverage(chosen[k // EACH], each.index, REFINED) for k, each in enumerate(found)]))
        image = network.read_image(to_tensor(scenes.pictures(chosen)))
        located, tokens = network.locate(image, encode([each.text for each in found]))
        refined = network.refine(image, located, tokens)
        coarse = F.adaptive_avg_pool2d(truth[:, None], GRID).flatten(1)
        loss = locator_loss(located, coarse) + mask_loss(refined.flatten(1), truth.flatten(1), 5.0)
        adam.zero_grad()
        loss.backward()
        moved |= {name for name, part in network.named_parameters() if part.grad is not None and part.grad.abs().sum() > 0}
        adam.step()
    return network.eval(), before, moved


def test_every_trained_tensor_gets_a_gradient(trained):
    network, _, moved = trained
    wanted = {name for name, part in network.named_parameters() if part.requires_grad}
    assert wanted == {name for name, _ in network.named_parameters() if not name.startswith("clip.")}
    assert wanted <= moved, sorted(wanted - moved)


def test_the_frozen_clip_stays_as_it_was(trained):
    network, before, _ = trained
    after = network.clip.state_dict()
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert value.numpy().tobytes() == after[name].numpy().tobytes(), name


def test_image_and_text_both_count_in_every_cell(trained):
    network, *_ = trained
    torch.manual_seed(1)
    pictures = torch.randn(2, 3, 224, 224)
    texts = encode(["the red dog on the left", "the small cup above the car"])
    with torch.no_grad():
        maps = [[network.locate(network.read_image(pictures[i : i + 1]), texts[t : t + 1])[0] for t in range(2)] for i in range(2)]
    for one, other in ((maps[0][0], maps[0][1]), (maps[0][0], maps[1][0])):
        assert ((one - other).abs() > 1e-6).all()
    # They interact: the text's effect is not the same on both pictures.
    effect = (maps[0][0] - maps[0][1]) - (maps[1][0] - maps[1][1])
    assert effect.abs().max() > 1e-4
    # And the map is no constant: the cells differ from each other.
    assert maps[0][0].std() > 1e-4
