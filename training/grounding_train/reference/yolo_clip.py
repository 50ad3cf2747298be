"""Method 1: the detector proposes boxes, CLIP chooses among their crops."""

import numpy as np
from PIL import Image

from ..measures import non_maximum_suppression
from .answer import Answer, softmax
from .pack import Pack
from .preprocess import crop_picture, image_to_tensor


def decode(output: np.ndarray, strides: list[int], width: int, height: int) -> np.ndarray:
    """Boxes [n, 4] as corners in the model frame of YOLOX's raw output [n, 5 + categories]."""
    cells = []
    for stride in strides:
        rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
        cells.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], 1))
    x, y, stride = np.concatenate(cells).T
    centre_x, centre_y = (output[:, 0] + x) * stride, (output[:, 1] + y) * stride
    half_width, half_height = np.exp(output[:, 2]) * stride / 2, np.exp(output[:, 3]) * stride / 2
    return np.stack([centre_x - half_width, centre_y - half_height, centre_x + half_width, centre_y + half_height], 1)


def propose(pack: Pack, picture: Image.Image) -> list[dict]:
    """Boxes (x, y, width, height in the picture), scores and categories, best first."""
    rule, settings = pack.manifest["roles"]["detector"]["image"], pack.settings("yolo-clip")
    output = pack.encode_image("detector", picture)["output"][0].astype(np.float64)
    width, height = rule["size"]
    corners = decode(output, settings["strides"], width, height)
    if rule["resize"] == "letterbox":
        corners /= min(width / picture.width, height / picture.height)
    else:
        corners *= np.array([picture.width / width, picture.height / height] * 2)
    corners = np.clip(corners, 0, np.array([picture.width, picture.height] * 2))
    scores = output[:, 4] * output[:, 5:].max(1)
    keep = non_maximum_suppression(corners, scores, settings["nmsIou"], settings["scoreThreshold"], settings["maximumProposals"])
    return [
        {
            "box": [float(v) for v in (*corners[k][:2], *(corners[k][2:] - corners[k][:2]))],
            "score": float(scores[k]),
            "category": settings["categories"][int(output[k, 5:].argmax())],
        }
        for k in keep
    ]


def crop_tensor(pack: Pack, picture: Image.Image, proposals: list[dict]) -> np.ndarray:
    """float32 [n, 3, h, w]: the proposals as CLIP sees them."""
    rule, crop = pack.manifest["roles"]["clip-image"]["image"], pack.settings("yolo-clip")["crop"]
    return np.concatenate([image_to_tensor(crop_picture(picture, proposal["box"], crop), rule) for proposal in proposals])


def embed_proposals(pack: Pack, picture: Image.Image, proposals: list[dict]) -> np.ndarray:
    """Embeddings of length 1, [n, width]."""
    name = pack.manifest["roles"]["clip-image"]["image"]["input"]
    embeddings = pack.run("clip-image", {name: crop_tensor(pack, picture, proposals)})["image_embeddings"]
    return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)


def embed_text(pack: Pack, text: str) -> np.ndarray:
    """As the network gives it, [width]."""
    return pack.run("clip-text", {"input_ids": pack.text("clip-text", text)[0]})["text_embeddings"][0]


class YoloClip:
    def __init__(self, pack: Pack, picture: Image.Image):
        self._pack = pack
        self.proposals = propose(pack, picture)
        self._embeddings = embed_proposals(pack, picture, self.proposals) if self.proposals else None

    def ground(self, text: str) -> Answer:
        if not self.proposals:
            return Answer()
        embedding = embed_text(self._pack, text)
        similarity = self._embeddings @ (embedding / np.linalg.norm(embedding))
        best = int(similarity.argmax())
        probability = softmax(self._pack.settings("yolo-clip")["logitScale"] * similarity)
        x, y, width, height = self.proposals[best]["box"]
        details = {"similarity": similarity, "probability": probability, "text_embedding": embedding}
        return Answer((x, y, width, height), None, float(similarity[best]), (x + width / 2, y + height / 2), details)
