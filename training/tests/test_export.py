"""Each exported graph computes what its network computes, and the manifest describes the files."""

import hashlib
import json

import numpy as np
import onnxruntime
import pytest
import torch

from grounding_train.dataset import read_split
from grounding_train.evaluate import METHODS, evaluate
from grounding_train.export.networks import load_networks
from grounding_train.export.pack import export_pack
from grounding_train.export.roles import RISCLIP_MAPS, SAM_MAPS
from grounding_train.models.detector import DetectorExport
from grounding_train.reference.pack import Pack
from grounding_train.text import encode

LAYERS = (0, 1, 2, 3)  # of the default settings
TEXTS = ("the red dog on the left", "a cup", "the smallest car above the blue balloon")


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    torch.manual_seed(3)
    return load_networks(tmp_path_factory.mktemp("runs"), untrained=True)


@pytest.fixture(scope="module")
def pack(networks, tmp_path_factory) -> Pack:
    folder = tmp_path_factory.mktemp("pack")
    export_pack(networks, folder)
    return Pack(folder)


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return torch.randn(1, 3, 224, 224)


def padded(text: str) -> torch.Tensor:
    ids = encode([text])
    return torch.nn.functional.pad(ids, (0, 24 - ids.shape[1]))


def same(found, wanted, tolerance: float = 1e-3):
    wanted = wanted.detach().numpy()
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= tolerance * max(1.0, np.abs(wanted).max())


def test_detector(pack, networks, pixels):
    with torch.no_grad():
        same(pack.run("detector", {"images": pixels.numpy()})["output"], DetectorExport(networks.detector)(pixels))


@pytest.mark.parametrize("count", [1, 5])
def test_clip(pack, networks, count):
    crops, ids = torch.randn(count, 3, 64, 64), padded(TEXTS[0]).repeat(count, 1)
    with torch.no_grad():
        same(pack.run("clip-image", {"pixel_values": crops.numpy()})["image_embeddings"], networks.clip.image(crops))
        same(pack.run("clip-text", {"input_ids": ids.numpy()})["text_embeddings"], networks.clip.text(ids))


def hooked_gradcam(network, image: torch.Tensor, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and token maps the long way: keep each attention's gradient, go backward through everything."""
    mask = (ids > 0)[:, None, None, :]
    x = network.words(ids) + network.positions
    kept = []
    for block in network.blocks:
        x, attention = block(x, image, mask)
        attention.retain_grad()
        kept.append(attention)
    logits = network.head(network.norm(x[:, 0]))
    logits[:, 1].sum().backward()
    mean = torch.zeros(ids.shape[1], 14, 14)
    for layer in LAYERS:
        maps = (kept[layer] * kept[layer].grad.clamp(min=0)).mean(1)[0].view(-1, 14, 14) * (ids[0] > 0)[:, None, None]
        mean += maps / maps.sum(0).max() / len(LAYERS)
    return logits.detach(), mean.detach()


@pytest.mark.parametrize("text", TEXTS)
def test_gradcam_in_the_graph_is_that_of_a_backward_pass(pack, networks, pixels, text):
    ids = padded(text)
    image = networks.blip.image(pixels).detach().requires_grad_(True)
    logits, maps = hooked_gradcam(networks.blip.text, image, ids)
    inputs = {"image_embeds": image.detach().numpy(), "input_ids": ids.numpy(), "attention_mask": (ids > 0).long().numpy()}
    found = pack.run("blip-text", inputs)
    assert 0 < float(maps.sum(0).max()) <= 1.001
    same(found["itm_logits"], logits)
    assert np.abs(found["token_maps"][0] - maps.numpy()).max() < 1e-3
    assert np.abs(found["heat_map"][0] - maps.sum(0).numpy()).max() < 1e-3
    same(pack.run("blip-image", {"pixel_values": pixels.numpy()})["image_embeds"], image)


@pytest.mark.parametrize("points", [1, 3])
def test_sam(pack, networks, pixels, points):
    with torch.no_grad():
        maps = networks.sam.image(pixels)
        for name, value in zip(SAM_MAPS, maps):
            same(pack.run("sam-image", {"pixel_values": pixels.numpy()})[name], value)
        places, labels = torch.rand(1, points + 1, 2) * 224, torch.tensor([[1.0] + [0.0] * (points - 1) + [-1.0]])
        prompts = (places, labels, torch.zeros(1, 1, 112, 112), torch.zeros(1))
        masks, quality = networks.sam.decoder(*maps, *prompts)
    names = [*SAM_MAPS, "point_coords", "point_labels", "mask_input", "has_mask_input"]
    found = pack.run("sam-decoder", {name: value.numpy() for name, value in zip(names, (*maps, *prompts))})
    same(found["low_res_masks"], masks)
    same(found["iou_predictions"], quality)


def test_risclip(pack, networks, pixels):
    ids = padded(TEXTS[2])
    with torch.no_grad():
        image = networks.risclip.read_image(pixels)
        located, tokens = networks.risclip.locate(image, ids)
        refined = networks.risclip.refine(image, located, tokens)
    maps = pack.run("risclip-image", {"pixel_values": pixels.numpy()})
    for name, value in zip(RISCLIP_MAPS, image):
        same(maps[name], value)
    found = pack.run("risclip-ground", {**maps, "input_ids": ids.numpy()})
    same(found["locator_logits"], located.view(1, 1, 14, 14))
    same(found["refined_logits"], refined)


def test_the_manifest_describes_the_files(pack):
    manifest = json.loads((pack.folder / "manifest.json").read_text())
    assert sorted(manifest["files"]) == sorted(path.name for path in pack.folder.iterdir() if path.name != "manifest.json")
    for name, entry in manifest["files"].items():
        content = (pack.folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        assert b"/grounding_train/" not in content and b"site-packages" not in content
    assert len(manifest["roles"]) == 9
    for name, role in manifest["roles"].items():
        session = onnxruntime.InferenceSession(str(pack.folder / role["file"]), providers=["CPUExecutionProvider"])
        for part, values in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
            shapes = {value.name: [size if isinstance(size, int) else -1 for size in value.shape] for value in values}
            assert shapes == {key: entry["shape"] for key, entry in role[part].items()}, name


def test_the_tokenizer_file_gives_the_training_ids(pack):
    for text in (*TEXTS, "  The   RED dog ", "a giraffe", ""):
        ids, mask = pack.tokens("clip-text", text)
        assert ids.tolist() == padded(text).tolist()
        assert mask.tolist() == (padded(text) > 0).long().tolist()


def test_every_method_answers_and_is_measured(pack, dataset):
    scenes = read_split(dataset, "test")
    for method in METHODS:
        report = evaluate(pack, scenes, method)
        assert report["all"]["count"] == sum(len(scene.questions) for scene in scenes)
        assert all(0 <= value <= 1 for name, value in report["all"].items() if name != "count")
