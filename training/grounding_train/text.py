"""Words to token ids: a word-level tokenizer in the Hugging Face file format, and a fast twin for training."""

import json
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from .emojiref.phrase import vocabulary

TEXT_LENGTH = 24
PADDING, START, END, UNKNOWN = "[PAD]", "[BOS]", "[EOS]", "[UNK]"
SPECIAL = (PADDING, START, END, UNKNOWN)


@cache
def token_ids() -> dict[str, int]:
    return {word: index for index, word in enumerate((*SPECIAL, *vocabulary()))}


def encode(texts: list[str]) -> Tensor:
    """int64 [n, longest] with start and end tokens, padded with 0; the end token survives cutting."""
    ids = token_ids()
    unknown = ids[UNKNOWN]
    rows = [[1, *(ids.get(word, unknown) for word in text.lower().split())][: TEXT_LENGTH - 1] + [2] for text in texts]
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def write_tokenizer(path: Path) -> None:
    path.write_text(tokenizer_json())


def tokenizer_json() -> str:
    """A `tokenizer.json` that both the Python and the JavaScript library of Hugging Face read."""
    ids = token_ids()
    special = [
        {"id": ids[word], "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for word in SPECIAL
    ]
    description = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": START, "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": END, "type_id": 0}},
            ],
            "pair": [
                {"SpecialToken": {"id": START, "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": END, "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 1}},
                {"SpecialToken": {"id": END, "type_id": 1}},
            ],
            "special_tokens": {word: {"id": word, "ids": [ids[word]], "tokens": [word]} for word in (START, END)},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": ids, "unk_token": UNKNOWN},
    }
    return json.dumps(description, indent=1) + "\n"
