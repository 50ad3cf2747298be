"""Minimal pairs for the matcher: one true and one false sentence that differ in a single factor."""

from random import Random

from ..emojiref.catalogue import COLOURS
from ..emojiref.expressions import Expression, falsified
from ..emojiref.phrase import PLACE_WORDS, phrase
from ..emojiref.render import SceneObject
from ..emojiref.statement import Statement
from .claims import attribute_pair, binding_pair

_UNCLEAR = (0.42, 0.58)  # neither left nor right, neither top nor bottom


# How often each sort of pair is drawn; where a picture has none of a sort after some tries, another is drawn.
_EASY = {"attribute": 0.3, "plain": 0.2, "colour": 0.15, "place": 0.35}
_FULL = {"attribute": 0.4, "binding": 0.26, "plain": 0.13, "colour": 0.15, "place": 0.06}
_TRIES = 6


def minimal_pair(objects: tuple[SceneObject, ...], found: list[Expression], random: Random, easy: bool) -> tuple[str, str, str]:
    """The true text, the false text, and what was changed: an expression's own words, an attribute of one of the
    objects, the colour that goes with an expression, or its object's colour or place said of it ("the small cup
    is on the left").

    Easy pairs use short expressions and are mostly about place, which is learnt late and only from many of them.
    """
    weights = _EASY if easy else _FULL
    for _ in range(8):
        sort = random.choices(tuple(weights), tuple(weights.values()))[0]
        for _ in range(_TRIES):
            pair, name = _pair_of(sort, objects, found, random, easy)
            if pair and pair[0] != pair[1]:
                return *pair, name
    statement = Statement(objects[0].category)
    return phrase(statement, random), phrase(falsified(objects, statement, random), random), "plain_category"


def _pair_of(sort: str, objects, found: list[Expression], random: Random, easy: bool) -> tuple[tuple[str, str] | None, str]:
    """A pair of this sort, if the draw gives one, and its name."""
    if sort == "attribute":
        return attribute_pair(objects, random), sort
    if sort == "binding":
        return binding_pair(objects, found, random), sort
    expression, wording = random.choice(found), random.random()
    name = f"{sort}_{expression.kind}"
    if easy and expression.kind not in ("category", "colour"):
        return None, name
    if sort == "colour":
        return _colour_pair(objects, expression, random, wording), name
    if sort == "place":
        return _place_pair(objects[expression.index], expression, random, wording), name
    wrong = falsified(objects, expression.statement, random)
    return wrong and (phrase(expression.statement, Random(wording)), phrase(wrong, Random(wording))), name


def _colour_pair(objects, expression: Expression, random: Random, wording: float) -> tuple[str, str] | None:
    thing = objects[expression.index]
    if expression.statement.colour or not thing.colour:
        return None
    rivals = {other.colour for other in objects if other.category == thing.category and other is not thing}
    others = sorted(colour for colour in rivals if colour and colour not in thing.natural | {thing.colour})
    if not others or random.random() < 0.15:
        others = [colour for colour in COLOURS if colour not in thing.natural | {thing.colour}]
    text = phrase(expression.statement, Random(wording))
    return f"{text} is {thing.colour}", f"{text} is {random.choice(others)}"


def _place_pair(thing: SceneObject, expression: Expression, random: Random, wording: float) -> tuple[str, str] | None:
    axis = random.randrange(2)
    where = thing.centre[axis]
    if _UNCLEAR[0] < where < _UNCLEAR[1] or (expression.kind == "position" and random.random() < 0.7):
        return None
    sides = ("left", "right") if axis == 0 else ("top", "bottom")
    true, false = sides if where < 0.5 else sides[::-1]
    choice = random.randrange(2)
    text = phrase(expression.statement, Random(wording))
    return f"{text} is {PLACE_WORDS[true][choice]}", f"{text} is {PLACE_WORDS[false][choice]}"
