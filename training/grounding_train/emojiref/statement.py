"""What an expression claims, and which objects of a scene make it true.

Meaning is decided strictly for the object that is meant and loosely for its rivals: an expression counts as
unambiguous only if its object satisfies it clearly and no other object satisfies it even nearly. Clauses that
filter (category, colour, relation, a corner) are applied first, the one that ranks (size, a side, an ordinal)
last: "the largest dog left of the car" is the largest of the dogs that lie left of the car.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .render import SceneObject

SINGLE_KINDS = ("category", "colour", "size", "position", "relation")
KINDS = (*SINGLE_KINDS, "ordinal", "negation", "conjunction")
SIDES = ("left", "right", "top", "bottom")
CORNERS = ("top left", "top right", "bottom left", "bottom right")
POSITIONS = SIDES + CORNERS + ("middle",)
DIRECTIONS = ("left", "right", "above", "below")
RELATIONS = (*DIRECTIONS, "near", "far")
RANKS = (2, 3, 4)

_LEAST_GAP = 0.07  # of the picture, between neighbours in a ranking by place
_LEAST_AREA_RATIO = 1.5


@dataclass(frozen=True)
class Relation:
    kind: str
    category: str
    colour: str | None = None


@dataclass(frozen=True)
class Ordinal:
    """The `rank`-th from a side, counted from 1."""

    rank: int
    side: str


@dataclass(frozen=True)
class Statement:
    """At most one of size, ordinal and a side as position is set: there is only one ranking."""

    category: str
    colour: str | None = None
    size: str | None = None
    position: str | None = None
    relation: Relation | None = None
    ordinal: Ordinal | None = None
    excluded: str | None = None  # the colour that the object must not have
    second: Relation | None = None  # a further relation, joined by "and"

    @property
    def clauses(self) -> tuple[str, ...]:
        """Names of what is said beyond the category."""
        named = {
            "colour": self.colour,
            "negation": self.excluded,
            "size": self.size,
            "position": self.position,
            "ordinal": self.ordinal,
            "relation": self.relation,
            "second relation": self.second,
        }
        return tuple(name for name, value in named.items() if value)

    @property
    def kind(self) -> str:
        clauses = self.clauses
        if len(clauses) > 1:
            return "conjunction"
        return clauses[0] if clauses else "category"


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
    if any(not _is(objects[i], statement.category, statement.colour, loose=False) for i in candidates):
        return AMBIGUOUS
    if statement.excluded:
        # A trace of the excluded colour makes "not red" arguable.
        if any(objects[i].colour != statement.excluded and statement.excluded in objects[i].natural for i in candidates):
            return AMBIGUOUS
        candidates = [i for i in candidates if objects[i].colour != statement.excluded]
    clear, near = list(candidates), list(candidates)
    for relation in (statement.relation, statement.second):
        if relation is None or not near:
            continue
        found = _related(objects, near, relation)
        if found is None:
            return AMBIGUOUS
        clear, near = [i for i in clear if i in found[0]], [i for i in near if i in found[1]]
    position = statement.position
    if position and position not in SIDES:
        clear = [i for i in clear if _stands(objects[i], position, loose=False)]
        near = [i for i in near if _stands(objects[i], position, loose=True)]
    if not near:
        return NOTHING
    ranked = statement.size or statement.ordinal or position in SIDES
    if not ranked:
        return Meaning(clear[0], True) if len(near) == 1 and len(clear) == 1 else AMBIGUOUS
    if clear != near:
        return AMBIGUOUS
    if statement.size:
        return _by_size(objects, clear, statement.size)
    if statement.ordinal:
        return _by_place(objects, clear, statement.ordinal.side, statement.ordinal.rank)
    return _by_place(objects, clear, position, 1)


def without_one_clause(statement: Statement) -> Iterator[Statement]:
    """The statement shortened by each of its clauses, a landmark's colour among them."""
    for name in ("colour", "excluded", "size", "position", "ordinal", "second"):
        if getattr(statement, name):
            yield replace(statement, **{name: None})
    if statement.relation:
        yield replace(statement, relation=statement.second, second=None)
    for name in ("relation", "second"):
        relation = getattr(statement, name)
        if relation and relation.colour:
            yield replace(statement, **{name: replace(relation, colour=None)})


def is_minimal(objects: tuple[SceneObject, ...], statement: Statement) -> bool:
    """Whether no clause can be left out: every shorter statement is ambiguous or means another object."""
    index = meaning(objects, statement).index
    return index is not None and all(meaning(objects, shorter).index != index for shorter in without_one_clause(statement))


def _is(thing: SceneObject, category: str, colour: str | None, loose: bool) -> bool:
    if thing.category != category:
        return False
    if colour is None or thing.colour == colour:
        return True
    return loose and thing.colour is None and colour in thing.natural


def _related(objects, candidates: list[int], relation: Relation) -> tuple[list[int], list[int]] | None:
    """Candidates that clearly and that nearly stand in the relation; None where that cannot be said."""
    anchors = [i for i, o in enumerate(objects) if _is(o, relation.category, relation.colour, loose=True)]
    if not anchors:
        return [], []
    if len(anchors) > 1 or not _is(objects[anchors[0]], relation.category, relation.colour, loose=False):
        return None
    anchor = objects[anchors[0]]
    candidates = [i for i in candidates if i != anchors[0]]
    if not candidates:
        return [], []
    if relation.kind in DIRECTIONS:
        near = [i for i in candidates if _lies(relation.kind, objects[i], anchor, loose=True)]
        return [i for i in near if _lies(relation.kind, objects[i], anchor, loose=False)], near
    if len(candidates) < 2:
        return None
    distances = {i: math.dist(objects[i].centre, anchor.centre) for i in candidates}
    first, second = sorted(candidates, key=distances.__getitem__, reverse=relation.kind == "far")[:2]
    if relation.kind == "near":
        clear = distances[first] < 0.45 and distances[first] < 0.6 * distances[second]
    else:
        clear = distances[first] > 1.4 * distances[second]
    return ([first], [first]) if clear else None


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
    clear = max(areas) > _LEAST_AREA_RATIO * min(areas) and (areas[0] > areas[1]) == (size == "large")
    return Meaning(ranked[0], True) if clear else AMBIGUOUS


def _by_place(objects, candidates: list[int], side: str, rank: int) -> Meaning:
    """The `rank`-th candidate from a side. The last one is never counted to: it is the first from the other side."""
    if len(candidates) < rank:
        return NOTHING
    if len(candidates) < rank + 1:
        return AMBIGUOUS
    axis = 0 if side in ("left", "right") else 1
    ranked = sorted(candidates, key=lambda i: objects[i].centre[axis], reverse=side in ("right", "bottom"))
    places = [objects[i].centre[axis] for i in ranked[: rank + 1]]
    clear = all(abs(a - b) > _LEAST_GAP for a, b in zip(places, places[1:]))
    return Meaning(ranked[rank - 1], True) if clear else AMBIGUOUS


def _stands(thing: SceneObject, position: str, loose: bool) -> bool:
    x, y = thing.centre
    if position == "middle":
        return max(abs(x - 0.5), abs(y - 0.5)) < (0.28 if loose else 0.15)
    row, column = position.split()
    limit = 0.54 if loose else 0.45
    return (x if column == "left" else 1 - x) < limit and (y if row == "top" else 1 - y) < limit
