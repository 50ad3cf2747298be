"""What can stand in a scene: categories, their drawings, their words, and the colour names.

Drawings are named by the Unicode code points that the npm package `@lobehub/fluent-emoji-3d` uses for
its files. A category marked `tintable` may be recoloured without becoming another thing (a blue dog is a
dog; a blue panda is not a panda).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    name: str
    drawings: tuple[str, ...]
    tintable: bool
    nouns: tuple[str, ...]


def _category(name: str, drawings: str, nouns: str, tintable: bool = True) -> Category:
    return Category(name, tuple(drawings.split()), tintable, tuple(noun.strip() for noun in nouns.split(",")))


CATEGORIES: tuple[Category, ...] = (
    _category("dog", "1f436 1f415 1f429", "dog, puppy"),
    _category("cat", "1f431 1f408", "cat, kitten"),
    _category("rabbit", "1f430 1f407", "rabbit, bunny"),
    _category("bear", "1f43b", "bear"),
    _category("panda", "1f43c", "panda", tintable=False),
    _category("lion", "1f981", "lion", tintable=False),
    _category("cow", "1f42e 1f404", "cow"),
    _category("pig", "1f437 1f416", "pig, piglet"),
    _category("frog", "1f438", "frog"),
    _category("monkey", "1f435 1f412", "monkey, ape", tintable=False),
    _category("penguin", "1f427", "penguin"),
    _category("owl", "1f989", "owl"),
    _category("fish", "1f41f 1f420", "fish"),
    _category("turtle", "1f422", "turtle, tortoise"),
    _category("elephant", "1f418", "elephant"),
    _category("butterfly", "1f98b", "butterfly"),
    _category("car", "1f697 1f699", "car, automobile"),
    _category("bus", "1f68c 1f68e", "bus, coach"),
    _category("truck", "1f69a 1f69b", "truck, lorry"),
    _category("bicycle", "1f6b2", "bicycle, bike"),
    _category("airplane", "2708-fe0f 1f6e9-fe0f", "airplane, plane"),
    _category("rocket", "1f680", "rocket, spaceship"),
    _category("boat", "26f5 1f6a4", "boat, ship"),
    _category("tractor", "1f69c", "tractor"),
    _category("apple", "1f34e 1f34f", "apple"),
    _category("banana", "1f34c", "banana", tintable=False),
    _category("pizza", "1f355", "pizza, slice of pizza", tintable=False),
    _category("burger", "1f354", "burger, hamburger", tintable=False),
    _category("donut", "1f369", "donut, doughnut"),
    _category("cupcake", "1f9c1", "cupcake, muffin"),
    _category("strawberry", "1f353", "strawberry", tintable=False),
    _category("carrot", "1f955", "carrot", tintable=False),
    _category("cup", "2615 1f375", "cup, mug"),
    _category("chair", "1fa91", "chair, seat"),
    _category("clock", "23f0 1f570-fe0f", "clock, alarm clock"),
    _category("book", "1f4d5 1f4d7 1f4d8", "book"),
    _category("umbrella", "2602-fe0f", "umbrella, parasol"),
    _category("ball", "26bd 1f3c0 1f3d0", "ball"),
    _category("guitar", "1f3b8", "guitar"),
    _category("backpack", "1f392", "backpack, bag"),
    _category("hat", "1f3a9 1f452", "hat"),
    _category("shoe", "1f45f 1f45e", "shoe, sneaker"),
    _category("balloon", "1f388", "balloon"),
    _category("gift", "1f381", "gift, present"),
)

CATEGORY_NAMES: tuple[str, ...] = tuple(category.name for category in CATEGORIES)
CATEGORY_INDEX: dict[str, int] = {name: index for index, name in enumerate(CATEGORY_NAMES)}
CATEGORY_BY_NAME: dict[str, Category] = {category.name: category for category in CATEGORIES}

COLOURS: tuple[str, ...] = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "grey")
COLOUR_INDEX: dict[str, int] = {name: index for index, name in enumerate(COLOURS)}
COLOUR_WORDS: dict[str, tuple[str, ...]] = {
    **{colour: (colour,) for colour in COLOURS},
    "purple": ("purple", "purple", "violet"),
    "grey": ("grey", "gray"),
}

# Pairs of category and colour that no training scene shows: what is answered on them was not memorised.
HELD_OUT: frozenset[tuple[str, str]] = frozenset(
    {
        ("dog", "blue"),
        ("rabbit", "purple"),
        ("car", "pink"),
        ("cup", "green"),
        ("chair", "yellow"),
        ("umbrella", "grey"),
        ("book", "orange"),
        ("ball", "purple"),
    }
)
