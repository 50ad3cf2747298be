"""RisCLIP on a full-size CLIP as the two graphs of a pack."""

from torch import Tensor, nn

from ..models.adapted import InsideRisClip, LadderRisClip

RisClipNetwork = InsideRisClip | LadderRisClip


class RisClipImage(nn.Module):
    """Pixels to what does not depend on the text, once a picture."""

    def __init__(self, network: RisClipNetwork):
        super().__init__()
        self.network = network

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, ...]:
        return self.network.read_image(pixel_values)


class RisClipGround(nn.Module):
    """The maps of one picture and the ids of one text to the locator's and the refiner's logits."""

    def __init__(self, network: RisClipNetwork):
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        *image, ids = inputs
        located, tokens = self.network.locate(tuple(image), ids)
        grid = self.network.grid
        return located.view(-1, 1, grid, grid), self.network.refine(tuple(image), located, tokens)
