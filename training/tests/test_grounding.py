"""RisCLIP by configuration: what it learns from, what stays as it was, and that an interrupted training ends the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from grounding_train.__main__ import main
from grounding_train.configuration import Configuration, WrongConfiguration, from_tables, read_configuration
from grounding_train.export.risclip_pack import export_risclip_pack
from grounding_train.models.clip import Clip
from grounding_train.models.configured import Configured, configured, from_checkpoint
from grounding_train.reference.pack import Pack
from grounding_train.sources.scenes import EmojiRefScenes
from grounding_train.train import grounding, loop
from grounding_train.train.grounding import make_batch, polynomial, step_loss, train
from grounding_train.train.loop import Budget
from grounding_train.train.losses import dice, focal

CONFIGURATIONS = sorted((Path(__file__).parents[1] / "configurations").glob("*.toml"))
WORDS = ("<pad>", "<start>", "the", "a", "red", "blue", "dog", "cup", "on", "left", "of", "<unknown>", "<end>")
STEPS = 20


def small(name: str) -> Configuration:
    """The configuration of that name, small enough for tests, with both stages within twenty steps."""
    given = read_configuration(next(path for path in CONFIGURATIONS if path.stem == name))
    network = replace(given.network, fused=2, shared=32, post=1, width=32, levels=2)
    training = replace(given.training, steps=4, report_steps=2, images=2, expressions=2, rate=1e-3, locator_share=0.5)
    return replace(given, network=network, training=training, data=replace(given.data, validation="validation", watched=2))


def word_tokenizer() -> str:
    ids = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<unknown>"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<start> $A <end>", special_tokens=[("<start>", ids["<start>"]), ("<end>", ids["<end>"])]
    )
    return tokenizer.to_str()


def build(name: str, folder: Path) -> Configured:
    """With a CLIP as initialised: the tiny one from a checkpoint, one with a vision transformer from a folder."""
    torch.manual_seed(2)
    configuration = small(name)
    if configuration.network.clip == "tiny":
        torch.save({"network": Clip().state_dict()}, folder / "clip.pt")
        return configured(configuration, folder)
    transformers = pytest.importorskip("transformers")
    clip_config = pytest.importorskip("grounding_train.fullsize.clip").clip_config
    shape = clip_config(width=64, layers=3, patch=16, side=96, text_width=64, text_layers=3, embedding=64, words=len(WORDS))
    shape.text_config.bos_token_id, shape.text_config.eos_token_id = WORDS.index("<start>"), WORDS.index("<end>")
    transformers.CLIPModel(shape).save_pretrained(folder / "clip")
    (folder / "clip" / "tokenizer.json").write_text(word_tokenizer())
    return configured(configuration, folder / "clip")


KINDS = ("tiny-ladder", "tiny-inside", "vit-b16-ladder", "vit-b16-inside")


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_the_configurations_can_be_read(path):
    assert read_configuration(path).training.steps > 0


def test_wrong_configurations_say_what_is_wrong():
    for tables, message in (
        ({"network": {"adapter": "ladder"}}, "network.adapter is unknown"),
        ({"network": {"adapters": "both"}}, "network.adapters is 'both'; it can be ladder or inside"),
        ({"training": {"steps": "many"}}, "training.steps is 'many', not a int"),
        ({"training": 3}, "training is not a table"),
    ):
        with pytest.raises(WrongConfiguration, match=message):
            from_tables(tables)


@pytest.mark.parametrize("name", KINDS)
def test_all_adapters_learn_and_the_frozen_clip_does_not(name, scenes_folder, tmp_path):
    built = build(name, tmp_path)
    network, configuration = built.network, built.configuration
    frozen = network.clip if hasattr(network, "clip") else network.towers.clip
    before = {key: value.clone() for key, value in frozen.state_dict().items()}
    samples = EmojiRefScenes(scenes_folder).samples("train")
    adam = loop.optimiser(network.parameters(), 1e-3, 0.01)
    wanted = {key for key, part in network.named_parameters() if part.requires_grad}
    moved: set[str] = set()
    network.train()
    for number in range(STEPS):
        batch = make_batch(built, [(sample, list(sample.said[:2])) for sample in samples[2 * (number % 5) :][:2]])
        value, _ = step_loss(network, batch, configuration, number / STEPS)
        adam.zero_grad()
        value.backward()
        moved |= {key for key, part in network.named_parameters() if part.grad is not None and part.grad.abs().sum() > 0}
        adam.step()
        if number >= STEPS / 2 and wanted <= moved:
            break
    assert wanted and wanted <= moved, sorted(wanted - moved)
    for key, value in frozen.state_dict().items():
        assert value.numpy().tobytes() == before[key].numpy().tobytes(), key

    network.eval()
    pictures = torch.randn(2, *batch.pixels.shape[1:])
    texts = torch.as_tensor(built.encode(["the red dog on the left", "a cup"]))
    with torch.no_grad():
        maps = [[network.locate(network.read_image(pictures[i : i + 1]), texts[t : t + 1])[0] for t in range(2)] for i in range(2)]
    effect = (maps[0][0] - maps[0][1]) - (maps[1][0] - maps[1][1])  # of the text, on one picture and on the other
    assert effect.abs().max() > 1e-4 and maps[0][0].std() > 1e-5


@pytest.mark.parametrize("name", ("tiny-ladder", "vit-b16-inside"))
def test_an_interrupted_training_ends_the_same_and_becomes_a_pack(name, scenes_folder, tmp_path, monkeypatch):
    source = EmojiRefScenes(scenes_folder)
    straight = train(build(name, tmp_path), source, tmp_path / "straight")
    with monkeypatch.context() as patch:
        patch.setattr(grounding, "step_loss", _failing(3))
        with pytest.raises(InterruptedError):
            train(build(name, tmp_path), source, tmp_path / "stopped")
    assert torch.load(tmp_path / "stopped" / "risclip.pt")["steps"] == 2
    stopped = train(build(name, tmp_path), source, tmp_path / "stopped")
    first, second = torch.load(straight), torch.load(stopped)
    assert first["steps"] == second["steps"] == 4
    for key, value in first["network"].items():
        assert torch.equal(value, second["network"][key]), key

    samples = source.samples("validation")[:2]
    manifest = export_risclip_pack(stopped, tmp_path / "pack", "Mine", "mine", "1.0.0", samples, "some scenes")
    assert set(manifest["roles"]) == {"risclip-image", "risclip-ground"} and set(manifest["methods"]) == {"risclip"}
    assert manifest["tuning"]["risclip.threshold"]["value"] == manifest["methods"]["risclip"]["threshold"]
    assert manifest["measured"][0]["count"] == sum(len(sample.said) for sample in samples)
    pack, built = Pack(tmp_path / "pack"), from_checkpoint(stopped)
    for parameter in built.network.parameters():
        parameter.data.copy_(parameter.data.half().float())  # as in the file
    pixels = torch.as_tensor(pack.pixels("risclip-image", samples[0].picture))
    ids, _ = pack.tokens("risclip-ground", "the red dog")
    assert np.array_equal(ids, built.encode(["the red dog"]))
    with torch.no_grad():
        image = built.network.read_image(pixels)
        located, tokens = built.network.locate(image, torch.as_tensor(ids))
        refined = built.network.refine(image, located, tokens)
    found = pack.run("risclip-ground", {**pack.encode_image("risclip-image", samples[0].picture), "input_ids": ids})
    for value, wanted in ((found["locator_logits"], located.view(1, 1, built.network.grid, -1)), (found["refined_logits"], refined)):
        assert value.shape == wanted.shape and np.abs(value - wanted.numpy()).max() < 5e-3 * max(1, wanted.abs().max())


@pytest.mark.parametrize("name", ("vit-b16-ladder", "vit-b16-inside"))
def test_a_trained_risclip_is_exported_as_a_fragment(name, scenes_folder, tmp_path):
    budget = Budget(steps=2, report_steps=2)
    checkpoint = train(build(name, tmp_path), EmojiRefScenes(scenes_folder), tmp_path / "run", budget)
    fragment, folder = str(tmp_path / "fragment"), str(tmp_path / "pack")
    main(["export", "risclip", "--weights", str(checkpoint), "--source", "a test", "--out", fragment])
    main(["assemble", "--from", fragment, "--id", "own", "--name", "Own", "--out", folder])
    pack, network = Pack(tmp_path / "pack"), from_checkpoint(checkpoint).network
    picture = EmojiRefScenes(scenes_folder).samples("validation")[0].picture
    pixels, (ids, _) = pack.pixels("risclip-image", picture), pack.tokens("risclip-ground", "the red dog")
    with torch.no_grad():
        image = network.read_image(torch.as_tensor(pixels))
        located, tokens = network.locate(image, torch.as_tensor(ids))
        refined = network.refine(image, located, tokens)
    found = pack.run("risclip-ground", {**pack.encode_image("risclip-image", picture), "input_ids": ids})
    for value, wanted in ((found["locator_logits"], located.view(1, 1, network.grid, -1)), (found["refined_logits"], refined)):
        assert value.shape == wanted.shape and np.abs(value - wanted.numpy()).max() < 1e-3 * max(1, wanted.abs().max())


def _failing(at: int):
    calls = []

    def fail(*arguments):
        calls.append(1)
        if len(calls) == at:
            raise InterruptedError
        return step_loss(*arguments)

    return fail


def test_a_trained_risclip_can_be_gone_on_from(scenes_folder, tmp_path):
    source = EmojiRefScenes(scenes_folder)
    first = train(build("tiny-ladder", tmp_path), source, tmp_path / "first", Budget(steps=1))
    second = train(build("tiny-ladder", tmp_path), source, tmp_path / "second", Budget(steps=1), start=first)
    state = torch.load(second)
    assert state["about"]["start"] == "risclip.pt" and state["steps"] == 1
    old = torch.load(first)["network"]
    change = max((value - old[key]).abs().max().item() for key, value in state["network"].items() if value.is_floating_point())
    assert 0 < change < 0.1


def test_the_commands_train_and_pack(scenes_folder, tmp_path):
    torch.manual_seed(2)
    torch.save({"network": Clip().state_dict()}, tmp_path / "clip.pt")
    (tmp_path / "brief.toml").write_text("[training]\nimages = 1\nexpressions = 1\n[data]\nwatched = 1\n")
    runs, data = str(tmp_path / "runs"), ["--scenes", str(scenes_folder)]
    options = ["--clip", str(tmp_path), "--configuration", str(tmp_path / "brief.toml"), "--steps", "2", "--float32"]
    main(["train", "risclip", *data, "--runs", runs, *options])
    assert (tmp_path / "runs" / "risclip.svg").read_text().startswith("<svg") and len(
        (tmp_path / "runs" / "risclip.csv").read_text().splitlines()
    ) == 2
    main(["pack-risclip", "--run", f"{runs}/risclip.pt", "--out", str(tmp_path / "pack"), "--id", "own"])
    manifest = Pack(tmp_path / "pack").manifest
    assert manifest["id"] == "own" and manifest["tuning"] == {} and "MODEL_CARD.md" in manifest["files"]
    for wrong in (["train", "risclip", "--runs", runs], ["train", "risclip", *data, "--refer", "x", "--runs", runs, *options]):
        with pytest.raises(SystemExit, match="Name"):
            main(wrong)


def test_losses_are_those_of_their_papers():
    logits, truth = torch.tensor([[2.0, -1.0, 0.5]]), torch.tensor([[1.0, 0.0, 1.0]])
    probability = 1 / (1 + np.exp(-logits.numpy()[0]))
    of_truth = np.array([probability[0], 1 - probability[1], probability[2]])
    weight = np.array([0.65, 0.35, 0.65])
    assert focal(logits, truth, 0.65, 2.0).item() == pytest.approx(np.mean(weight * (1 - of_truth) ** 2 * -np.log(of_truth)), rel=1e-5)
    overlap = 2 * (probability[0] + probability[2]) + 1
    assert dice(logits, truth).item() == pytest.approx(1 - overlap / (probability.sum() + 2 + 1), rel=1e-5)
    assert polynomial(0.0, 1.0, 0.9) == 1.0 and polynomial(1.0, 1.0, 0.9) == 0.0
    assert polynomial(0.5, 2.0, 0.9) == pytest.approx(2 * 0.5**0.9)
