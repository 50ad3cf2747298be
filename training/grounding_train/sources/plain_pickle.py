"""Reads a pickle that holds plain data only.

A pickle is a program: loading one runs what it names. This reader lets it name nothing, so that only None,
booleans, numbers, texts, bytes, lists, tuples, sets and dictionaries can come out.
"""

import io
import pickle
from pathlib import Path


class NotPlainData(ValueError):
    """The pickle is damaged, or wants more than plain data."""


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        raise NotPlainData(f"it names {module}.{name}; only plain data is read")

    def persistent_load(self, _):
        raise NotPlainData("it refers to objects outside itself; only plain data is read")


def read_plain_pickle(path: Path) -> object:
    """The object in the file; byte strings of Python 2 are read as Latin-1. Raises `NotPlainData`."""
    try:
        return _PlainUnpickler(io.BytesIO(path.read_bytes()), encoding="latin1").load()
    except NotPlainData as problem:
        raise NotPlainData(f"{path}: {problem}") from None
    except Exception as problem:  # a damaged pickle fails in many ways
        raise NotPlainData(f"{path}: not a sound pickle: {problem}") from problem
