"""What an expression claims, and which objects of a scene make it true.

Meaning is decided strictly for the object that is meant and loosely for its rivals: an expression counts as
unambiguous only if its object satisfies it clearly and no other object satisfies it even nearly.
"""

import math
from dataclasses import dataclass

from .render import SceneObject

KINDS = ("category", "colour", "size", "position", "relation")
SIDES = ("left", "right", "top", "bottom")
CORNERS = ("top left", "top right", "bottom left", "bottom right")
POSITIONS = SIDES + CORNERS + ("middle",)
RELATIONS = ("left", "right", "above", "below", "near")


@dataclass(frozen=True)
class Relation:
    kind: str
    category: str
    colour: str | None = None


@dataclass(frozen=True)
class Statement:
    """At most one of size, position and relation is set."""

    category: str
    colour: str | None = None
    size: str | None = None
    position: str | None = None
    relation: Relation | None = None

    @property
    def kind(self) -> str:
        if self.relation:
            return "relation"
        if self.position:
            return "position"
        if self.size:
            return "size"
        return "colour" if self.colour else "category"


@dataclass(frozen=True)
class Meaning:
    """`index` is the one object meant; without it, `possible` tells an ambiguous statement from a false one."""

    index: int | None
    possible: bool


NOTHING = Meaning(None, False)
AMBIGUOUS = Meaning(None, True)


def meaning(objects: tuple[SceneObject, ...], statement: Statement) -> Meaning:
    """Executes the statement on the scene graph."""
    candidates = [i for i, o in enumerate(objects) if _is(o, statement.category, statement.colour, loose=True)]
    if not candidates:
        return NOTHING
    if any(not _is(objects[i], statement.category, statement.colour, loose=False) for i in candidates):
        return AMBIGUOUS
    if statement.relation:
        return _by_relation(objects, candidates, statement.relation)
    if statement.size:
        return _by_size(objects, candidates, statement.size)
    if statement.position:
        return _by_position(objects, candidates, statement.position)
    return Meaning(candidates[0], True) if len(candidates) == 1 else AMBIGUOUS


def _is(thing: SceneObject, category: str, colour: str | None, loose: bool) -> bool:
    if thing.category != category:
        return False
    if colour is None or thing.colour == colour:
        return True
    return loose and thing.colour is None and colour in thing.natural


def _only(clear: list[int], near: list[int]) -> Meaning:
    if not near:
        return NOTHING
    return Meaning(clear[0], True) if len(near) == 1 and len(clear) == 1 else AMBIGUOUS


def _by_relation(objects, candidates: list[int], relation: Relation) -> Meaning:
    anchors = [i for i, o in enumerate(objects) if _is(o, relation.category, relation.colour, loose=True)]
    if not anchors:
        return NOTHING
    if len(anchors) > 1 or not _is(objects[anchors[0]], relation.category, relation.colour, loose=False):
        return AMBIGUOUS
    anchor = objects[anchors[0]]
    candidates = [i for i in candidates if i != anchors[0]]
    if not candidates:
        return NOTHING
    if relation.kind == "near":
        if len(candidates) < 2:
            return AMBIGUOUS
        nearest, second = sorted(candidates, key=lambda i: math.dist(objects[i].centre, anchor.centre))[:2]
        distance = math.dist(objects[nearest].centre, anchor.centre)
        clear = distance < 0.45 and distance < 0.6 * math.dist(objects[second].centre, anchor.centre)
        return Meaning(nearest, True) if clear else AMBIGUOUS
    near = [i for i in candidates if _lies(relation.kind, objects[i], anchor, loose=True)]
    return _only([i for i in near if _lies(relation.kind, objects[i], anchor, loose=False)], near)


def _lies(kind: str, thing: SceneObject, anchor: SceneObject, loose: bool) -> bool:
    """Whether `thing` lies left, right, above or below; clearly means far enough and within a wide cone."""
    across, down = thing.centre[0] - anchor.centre[0], thing.centre[1] - anchor.centre[1]
    along, aside = {"left": (-across, down), "right": (across, down), "above": (-down, across), "below": (down, across)}[kind]
    return along > 0.02 if loose else along > 0.12 and abs(aside) < 1.2 * along


def _by_size(objects, candidates: list[int], size: str) -> Meaning:
    if len(candidates) < 2:
        return AMBIGUOUS
    ranked = sorted(candidates, key=lambda i: objects[i].area, reverse=size == "large")
    areas = [objects[i].full_area for i in ranked[:2]]
    return Meaning(ranked[0], True) if max(areas) > 1.5 * min(areas) and (areas[0] > areas[1]) == (size == "large") else AMBIGUOUS


def _by_position(objects, candidates: list[int], position: str) -> Meaning:
    if position in SIDES:
        if len(candidates) < 2:
            return AMBIGUOUS
        axis = 0 if position in ("left", "right") else 1
        ranked = sorted(candidates, key=lambda i: objects[i].centre[axis], reverse=position in ("right", "bottom"))
        gap = abs(objects[ranked[0]].centre[axis] - objects[ranked[1]].centre[axis])
        return Meaning(ranked[0], True) if gap > 0.07 else AMBIGUOUS
    near = [i for i in candidates if _stands(objects[i], position, loose=True)]
    return _only([i for i in near if _stands(objects[i], position, loose=False)], near)


def _stands(thing: SceneObject, position: str, loose: bool) -> bool:
    x, y = thing.centre
    if position == "middle":
        return max(abs(x - 0.5), abs(y - 0.5)) < (0.28 if loose else 0.15)
    row, column = position.split()
    limit = 0.54 if loose else 0.45
    return (x if column == "left" else 1 - x) < limit and (y if row == "top" else 1 - y) < limit
