"""Minimal pairs for the matcher: one true and one false sentence that differ in a single factor."""

from random import Random

from ..emojiref.catalogue import COLOURS
from ..emojiref.expressions import Expression, falsified
from ..emojiref.phrase import PLACE_WORDS, phrase
from ..emojiref.render import SceneObject
from ..emojiref.statement import Statement

_UNCLEAR = (0.42, 0.58)  # neither left nor right, neither top nor bottom


def minimal_pair(objects: tuple[SceneObject, ...], found: list[Expression], random: Random, easy: bool) -> tuple[str, str, str]:
    """The true text, the false text, and what was changed: an expression's own words, or its object's
    colour or place said of it ("the small cup is on the left").

    Easy pairs use category and colour expressions only and are mostly about place, which is learnt late
    and only from many short sentences.
    """
    for _ in range(20):
        expression = random.choice(found)
        if easy and expression.kind not in ("category", "colour"):
            continue
        draw = random.random() * (1.5 if easy else 1.0)
        wording = random.random()
        if draw < 0.4:
            wrong = falsified(objects, expression.statement, random)
            pair = wrong and (phrase(expression.statement, Random(wording)), phrase(wrong, Random(wording)))
            name = "plain"
        elif draw < 0.65:
            pair, name = _colour_pair(objects, expression, random, wording), "colour"
        else:
            pair, name = _place_pair(objects[expression.index], expression, random, wording), "place"
        if pair:
            return *pair, f"{name}_{expression.kind}"
    statement = Statement(objects[0].category)
    return phrase(statement, random), phrase(falsified(objects, statement, random), random), "plain_category"


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
