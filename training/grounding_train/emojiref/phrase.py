"""Puts statements into words."""

from random import Random

from .catalogue import CATEGORY_BY_NAME, COLOUR_WORDS
from .statement import CORNERS, Ordinal, Relation, Statement

_RELATION_WORDS = {
    "left": ("left of", "to the left of", "on the left side of"),
    "right": ("right of", "to the right of", "on the right side of"),
    "above": ("above", "over", "higher than"),
    "below": ("below", "under", "lower than"),
    "near": ("next to", "near", "beside", "close to", "closest to", "nearest to"),
    "far": ("farthest from", "furthest from", "far from"),
}
_SIZE_WORDS = {
    "small": ("small", "smallest", "little", "tiny"),
    "large": ("large", "largest", "big", "biggest"),
}
# The patterns of opposite sides stand in the same order, so that one draw words both sides alike.
_POSITION_WORDS = {
    "left": ("leftmost {}", "{} on the left", "{} on the far left", "left {}", "{} at the left side"),
    "right": ("rightmost {}", "{} on the right", "{} on the far right", "right {}", "{} at the right side"),
    "top": ("topmost {}", "{} at the top", "top {}", "highest {}", "upper {}"),
    "bottom": ("bottommost {}", "{} at the bottom", "bottom {}", "lowest {}", "lower {}"),
    "middle": ("{} in the middle", "{} in the center", "central {}", "middle {}"),
}
_CORNER_WORDS = ("{{}} at the {0}", "{{}} in the {0} corner", "{0} {{}}", "{{}} in the {0}")
_ROW_WORDS = {"top": ("top", "upper"), "bottom": ("bottom", "lower")}
_RANK_WORDS = {2: "second", 3: "third", 4: "fourth"}
_ORDINAL_WORDS = ("{0} {{}} from the {1}", "{{}} that is {0} from the {1}", "{0} {{}} counting from the {1}")
_NEGATION_WORDS = ("{} that is not {}", "{} which is not {}", "{} but not the {} one", "{} other than the {} one")
# What the models' training says about an object beyond its expression: "the dog is at the top".
PLACE_WORDS = {
    "left": ("on the left", "at the left side"),
    "right": ("on the right", "at the right side"),
    "top": ("at the top", "on the top"),
    "bottom": ("at the bottom", "on the bottom"),
}
_OTHER_WORDS = "the a an of that is which in picture photo and"
SUPERLATIVES = frozenset(
    "smallest largest biggest leftmost rightmost topmost bottommost highest lowest closest nearest farthest furthest".split()
)


def noun_for(category: str, random: Random) -> str:
    nouns = CATEGORY_BY_NAME[category].nouns
    return nouns[0] if random.random() < 0.65 else random.choice(nouns)


def colour_word(colour: str, random: Random) -> str:
    """One draw whatever the colour, so that a swapped colour leaves the rest of the wording alone."""
    words = COLOUR_WORDS[colour]
    return words[int(random.random() * len(words))]


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
    if statement.clauses == ("colour",) and random.random() < 0.2:
        return _with_article(f"{noun}{random.choice((' that is ', ' in ', ' which is '))}{colour}", random)
    if statement.size:
        thing = f"{random.choice(_SIZE_WORDS[statement.size])} {thing}"
    if statement.ordinal:
        thing = _ordinal_pattern(statement.ordinal, random).format(thing)
    if statement.position:
        thing = random.choice(_position_patterns(statement.position, random)).format(thing)
    if statement.excluded:
        thing = random.choice(_NEGATION_WORDS).format(thing, colour_word(statement.excluded, random))
    ranked = statement.size or statement.position or statement.ordinal
    articles = ("the", "the", "the", "") if ranked or statement.excluded else ("the", "the", "the", "", "a")
    subject = _with_article(thing, random, articles)
    if not statement.relation:
        return subject
    link = random.choice(("", "", " that is", " which is"))
    relations = [_relation_words(each, random) for each in (statement.relation, statement.second) if each]
    return f"{subject}{link} {' and '.join(relations)}"


def _relation_words(relation: Relation, random: Random) -> str:
    words = random.choice(_RELATION_WORDS[relation.kind])
    colour = colour_word(relation.colour, random) + " " if relation.colour else ""
    return f"{words} {_with_article(colour + noun_for(relation.category, random), random, ('the',) * 6 + ('a',))}"


def _ordinal_pattern(ordinal: Ordinal, random: Random) -> str:
    return random.choice(_ORDINAL_WORDS).format(_RANK_WORDS[ordinal.rank], ordinal.side)


def _position_patterns(position: str, random: Random) -> tuple[str, ...]:
    if position not in CORNERS:
        return _POSITION_WORDS[position]
    row, column = position.split()
    corner = f"{random.choice(_ROW_WORDS[row])} {column}"
    return tuple(pattern.format(corner) for pattern in _CORNER_WORDS)


def vocabulary() -> tuple[str, ...]:
    """Every word that `phrase` and the place sentences can use, sorted."""
    texts = [_OTHER_WORDS, *_ROW_WORDS["top"], *_ROW_WORDS["bottom"], *CORNERS, "corner"]
    texts += [*_RANK_WORDS.values(), *_ORDINAL_WORDS, *_NEGATION_WORDS]
    for table in (_RELATION_WORDS, _SIZE_WORDS, _POSITION_WORDS, PLACE_WORDS, COLOUR_WORDS):
        texts += [text for group in table.values() for text in group]
    texts += [text for category in CATEGORY_BY_NAME.values() for text in category.nouns]
    words = {word for text in texts for word in text.split() if "{" not in word}
    return tuple(sorted(words))
