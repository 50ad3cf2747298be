"""The five trained networks, ready to be exported."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from ..models.blip import Matcher
from ..models.clip import Clip
from ..models.detector import Detector
from ..models.risclip import RisClip
from ..models.sam import Sam
from ..train.loop import load_weights
from .onnx_file import fold_normalisation, round_weights


@dataclass(frozen=True)
class Networks:
    detector: Detector
    clip: Clip
    blip: Matcher
    sam: Sam
    risclip: RisClip

    def parts(self) -> dict[str, list[nn.Module]]:
        """Which modules each role of a pack runs."""
        return {
            "detector": [self.detector],
            "clip-image": [self.clip.image],
            "clip-text": [self.clip.text],
            "blip-image": [self.blip.image],
            "blip-text": [self.blip.text],
            "sam-image": [self.sam.image],
            "sam-decoder": [self.sam.decoder],
            "risclip-image": [self.risclip.clip.image],
            "risclip-ground": [self.risclip.clip.text, self.risclip.locator, self.risclip.refiner],
        }


def count_parameters(*modules: nn.Module) -> int:
    return sum(parameter.numel() for module in modules for parameter in module.parameters())


def load_networks(runs: Path, untrained: bool = False) -> Networks:
    """Networks with the weights of `runs`, batch normalisation folded in and rounded to 16 bits.

    A missing checkpoint is an error unless `untrained` allows a network as it was initialised, for a pack
    that only shows the format.
    """
    networks = {"detector": Detector(), "clip": Clip(), "blip": Matcher(), "sam": Sam(), "risclip": RisClip()}
    for name, network in networks.items():
        checkpoint = runs / f"{name}.pt"
        if checkpoint.exists() or not untrained:
            load_weights(network, checkpoint)
        round_weights(fold_normalisation(network))
    return Networks(**networks)
