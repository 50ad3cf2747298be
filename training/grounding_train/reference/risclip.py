"""Method 3: RisCLIP's refined map, thresholded."""

import numpy as np
from PIL import Image

from ..measures import box_of_mask, largest_component
from .answer import Answer, resize_bilinear, sigmoid
from .pack import Pack


class RisClip:
    def __init__(self, pack: Pack, picture: Image.Image):
        self._pack = pack
        self._width, self._height = picture.size
        self._image = pack.encode_image("risclip-image", picture)

    def look(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The locator's logits and the refined logits, each [h, w]."""
        ids, _ = self._pack.text("risclip-ground", text)
        output = self._pack.run("risclip-ground", {**self._image, "input_ids": ids})
        return output["locator_logits"][0, 0], output["refined_logits"][0, 0]

    def ground(self, text: str) -> Answer:
        return self.answer(*self.look(text))

    def answer(self, located: np.ndarray, refined: np.ndarray) -> Answer:
        row, column = divmod(int(located.argmax()), located.shape[1])
        point = ((column + 0.5) * self._width / located.shape[1], (row + 0.5) * self._height / located.shape[0])
        probability = resize_bilinear(sigmoid(refined), self._height, self._width)
        mask = probability > self._pack.settings("risclip")["threshold"]
        details = {"locator": located, "refined": refined}
        if not mask.any():
            return Answer(point=point, details=details)
        mask = largest_component(mask)
        return Answer(box_of_mask(mask), mask, float(probability[mask].mean()), point, details)
