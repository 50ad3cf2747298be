"""Puts statements into words."""

from random import Random

from .catalogue import CATEGORY_BY_NAME, COLOUR_WORDS
from .statement import CORNERS, Statement

_RELATION_WORDS = {
    "left": ("left of", "to the left of", "on the left side of"),
    "right": ("right of", "to the right of", "on the right side of"),
    "above": ("above", "over", "higher than"),
    "below": ("below", "under", "beneath"),
    "near": ("next to", "near", "beside", "close to", "closest to"),
}
_SIZE_WORDS = {
    "small": ("small", "smallest", "little", "tiny"),
    "large": ("large", "largest", "big", "biggest"),
}
_POSITION_WORDS = {
    "left": ("leftmost {}", "{} on the left", "{} on the far left", "left {}", "{} at the left side"),
    "right": ("rightmost {}", "{} on the right", "{} on the far right", "right {}", "{} at the right side"),
    "top": ("topmost {}", "{} at the top", "top {}", "highest {}", "upper {}"),
    "bottom": ("bottommost {}", "{} at the bottom", "bottom {}", "lowest {}", "lower {}"),
    "middle": ("{} in the middle", "{} in the center", "central {}", "middle {}"),
}
_CORNER_WORDS = ("{{}} at the {0}", "{{}} in the {0} corner", "{0} {{}}", "{{}} in the {0}")
_ROW_WORDS = {"top": ("top", "upper"), "bottom": ("bottom", "lower")}
# What the models' training says about an object beyond its expression: "the dog is at the top".
PLACE_WORDS = {
    "left": ("on the left", "at the left side"),
    "right": ("on the right", "at the right side"),
    "top": ("at the top", "on the top"),
    "bottom": ("at the bottom", "on the bottom"),
}
_OTHER_WORDS = "the a an of that is which in picture photo"
_LOGIC_WORDS = "first second third fourth from not and but both other than nearest farthest furthest counting one"


def noun_for(category: str, random: Random) -> str:
    nouns = CATEGORY_BY_NAME[category].nouns
    return nouns[0] if random.random() < 0.65 else random.choice(nouns)


def colour_word(colour: str, random: Random) -> str:
    return random.choice(COLOUR_WORDS[colour])


def _with_article(words: str, random: Random, choices: tuple[str, ...] = ("the", "the", "the", "", "a")) -> str:
    article = random.choice(choices)
    if article == "a" and words[0] in "aeiou":
        article = "an"
    return f"{article} {words}".strip()


def phrase(statement: Statement, random: Random) -> str:
    """The statement as lower-case words; the same random state gives the same wording."""
    noun = noun_for(statement.category, random)
    colour = colour_word(statement.colour, random) if statement.colour else ""
    thing = f"{colour} {noun}".strip()
    if statement.relation:
        relation = statement.relation
        anchor_colour = colour_word(relation.colour, random) + " " if relation.colour else ""
        anchor = _with_article(anchor_colour + noun_for(relation.category, random), random, ("the",) * 6 + ("a",))
        subject = _with_article(thing, random)
        link = random.choice(("", "", " that is", " which is"))
        return f"{subject}{link} {random.choice(_RELATION_WORDS[relation.kind])} {anchor}"
    if statement.size:
        return _with_article(f"{random.choice(_SIZE_WORDS[statement.size])} {thing}", random, ("the", "the", ""))
    if statement.position:
        pattern = random.choice(_position_patterns(statement.position, random))
        return _with_article(pattern.format(thing), random, ("the", "the", "the", ""))
    if colour and random.random() < 0.2:
        return _with_article(f"{noun}{random.choice((' that is ', ' in ', ' which is '))}{colour}", random)
    return _with_article(thing, random)


def _position_patterns(position: str, random: Random) -> tuple[str, ...]:
    if position not in CORNERS:
        return _POSITION_WORDS[position]
    row, column = position.split()
    corner = f"{random.choice(_ROW_WORDS[row])} {column}"
    return tuple(pattern.format(corner) for pattern in _CORNER_WORDS)


def vocabulary() -> tuple[str, ...]:
    """Every word that `phrase` and the place sentences can use, sorted."""
    texts = [_OTHER_WORDS, _LOGIC_WORDS, *_ROW_WORDS["top"], *_ROW_WORDS["bottom"], *CORNERS, "corner"]
    for table in (_RELATION_WORDS, _SIZE_WORDS, _POSITION_WORDS, PLACE_WORDS, COLOUR_WORDS):
        texts += [text for group in table.values() for text in group]
    texts += [text for category in CATEGORY_BY_NAME.values() for text in category.nouns]
    return tuple(sorted({word for text in texts for word in text.replace("{}", " ").split()}))
