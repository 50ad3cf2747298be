"""Trains RisCLIP, as a configuration describes it, on any source of pictures and expressions."""

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from ..configuration import Configuration, Training
from ..measures import box_iou, box_of_mask, mask_iou
from ..models.configured import Configured, Network
from ..reference.preprocess import image_to_tensor
from ..sources.sample import Sample, Source, training_and_validation
from .loop import Budget, autocast, load_weights, rate_at, run
from .losses import locator_loss, mask_loss

NAME = "risclip"


def coverage(mask: np.ndarray, size: int) -> np.ndarray:
    """float32 [size, size]: the share of each cell of the squashed picture that the mask covers."""
    return np.asarray(Image.fromarray(mask.astype(np.float32)).resize((size, size), Image.Resampling.BOX))


@dataclass(frozen=True)
class Batch:
    pixels: Tensor  # [images, 3, side, side]
    ids: Tensor  # [n, length]
    truth: Tensor  # [n, refined, refined]


def make_batch(built: Configured, chosen: list[tuple[Sample, list]]) -> Batch:
    """Of pictures with equally many expressions each."""
    network = built.network
    pixels = np.concatenate([image_to_tensor(sample.picture, built.image_rule) for sample, _ in chosen])
    said = [one for _, ones in chosen for one in ones]
    truth = np.stack([coverage(one.mask, network.refined) for one in said])
    return Batch(torch.as_tensor(pixels), torch.as_tensor(built.encode([one.text for one in said])), torch.as_tensor(truth))


def polynomial(progress: float, peak: float, power: float) -> float:
    return peak * max(0.0, 1 - progress) ** power


def _rate(training: Training):
    return rate_at if training.schedule == "cosine" else partial(polynomial, power=training.power)


def step_loss(network: Network, batch: Batch, configuration: Configuration, progress: float) -> tuple[Tensor, dict[str, float]]:
    """The loss of one batch, and its parts: the locator's alone at first, then with the refiner's."""
    training, loss = configuration.training, configuration.loss
    refines = progress >= training.locator_share
    alone = refines and training.refiner == "alone"
    with autocast():
        with torch.set_grad_enabled(not alone):
            image = network.read_image(batch.pixels)
            located, tokens = network.locate(image, batch.ids)
        refined = network.refine(image, located, tokens) if refines else None
    coarse = F.adaptive_avg_pool2d(batch.truth[:, None], network.grid).flatten(1)
    locator = locator_loss(located.float(), coarse, loss)
    numbers = {"locator": locator.item(), "refiner": 0.0}
    if refined is None:
        return locator, numbers
    refiner = mask_loss(refined.flatten(1), batch.truth.flatten(1), loss.refiner_weight, loss)
    numbers["refiner"] = refiner.item()
    return (refiner if alone else 0.5 * locator + 2 * refiner), numbers


@torch.no_grad()
def watch(built: Configured, samples: list[Sample]) -> dict[str, float]:
    """Whether the locator's best cell lies in the box, box accuracy at 0.5, and mean mask IoU, at threshold 0.5."""
    network, points, hits, overlaps = built.network, [], [], []
    for sample in samples:
        picture = sample.picture
        with autocast():
            image = network.read_image(torch.as_tensor(image_to_tensor(picture, built.image_rule)))
            located, tokens = network.locate(image, torch.as_tensor(built.encode([one.text for one in sample.said])))
            refined = network.refine(image, located, tokens)
        size = (picture.height, picture.width)
        masks = F.interpolate(refined.float(), size=size, mode="bilinear")[:, 0].cpu().numpy() > 0
        for row, one in enumerate(sample.said):
            x0, y0, width, height = one.box
            down, across = divmod(int(located[row].argmax()), network.grid)
            x, y = (across + 0.5) * picture.width / network.grid, (down + 0.5) * picture.height / network.grid
            points.append(x0 <= x <= x0 + width and y0 <= y <= y0 + height)
            found = box_of_mask(masks[row])
            corners = (found[0], found[1], found[0] + found[2], found[1] + found[3]) if found else (0, 0, 0, 0)
            hits.append(box_iou(corners, (x0, y0, x0 + width, y0 + height)) >= 0.5)
            overlaps.append(mask_iou(masks[row], one.mask))
    return {"point": float(np.mean(points)), "accuracy": float(np.mean(hits)), "mask_iou": float(np.mean(overlaps))}


def train(built: Configured, source: Source, runs: Path, budget: Budget | None = None, start: Path | None = None) -> Path:
    """Trains, or goes on where an earlier call stopped, and returns the checkpoint `risclip.pt`.

    `start`: a checkpoint of the same kind of network to begin with. The checkpoint holds all that its export needs.
    """
    configuration = built.configuration
    training, data = configuration.training, configuration.data
    samples, validation = training_and_validation(source, data.training, data.validation, data.validation_share, training.seed)
    if start:
        load_weights(built.network, start)
    torch.manual_seed(training.seed)
    random = Random(training.seed)

    def step(progress: float):
        chosen = random.sample(samples, training.images) if len(samples) >= training.images else random.choices(samples, k=training.images)
        batch = make_batch(built, [(sample, random.choices(sample.said, k=training.expressions)) for sample in chosen])
        return step_loss(built.network, batch, configuration, progress)

    about = {"configuration": asdict(configuration), "parts": built.parts, "data": source.description, "pictures": len(samples)}
    if start:
        about["start"] = start.name
    run(
        NAME, runs, built.network, budget or Budget(steps=training.steps, report_steps=training.report_steps), training.rate,
        training.decay, step, lambda: watch(built, validation[: data.watched]), random=random, about=about, rate=_rate(training),
    )  # fmt: skip
    return runs / f"{NAME}.pt"
