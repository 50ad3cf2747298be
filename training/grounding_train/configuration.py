"""What a configuration file of `train risclip` may say. The files lie in `training/configurations`."""

import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints


class WrongConfiguration(ValueError):
    """A configuration that cannot be meant; the message says what and where."""


@dataclass(frozen=True)
class NetworkShape:
    clip: Literal["tiny", "vit"] = "tiny"
    adapters: Literal["ladder", "inside"] = "ladder"
    # inside: how many of the last layers have cross-attention, its width, and fusion blocks after the towers
    fused: int = 2
    shared: int = 128
    post: int = 2
    # ladder beside a vision transformer: how many levels it reads, and its width
    levels: int = 4
    width: int = 256


@dataclass(frozen=True)
class Loss:
    pixel: Literal["cross-entropy", "focal"] = "cross-entropy"
    focal_alpha: float = 0.65
    focal_gamma: float = 2.0
    locator_weight: float = 10.0  # of the pixel loss
    refiner_weight: float = 5.0
    dice_weight: float = 1.0
    place_weight: float = 0.0  # of the cross-entropy over the locator's cells, which lets one place win


@dataclass(frozen=True)
class Training:
    steps: int = 3000
    report_steps: int = 100  # between checkpoints
    images: int = 12  # a step
    expressions: int = 4  # an image
    rate: float = 1e-3
    decay: float = 0.02
    schedule: Literal["cosine", "polynomial"] = "cosine"
    power: float = 0.9  # of the polynomial
    locator_share: float = 0.5  # of the training, before the refiner joins
    refiner: Literal["joint", "alone"] = "joint"  # whether the locator goes on learning then
    seed: int = 0


@dataclass(frozen=True)
class Data:
    training: str = "train"  # names of splits
    validation: str = "validation"
    validation_share: float = 0.1  # of the training pictures, where there is no split of that name
    watched: int = 60  # validation pictures measured at every checkpoint


@dataclass(frozen=True)
class Tuning:
    thresholds: tuple[float, ...] = (0.5, 0.4, 0.3, 0.6, 0.7)  # of equal ones the earlier is taken


@dataclass(frozen=True)
class Configuration:
    network: NetworkShape = field(default_factory=NetworkShape)
    loss: Loss = field(default_factory=Loss)
    training: Training = field(default_factory=Training)
    data: Data = field(default_factory=Data)
    tuning: Tuning = field(default_factory=Tuning)


def read_configuration(path: Path) -> Configuration:
    """What the file leaves out has its default. Raises `WrongConfiguration`."""
    try:
        return from_tables(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as problem:
        raise WrongConfiguration(f"{path}: {problem}") from problem
    except WrongConfiguration as problem:
        raise WrongConfiguration(f"{path}: {problem}") from None


def from_tables(tables: dict) -> Configuration:
    return _fill(Configuration, tables, "")


def _fill(kind: type, table: dict, place: str):
    types = get_type_hints(kind)
    unknown = sorted(set(table) - set(types))
    if unknown:
        raise WrongConfiguration(f"{place}{unknown[0]} is unknown; known are {', '.join(each.name for each in fields(kind))}")
    return kind(**{name: _value(types[name], value, f"{place}{name}") for name, value in table.items()})


def _value(kind, value, place: str):
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise WrongConfiguration(f"{place} is not a table")
        return _fill(kind, value, f"{place}.")
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise WrongConfiguration(f"{place} is {value!r}; it can be {' or '.join(get_args(kind))}")
        return value
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not value:
            raise WrongConfiguration(f"{place} is not a list")
        return tuple(_value(float, each, place) for each in value)
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise WrongConfiguration(f"{place} is {value!r}, not a {kind.__name__}")
    return kind(value)
