"""Tokenizers from the vocabulary files that CLIP and BERT are published with, as the `tokenizer.json` a pack needs."""

import gzip
import json
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE, WordPiece

START, END = "<|startoftext|>", "<|endoftext|>"
_CLIP_WORDS = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
_CLIP_MERGES = 49152 - 256 - 2  # how many lines of OpenAI's file are merges of CLIP's vocabulary


class NoVocabulary(FileNotFoundError):
    """There is no vocabulary of the wanted kind at the path."""


def clip_tokenizer(source: Path) -> Tokenizer:
    """From a folder with tokenizer.json, or with vocab.json and merges.txt, or OpenAI's bpe_simple_vocab_16e6.txt.gz."""
    if source.is_dir() and (source / "tokenizer.json").exists():
        return _plain(Tokenizer.from_file(str(source / "tokenizer.json")))
    if source.is_dir() and (source / "vocab.json").exists() and (source / "merges.txt").exists():
        vocabulary = json.loads((source / "vocab.json").read_text(encoding="utf-8"))
        lines = (source / "merges.txt").read_text(encoding="utf-8").split("\n")
        merges = [tuple(line.split()) for line in lines if line.strip() and not line.startswith("#version")]
    elif source.is_file() and source.name.endswith(".txt.gz"):
        vocabulary, merges = _openai_vocabulary(source)
    else:
        raise NoVocabulary(
            f"{source} holds neither tokenizer.json, nor vocab.json with merges.txt, nor is it bpe_simple_vocab_16e6.txt.gz."
        )
    tokenizer = Tokenizer(BPE(vocabulary, merges, end_of_word_suffix="</w>", unk_token=END))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(_CLIP_WORDS), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in (START, END)])
    tokenizer.post_processor = processors.RobertaProcessing(
        (END, vocabulary[END]), (START, vocabulary[START]), trim_offsets=False, add_prefix_space=False
    )
    return tokenizer


def _openai_vocabulary(source: Path) -> tuple[dict[str, int], list[tuple[str, ...]]]:
    """Bytes, bytes that end a word, the merges in order, and two special tokens, as OpenAI's own code numbers them."""
    with gzip.open(source, "rt", encoding="utf-8") as file:
        merges = [tuple(line.split()) for line in file.read().split("\n")[1 : _CLIP_MERGES + 1] if line.strip()]
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [*map(chr, printable), *(chr(256 + index) for index in range(len(others)))]
    tokens = [*letters, *(letter + "</w>" for letter in letters), *map("".join, merges), START, END]
    return {token: index for index, token in enumerate(tokens)}, merges


def bert_tokenizer(source: Path) -> Tokenizer:
    """From BERT's vocab.txt (uncased), or a folder with it or with tokenizer.json. BLIP's two tokens need not be in it."""
    if source.is_dir() and (source / "tokenizer.json").exists():
        return _plain(Tokenizer.from_file(str(source / "tokenizer.json")))
    file = source / "vocab.txt" if source.is_dir() else source
    if not file.is_file():
        raise NoVocabulary(f"{source} holds neither tokenizer.json nor vocab.txt.")
    tokens = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = [token for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]") if token in vocabulary]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def _plain(tokenizer: Tokenizer) -> Tokenizer:
    """Cutting and padding are the manifest's, not the tokenizer's."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
