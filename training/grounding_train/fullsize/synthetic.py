"""Vocabularies in the original file formats, made from a few words: for networks with random weights and for tests.

Special tokens have the numbers that the published vocabularies give them.
"""

import json
from pathlib import Path

from tokenizers import pre_tokenizers

from ..emojiref.phrase import vocabulary
from .clip import END as END_ID
from .clip import START as START_ID
from .tokenizers import END, START

_BERT_SIZE, _BERT_SPECIAL = 30522, {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
_MERGED_WORDS = 60


def write_clip_vocabulary(folder: Path, start: int = START_ID, end: int = END_ID) -> None:
    """vocab.json and merges.txt as CLIP's; the merges build EmojiRef's words letter by letter."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = []
    for word in vocabulary()[:_MERGED_WORDS]:
        parts = [*word[:-1], f"{word[-1]}</w>"]
        merges += [("".join(parts[:place]), parts[place]) for place in range(1, len(parts))]
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges)]
    numbers = {token: index for index, token in enumerate(dict.fromkeys(tokens))} | {START: start, END: end}
    lines = ["#version: 0.2", *map(" ".join, dict.fromkeys(merges))]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(numbers), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_bert_vocabulary(folder: Path, size: int = _BERT_SIZE) -> None:
    """vocab.txt as BERT's: EmojiRef's words (every third as a stem and an ending), letters, and unused places."""
    words = vocabulary()
    split = [part for word in words[::3] if len(word) > 4 for part in (word[:3], f"##{word[3:]}")]
    whole = [word for index, word in enumerate(words) if index % 3 or len(word) <= 4]
    letters = [sign + letter for sign in ("", "##") for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]
    known = iter(dict.fromkeys([*"!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~", *letters, *whole, *split]))
    tokens = [_BERT_SPECIAL.get(place) or (f"[unused{place}]" if place < 104 else next(known, f"[unused{place}]")) for place in range(size)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
