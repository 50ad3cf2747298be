"""Pairs for the matcher in which the expression itself claims what tells true from false.

"The leftmost cup" exists wherever there is a cup, so whether it does teaches nothing about the left. People
who caption pictures mean more: a cup on the left lies in the left half, a small one is small among things, and
one next to the box is close to it. These pairs use words in that absolute sense, on pictures where the sense is
clear for every rival too. They are training text only: the demo's expressions are relative and unambiguous.
"""

import math
from dataclasses import replace
from random import Random

from ..emojiref.expressions import Expression
from ..emojiref.phrase import phrase
from ..emojiref.render import SceneObject
from ..emojiref.statement import CORNERS, DIRECTIONS, NOTHING, SIDES, Relation, Statement, meaning

Texts = tuple[str, str]

_CLEARLY_ASIDE, _HALF = 0.42, 0.5  # of the picture's width or height
_SMALL, _LARGE = 0.026, 0.045  # of the picture's area: the 35th and the 65th percentile of all objects
_CLOSE, _FAR = 0.3, 0.45  # of the picture's width, between centres
_MUCH_LARGER = 1.5
# How often each is tried; relations are learnt last and hold for fewer objects.
_CLAIMS = {"side": 2, "corner": 1, "size": 2, "direction": 5, "distance": 2}
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "small": "large", "large": "small"}


def _worded(true: Statement, false: Statement, random: Random) -> Texts:
    wording = random.random()
    return phrase(true, Random(wording)), phrase(false, Random(wording))


def _instances(objects: tuple[SceneObject, ...], thing: SceneObject) -> list[SceneObject]:
    return [other for other in objects if other.category == thing.category]


def _from_side(thing: SceneObject, side: str) -> float:
    """0 at the side, 1 at the opposite one."""
    place = thing.centre[0 if side in ("left", "right") else 1]
    return place if side in ("left", "top") else 1 - place


def attribute_pair(objects: tuple[SceneObject, ...], random: Random) -> Texts | None:
    """The same thing with an attribute of its own and with one that nothing of its category has."""
    thing = random.choice(objects)
    statement = Statement(thing.category, thing.colour if random.random() < 0.3 else None)
    claim = random.choices(tuple(_CLAIMS), tuple(_CLAIMS.values()))[0]
    match claim:
        case "side":
            return _side_pair(objects, thing, statement, random)
        case "corner":
            return _corner_pair(objects, statement, random)
        case "size":
            return _size_pair(objects, thing, statement, random)
        case _:
            return _relation_pair(objects, thing, statement, claim, random)


def _side_pair(objects, thing: SceneObject, statement: Statement, random: Random) -> Texts | None:
    side = random.choice(SIDES)
    places = [_from_side(other, side) for other in _instances(objects, thing)]
    if _from_side(thing, side) > _CLEARLY_ASIDE or max(places) > _HALF:
        return None
    return _worded(replace(statement, position=side), replace(statement, position=_OPPOSITE[side]), random)


def _corner_pair(objects, statement: Statement, random: Random) -> Texts | None:
    true, false = random.sample((*CORNERS, "middle"), 2)
    if meaning(objects, replace(statement, position=true)).index is None:
        return None
    if meaning(objects, replace(statement, position=false)) != NOTHING:
        return None
    return _worded(replace(statement, position=true), replace(statement, position=false), random)


def _size_pair(objects, thing: SceneObject, statement: Statement, random: Random) -> Texts | None:
    areas = [other.full_area for other in _instances(objects, thing)]
    if max(areas) < _SMALL:
        size = "small"
    elif min(areas) > _LARGE:
        size = "large"
    else:
        return None
    return _worded(replace(statement, size=size), replace(statement, size=_OPPOSITE[size]), random)


def _landmark(objects, thing: SceneObject, kind: str, random: Random) -> tuple[SceneObject, Relation] | None:
    """Another object that its category singles out, and the relation to it."""
    others = [other for other in objects if other.category != thing.category and len(_instances(objects, other)) == 1]
    if not others:
        return None
    other = random.choice(others)
    return other, Relation(kind, other.category)


def _relation_pair(objects, thing: SceneObject, statement: Statement, claim: str, random: Random) -> Texts | None:
    if claim == "direction":
        true, false = random.sample(DIRECTIONS, 2)
        found = _landmark(objects, thing, true, random)
        if not found:
            return None
        relation = found[1]
        stands = meaning(objects, replace(statement, relation=relation))
        wrong = replace(statement, relation=replace(relation, kind=false))
        if stands.index is None or meaning(objects, wrong) != NOTHING:
            return None
        return _worded(replace(statement, relation=relation), wrong, random)
    found = _landmark(objects, thing, "near", random)
    if not found:
        return None
    landmark, relation = found
    distances = [math.dist(other.centre, landmark.centre) for other in _instances(objects, thing)]
    near, far = (replace(statement, relation=replace(relation, kind=kind)) for kind in ("near", "far"))
    if max(distances) < _CLOSE:
        return _worded(near, far, random)
    return _worded(far, near, random) if min(distances) > _FAR else None


def binding_pair(objects: tuple[SceneObject, ...], found: list[Expression], random: Random) -> Texts | None:
    """Two things of one category and their colours: only one of the colours goes with what the expression says.

    "the small red cup" where the small one is red, against "the small blue cup" where the large one is blue.
    """
    expression = random.choice(found)
    statement, thing = expression.statement, objects[expression.index]
    if not thing.colour or statement.colour or statement.kind not in ("size", "position", "relation"):
        return None
    rivals = [other for other in _instances(objects, thing) if other is not thing]
    colours = {other.colour for other in rivals if other.colour} - thing.natural - {thing.colour}
    if not colours or any(thing.colour == other.colour or thing.colour in other.natural for other in rivals):
        return None
    colour = random.choice(sorted(colours))
    worn = [other for other in rivals if other.colour == colour or colour in other.natural]
    if not all(_differs(objects, statement, thing, other) for other in worn):
        return None
    return _worded(replace(statement, colour=thing.colour), replace(statement, colour=colour), random)


def _differs(objects, statement: Statement, thing: SceneObject, other: SceneObject) -> bool:
    """Whether what is said of `thing` is clearly not so of `other`."""
    if statement.size:
        smaller, larger = (thing, other) if statement.size == "small" else (other, thing)
        return larger.full_area > _MUCH_LARGER * smaller.full_area
    if statement.position in SIDES:
        return _from_side(thing, statement.position) < _HALF < _from_side(other, statement.position)
    # A corner or a relation filters, and the expression says that no rival passes.
    return True
