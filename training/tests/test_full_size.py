"""The full-size architectures in small sizes: weights load, graphs equal PyTorch, fragments become a pack."""

import json
import math
from pathlib import Path

import pytest
import torch

pytest.importorskip("transformers")

from transformers import BertTokenizerFast, CLIPTokenizer, SamModel  # noqa: E402
from transformers.models.bert.tokenization_bert_legacy import BertTokenizerLegacy  # noqa: E402

from grounding_train.__main__ import main  # noqa: E402
from grounding_train.fullsize import blip, build, checkpoint, clip, match_text, sam, synthetic, tokenizers, yolox  # noqa: E402
from grounding_train.fullsize.fragment import DoNotFit, assemble  # noqa: E402
from grounding_train.fullsize.tinyvit import TinyVitShape  # noqa: E402
from grounding_train.reference.pack import Pack  # noqa: E402

from . import full_size  # noqa: E402

CLIP = {"width": 64, "layers": 2, "side": 64, "text_width": 64, "text_layers": 2, "embedding": 32}
BLIP = {"width": 64, "layers": 2, "heads": 2, "side": 64, "text_width": 64, "text_layers": 3, "text_heads": 2, "embedding": 16}
SAM = {"width": 64, "layers": 2, "heads": 2, "spread": (1,), "frame": 128, "window": 3}
TINY_VIT = TinyVitShape(frame=128, widths=(16, 32, 48, 64), depths=(1, 1, 2, 1), heads=(1, 1, 2, 2), windows=(7, 7, 4, 7))
YOLOX = yolox.YoloxShape(0.33, 0.125, frame=64)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


@pytest.mark.parametrize(
    "make", [lambda: build.random_clip(**CLIP), lambda: build.random_mobilesam(TINY_VIT), lambda: build.random_blip(**BLIP)]
)
def test_random_weights_follow_from_their_seed_alone(make):
    first = make().state_dict()
    torch.manual_seed(7)
    second = make().state_dict()
    assert [name for name, value in first.items() if not torch.equal(value, second[name])] == []


@pytest.fixture(scope="module")
def fragments(tmp_path_factory) -> Path:
    """All fragments in small sizes, each in a folder of its own, proven as they were written."""
    folder = tmp_path_factory.mktemp("fragments")
    torch.manual_seed(0)
    full_size.check(full_size.prove_yolox(build.random_weights(yolox.Yolox(YOLOX)), folder / "yolox"))
    full_size.check(full_size.prove_clip(folder / "clip", **CLIP))
    full_size.check(full_size.prove_blip(folder / "blip", 1, 5, **BLIP))
    full_size.check(full_size.prove_segmenter(build.random_sam(**SAM), folder / "sam", "SAM"))
    full_size.check(full_size.prove_risclip(folder / "risclip", 2, 64, **CLIP))
    return folder


def test_graphs_equal_pytorch_and_fragments_become_a_pack(fragments, tmp_path):
    names = ("yolox", "clip", "blip", "sam", "risclip")
    manifest = assemble([fragments / name for name in names], tmp_path, "small", "Small")
    assert set(manifest["methods"]) == {"yolo-clip", "blip-sam", "risclip"}
    assert manifest["licence"] == "Apache-2.0 AND MIT AND BSD-3-Clause"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*manifest["files"], "manifest.json"])
    assert "COCO" in manifest["leakage"]
    pack = Pack(tmp_path)
    ids, mask = pack.tokens("blip-text", 'The "Red" dog; (left)!')
    assert ids.shape == (1, blip.TEXT_LENGTH)
    assert ids[0, 0] == blip.ENCODE
    words = tokenizers.bert_tokenizer(fragments / "blip" / "vocabulary").encode("the red dog left").ids
    assert ids[0, 1 : len(words)].tolist() == words[1:]
    assert mask.sum() == len(words)


def test_a_method_without_all_its_roles_is_left_out_and_roles_come_once(fragments, tmp_path):
    assert list(assemble([fragments / "clip", fragments / "yolox"], tmp_path / "a", "a", "A")["methods"]) == ["yolo-clip"]
    with pytest.raises(DoNotFit):
        assemble([fragments / "clip", fragments / "clip"], tmp_path / "b", "b", "B")


def test_gradcam_of_another_block(tmp_path):
    full_size.check(full_size.prove_blip(tmp_path, 0, 3, **BLIP))


@pytest.mark.parametrize("block", [-1, 2, 3])
def test_the_last_block_has_no_map_of_the_words(block):
    with pytest.raises(ValueError, match="blocks 0 to 1"):
        match_text.MatchText(build.random_blip(**BLIP), block)


def test_mobilesam_and_depthwise_yolox(tmp_path):
    full_size.check(full_size.prove_segmenter(build.random_mobilesam(TINY_VIT), tmp_path / "mobilesam", "MobileSAM"))
    nano = yolox.YoloxShape(0.33, 0.125, frame=64, depthwise=True)
    full_size.check(full_size.prove_yolox(build.random_weights(yolox.Yolox(nano)), tmp_path / "nano"))


def test_published_numbers_of_parameters():
    """In millions, as the READMEs of YOLOX and MobileSAM give them (MobileSAM's classifier is not counted)."""
    for size, millions in (("nano", 0.91), ("tiny", 5.06), ("s", 9.0)):
        count = sum(parameter.numel() for parameter in yolox.Yolox(yolox.SHAPES[size]).parameters())
        assert math.isclose(count / 1e6, millions, rel_tol=0.01)
    encoder = build.random_mobilesam().image
    assert 5.5e6 < sum(parameter.numel() for parameter in encoder.parameters()) < 6.5e6


def test_tokenizers_equal_those_of_transformers(tmp_path):
    synthetic.write_clip_vocabulary(tmp_path / "clip")
    synthetic.write_bert_vocabulary(tmp_path / "bert")
    ours, theirs = tokenizers.clip_tokenizer(tmp_path / "clip"), CLIPTokenizer.from_pretrained(tmp_path / "clip")
    for text in full_size.TEXTS:
        assert ours.encode(text).ids == theirs(text)["input_ids"], text
    ours = tokenizers.bert_tokenizer(tmp_path / "bert" / "vocab.txt")
    fast, slow = BertTokenizerFast.from_pretrained(tmp_path / "bert"), BertTokenizerLegacy(str(tmp_path / "bert" / "vocab.txt"))
    for text in full_size.TEXTS:
        assert ours.encode(text).ids == fast(text)["input_ids"] == slow(text)["input_ids"], text


def test_a_vocabulary_that_is_not_there_is_named(tmp_path):
    with pytest.raises(tokenizers.NoVocabulary):
        tokenizers.clip_tokenizer(tmp_path)


def test_clip_from_openai_names(tmp_path):
    """The tensors of a CLIP under OpenAI's names, as a TorchScript-free checkpoint of halves."""
    model = build.random_clip(**CLIP)
    state = {name: value.half().float() for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    torch.save({name: value.half() for name, value in openai_names(state).items()}, tmp_path / "clip.pt")
    loaded = build.clip_model(tmp_path / "clip.pt")
    pixels = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(clip.ImageTower(loaded)(pixels), clip.ImageTower(model.eval())(pixels), atol=1e-6)


def openai_names(state: dict) -> dict:
    """The way back from transformers' names, written for this test."""
    found = {"visual.proj": state["visual_projection.weight"].T, "text_projection": state["text_projection.weight"].T}
    found["logit_scale"] = state["logit_scale"]
    pairs = (("layer_norm", "ln_"), ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj"), ("self_attn.out_proj", "attn.out_proj"))
    for tower, prefix in (("vision_model.", "visual."), ("text_model.", "")):
        for name, value in ((name.removeprefix(tower), value) for name, value in state.items() if name.startswith(tower)):
            if name.startswith("encoder.layers."):
                number, rest = name.removeprefix("encoder.layers.").split(".", 1)
                block = f"{prefix}transformer.resblocks.{number}."
                if "self_attn.q_proj" in rest:
                    parts = [state[f"{tower}{name.replace('q_proj', f'{letter}_proj')}"] for letter in "qkv"]
                    found[f"{block}attn.in_proj_{rest.rsplit('.', 1)[1]}"] = torch.cat(parts)
                elif "k_proj" not in rest and "v_proj" not in rest:
                    for new, old in pairs:
                        rest = rest.replace(new, old)
                    found[block + rest] = value
            else:
                for new, old in (("embeddings.class_embedding", "class_embedding"), ("embeddings.position_embedding.weight", "positional_embedding"),
                                 ("embeddings.patch_embedding", "conv1"), ("embeddings.token_embedding", "token_embedding"),
                                 ("pre_layrnorm", "ln_pre"), ("post_layernorm", "ln_post"), ("final_layer_norm", "ln_final")):  # fmt: skip
                    name = name.replace(new, old)
                found[prefix + name] = value
    return found


def test_a_hugging_face_folder(tmp_path):
    model = build.random_clip(**CLIP)
    model.save_pretrained(tmp_path)
    loaded = build.clip_model(tmp_path)
    ids = full_size.text_ids(77, 49406, 49407, 2)
    with torch.no_grad():
        assert torch.equal(clip.TextTower(loaded)(ids), clip.TextTower(model)(ids))


def test_another_checkpoint_is_refused_by_name(tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pth")
    for load in (build.clip_model, build.blip_model, build.sam_model, build.mobilesam_model):
        with pytest.raises(checkpoint.WrongCheckpoint):
            load(tmp_path / "other.pth")
    with pytest.raises(checkpoint.WrongCheckpoint, match="YOLOX-s"):
        build.yolox_model(tmp_path / "other.pth", "s")


def test_a_picture_larger_than_clips_own():
    model = build.random_clip(**CLIP)
    before = model.vision_model.embeddings.position_embedding.weight.clone()
    clip.resize_positions(model, 96)
    after = model.vision_model.embeddings.position_embedding.weight
    assert after.shape == (37, 64)
    assert torch.equal(after[0], before[0])
    with torch.no_grad():
        assert clip.ImageTower(model)(torch.randn(1, 3, 96, 96)).shape == (1, 32)


def test_blip_from_the_names_of_lavis():
    """Momentum copies and queues, which the published files hold too, are left out."""
    state = build.random_blip(**BLIP).state_dict()
    pairs = (
        ("vision_model.embeddings.class_embedding", "visual_encoder.cls_token"),
        ("vision_model.embeddings.position_embedding", "visual_encoder.pos_embed"),
        ("vision_model.embeddings.patch_embedding", "visual_encoder.patch_embed.proj"),
        ("vision_model.post_layernorm", "visual_encoder.norm"),
        ("vision_model.encoder.layers", "visual_encoder.blocks"),
        ("layer_norm", "norm"),
        ("self_attn.projection", "attn.proj"),
        ("self_attn", "attn"),
    )
    original = {"image_queue": torch.zeros(1), "visual_encoder_m.cls_token": torch.zeros(1), "text_encoder_m.embeddings.x": torch.zeros(1)}
    for name, value in state.items():
        if name.startswith("vision_model."):
            for new, old in pairs:
                name = name.replace(new, old)
        original[name] = value
    converted = blip.convert_blip(original)
    assert set(converted) == set(state)
    assert all(torch.equal(converted[name], value) for name, value in state.items())


def test_every_tensor_has_a_place_under_the_original_names():
    """Names as in the published files, of which only shapes matter here: one block of each kind."""
    converted = sam.convert_sam_decoder(dict.fromkeys(SAM_DECODER_NAMES, torch.zeros(1)))
    wanted = [name for name in SamModel(sam.sam_config(**SAM)).state_dict() if not name.startswith("vision_encoder.")]
    assert sorted(converted) == sorted(wanted)


_ATTENTIONS = ("self_attn", "cross_attn_token_to_image", "cross_attn_image_to_token")
_TRANSFORMER = [
    *[f"layers.{n}.{attention}.{part}_proj" for n in (0, 1) for attention in _ATTENTIONS for part in ("q", "k", "v", "out")],
    *[f"layers.{n}.{part}" for n in (0, 1) for part in ("norm1", "norm2", "norm3", "norm4", "mlp.lin1", "mlp.lin2")],
    *[f"final_attn_token_to_image.{part}_proj" for part in ("q", "k", "v", "out")],
    "norm_final_attn",
]
_WITH_BIAS = [
    *[f"prompt_encoder.mask_downscaling.{n}" for n in (0, 1, 3, 4, 6)],
    *[f"mask_decoder.transformer.{name}" for name in _TRANSFORMER],
    *[f"mask_decoder.output_upscaling.{n}" for n in (0, 1, 3)],
    *[f"mask_decoder.output_hypernetworks_mlps.{mask}.layers.{n}" for mask in range(4) for n in range(3)],
    *[f"mask_decoder.iou_prediction_head.layers.{n}" for n in range(3)],
]
SAM_DECODER_NAMES = [
    "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix",
    *[f"prompt_encoder.point_embeddings.{n}.weight" for n in range(4)],
    "prompt_encoder.not_a_point_embed.weight",
    "prompt_encoder.no_mask_embed.weight",
    "mask_decoder.iou_token.weight",
    "mask_decoder.mask_tokens.weight",
    *[f"{name}.{part}" for name in _WITH_BIAS for part in ("weight", "bias")],
]


def test_the_command_line_exports_and_assembles(tmp_path, capsys):
    main(["export", "yolox", "--size", "nano", "--random", "--out", str(tmp_path / "yolox")])
    main(["assemble", "--from", str(tmp_path / "yolox"), "--id", "detector-only", "--out", str(tmp_path / "pack")])
    assert "no whole method" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "pack" / "manifest.json").read_text())
    assert manifest["roles"]["detector"]["inputs"]["images"]["shape"] == [1, 3, 416, 416]
    with pytest.raises(SystemExit, match="--weights"):
        main(["export", "clip", "--out", str(tmp_path / "clip")])
