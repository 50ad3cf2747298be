"""Exported graphs against PyTorch, for any size of the full-size architectures.

Each function exports one network to a folder, runs its graphs on inputs that were not traced, and returns how far
they are from what the model classes themselves say. The tests call them with small sizes, `prove_full_size` with
the true ones.
"""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from grounding_train.fullsize import blip, build, export, synthetic
from grounding_train.fullsize.eager import hooked_gradcam
from grounding_train.fullsize.sam import Segmenter
from grounding_train.fullsize.tokenizers import clip_tokenizer
from grounding_train.fullsize.yolox import Yolox

Numbers = dict[str, float]
RELATIVE, GRADCAM, MASK_IOU = 1e-3, 1e-4, 0.99
PAIRS, TEXTS_AN_IMAGE = 20, 4
TEXTS = (
    "the small red dog on the left",
    "A photo of a DOG's  cup, isn't it? 3 birds & 12 café-naïve 東京 \t😀 x_y",
    "",
    "the   Large\nballoon!!",
    "unbelievable antidisestablishmentarianism <|endoftext|> x",
    "[SEP] strange [CLS] tokens",
    "İstanbul ß ﬁ",
)


def session(folder: Path, role: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(folder / f"{role}.onnx"), options, providers=["CPUExecutionProvider"])


def run(graph: onnxruntime.InferenceSession, *inputs: Tensor) -> dict[str, np.ndarray]:
    names = [value.name for value in graph.get_inputs()]
    outputs = [value.name for value in graph.get_outputs()]
    return dict(zip(outputs, graph.run(None, {name: value.numpy() for name, value in zip(names, inputs, strict=True)})))


def relative(found: np.ndarray, wanted: Tensor) -> float:
    """The largest difference, as a share of the largest value."""
    wanted = wanted.detach().numpy()
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def text_ids(length: int, start: int, end: int, count: int, below: int = 400) -> Tensor:
    """Texts of different lengths, padded with 0."""
    ids = torch.zeros(count, length, dtype=torch.long)
    for row in ids:
        words = int(torch.randint(1, length - 2, ()))
        row[0], row[1 + words] = start, end
        row[1 : 1 + words] = torch.randint(1, below, (words,))
    return ids


def unpadded(ids: Tensor) -> Tensor:
    """One text [1, t] as far as its end token: what the engine sends to a graph that takes texts of any length."""
    return ids[:, : int((ids > 0).sum())]


@torch.no_grad()
def prove_yolox(network: Yolox, folder: Path) -> Numbers:
    export.export_yolox(network, folder, "s", "a test")
    pixels = torch.rand(1, 3, network.shape.frame, network.shape.frame) * 255
    found = run(session(folder, "detector"), pixels)["output"]
    cells = sum((network.shape.frame // stride) ** 2 for stride in (8, 16, 32))
    assert found.shape == (1, cells, 5 + network.shape.categories)
    return {"output": relative(found, network(pixels))}


def prove_clip(folder: Path, **sizes) -> Numbers:
    model = build.random_clip(**sizes)
    synthetic.write_clip_vocabulary(folder / "vocabulary")
    export.export_clip(model, folder / "vocabulary", folder, "a test")
    side, text = model.config.vision_config.image_size, model.config.text_config
    crops = torch.randn(3, 3, side, side)
    ids = text_ids(text.max_position_embeddings, text.bos_token_id, text.eos_token_id, 4)
    with torch.no_grad():
        image, words = model.get_image_features(crops).pooler_output, model.get_text_features(ids).pooler_output
    graph = session(folder, "clip-text")
    alone = np.concatenate([run(graph, unpadded(row[None]))["text_embeddings"] for row in ids])
    return {
        "image embeddings": relative(run(session(folder, "clip-image"), crops)["image_embeddings"], image),
        "text embeddings": relative(run(graph, ids)["text_embeddings"], words),
        "text embeddings without padding": relative(alone, words),
    }


def stretched(values: np.ndarray) -> np.ndarray:
    assert values.max() > values.min()
    return (values - values.min()) / (values.max() - values.min())


def prove_blip(folder: Path, block: int, pairs: int = PAIRS, **sizes) -> Numbers:
    model = build.random_blip(**sizes)
    synthetic.write_bert_vocabulary(folder / "vocabulary")
    export.export_blip(model, folder / "vocabulary", folder, block, "a test")
    image, text = session(folder, "blip-image"), session(folder, "blip-text")
    side = model.config.vision_config.image_size
    names = ("image embeddings", "logits", "heat map after min-max", "token maps", "without padding", "other arg-max cells")
    worst = dict.fromkeys(names, 0.0)
    for pair in range(pairs):
        if pair % TEXTS_AN_IMAGE == 0:
            pixels = torch.randn(1, 3, side, side)
            with torch.no_grad():
                wanted_embeds = model.vision_model(pixels).last_hidden_state
            embeds = torch.from_numpy(run(image, pixels)["image_embeds"])
        ids = text_ids(blip.TEXT_LENGTH, blip.ENCODE, 102, 1)
        mask = (ids > 0).long()
        found = run(text, embeds, ids, mask)
        short = run(text, embeds, unpadded(ids), unpadded(mask))
        logits, heat, maps = hooked_gradcam(model, wanted_embeds.clone(), ids, mask, block)
        heat = heat.detach().numpy()
        differences = {
            "image embeddings": relative(embeds.numpy(), wanted_embeds),
            "logits": relative(found["itm_logits"], logits),
            "heat map after min-max": float(np.abs(stretched(found["heat_map"][0]) - stretched(heat)).max()),
            "token maps": relative(found["token_maps"][0], maps),
            "without padding": relative(short["heat_map"][0], torch.from_numpy(heat)),
        }
        worst = {name: max(value, differences.get(name, 0.0)) for name, value in worst.items()}
        worst["other arg-max cells"] += float(found["heat_map"].argmax() != heat.argmax())
    return worst


@torch.no_grad()
def prove_segmenter(network: Segmenter, folder: Path, name: str) -> Numbers:
    """The decoder against the class's own prompt encoder, which adds the padding point itself."""
    export.export_segmenter(network, folder, name, "a test")
    frame, grid = network.frame, network.frame // 16
    pixels = torch.randn(1, 3, frame, frame)
    image, decoder = session(folder, "sam-image"), session(folder, "sam-decoder")
    found = run(image, pixels)["image_embeddings"]
    wanted = network.image.encoder(pixels)
    wanted = wanted if isinstance(wanted, Tensor) else wanted.last_hidden_state
    numbers = {"image embeddings": relative(found, wanted), "masks": 0.0, "predicted IoU": 0.0, "1 - mask IoU": 0.0}
    prompts, own = network.decoder.prompts, network.decoder.decoder
    ticks = (torch.arange(grid) + 0.5) / grid
    places = torch.stack([ticks[None].expand(grid, grid), ticks[:, None].expand(grid, grid)], -1)
    positions = prompts.shared_embedding(places[None]).permute(0, 3, 1, 2)
    for count, rough in ((1, False), (2, False), (4, True)):
        points, labels = torch.rand(1, count, 2) * frame, torch.ones(1, count)
        labels[:, 1:] = 0
        mask = torch.randn(1, 1, 4 * grid, 4 * grid)
        sparse, dense = prompts(points[:, None], labels[:, None], None, mask if rough else None)
        masks, quality = own(wanted, positions, sparse, dense, multimask_output=True)
        padded = torch.cat([points, torch.zeros(1, 1, 2)], 1), torch.cat([labels, -torch.ones(1, 1)], 1)
        outputs = run(decoder, torch.from_numpy(found), *padded, mask, torch.tensor([float(rough)]))
        numbers["masks"] = max(numbers["masks"], relative(outputs["low_res_masks"], masks[:, 0]))
        numbers["predicted IoU"] = max(numbers["predicted IoU"], relative(outputs["iou_predictions"], quality[:, 0]))
        for ours, theirs in zip(outputs["low_res_masks"][0] > 0, masks[0, 0].numpy() > 0):
            overlap = (ours & theirs).sum() / max((ours | theirs).sum(), 1)
            numbers["1 - mask IoU"] = max(numbers["1 - mask IoU"], 1.0 - float(overlap) if theirs.any() else 0.0)
    return numbers


@torch.no_grad()
def prove_risclip(folder: Path, levels: int = build.LEVELS, ladder: int = build.LADDER_WIDTH, **sizes) -> Numbers:
    network = build.random_risclip(levels, ladder, **sizes)
    synthetic.write_clip_vocabulary(folder / "vocabulary")
    export.export_risclip(network, clip_tokenizer(folder / "vocabulary"), folder, "a test")
    model = network.towers.clip
    side, text = model.config.vision_config.image_size, model.config.text_config
    pixels = torch.randn(1, 3, side, side)
    ids = text_ids(text.max_position_embeddings, text.bos_token_id, text.eos_token_id, 1)
    maps = network.read_image(pixels)
    located, tokens = network.locate(maps, ids)
    refined = network.refine(maps, located, tokens)
    found = run(session(folder, "risclip-image"), pixels)
    numbers = {"image maps": max(relative(found[name], value) for name, value in zip(network.maps, network.lead(maps)))}
    # CLIP's own forward gives the last level, of which `dense` is made.
    tower = model.vision_model(pixels, output_hidden_states=True)
    numbers["last level as CLIP's own"] = relative(maps[levels - 1].numpy(), tower.hidden_states[-1][:, 1:])
    graph, seen = session(folder, "risclip-ground"), [torch.from_numpy(found[name]) for name in network.maps]
    grounded = run(graph, *seen, ids)
    numbers["locator"] = relative(grounded["locator_logits"][0, 0].reshape(1, -1), located)
    numbers["refiner"] = relative(grounded["refined_logits"], refined)
    numbers["refiner, text without padding"] = relative(run(graph, *seen, unpadded(ids))["refined_logits"], refined)
    return numbers


def check(numbers: Numbers) -> None:
    for name, value in numbers.items():
        limit = {"heat map after min-max": GRADCAM, "other arg-max cells": 0.0, "1 - mask IoU": 1 - MASK_IOU}.get(name, RELATIVE)
        assert value <= limit, f"{name}: {value} > {limit}"
