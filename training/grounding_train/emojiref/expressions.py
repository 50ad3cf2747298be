"""Finds the statements that hold for exactly one object of a scene, their counterfactual twins, and statements
that hold for none.
"""

from dataclasses import dataclass, replace
from random import Random

from .catalogue import CATEGORY_NAMES, COLOURS
from .phrase import phrase
from .render import SceneObject
from .statement import (
    CORNERS,
    DIRECTIONS,
    KINDS,
    NOTHING,
    POSITIONS,
    RANKS,
    RELATIONS,
    SIDES,
    Ordinal,
    Relation,
    Statement,
    is_minimal,
    meaning,
)

_ATTEMPTS = {"conjunction": 400}  # most proposals say more than is needed
_USUAL_ATTEMPTS = 60
_MOST_WORDS = 18  # with start, end and "is on the left" the models' text length
_MIRRORED = {"left": "right", "right": "left", "top left": "top right", "top right": "top left"}
_MIRRORED |= {"bottom left": "bottom right", "bottom right": "bottom left"}


@dataclass(frozen=True)
class Expression:
    index: int  # of the object meant
    kind: str
    statement: Statement
    text: str


def expressions(objects: tuple[SceneObject, ...], random: Random, per_kind: int) -> list[Expression]:
    """Up to `per_kind` unambiguous, minimal expressions of every kind."""
    found: list[Expression] = []
    for kind in KINDS:
        seen: set[Statement] = set()
        for _ in range(_ATTEMPTS.get(kind, _USUAL_ATTEMPTS)):
            index = random.randrange(len(objects))
            statement = _propose(objects, index, kind, random)
            if statement is None or statement in seen or statement.kind != kind:
                continue
            if meaning(objects, statement).index != index or not is_minimal(objects, statement):
                continue
            seen.add(statement)
            text = phrase(statement, random)
            if len(text.split()) > _MOST_WORDS:
                continue
            found.append(Expression(index, kind, statement, text))
            if len(seen) >= per_kind:
                break
    return found


def same_category(objects: tuple[SceneObject, ...], index: int) -> int:
    """How many objects share the category of one, itself included."""
    return sum(thing.category == objects[index].category for thing in objects)


def _propose(objects, index: int, kind: str, random: Random) -> Statement | None:
    thing = objects[index]
    statement = Statement(thing.category)
    if kind == "category":
        return statement
    if same_category(objects, index) < 2:
        return None
    if kind == "conjunction":
        return _propose_conjunction(objects, index, statement, random)
    return _with_clause(objects, index, statement, kind, random)


def _with_clause(objects, index: int, statement: Statement, clause: str, random: Random) -> Statement | None:
    """The statement with one more clause, which may or may not be true of the object."""
    match clause:
        case "colour":
            return replace(statement, colour=objects[index].colour) if objects[index].colour else None
        case "negation":
            rivals = {o.colour for i, o in enumerate(objects) if o.category == statement.category and i != index}
            colours = sorted(colour for colour in rivals if colour)
            return replace(statement, excluded=random.choice(colours)) if colours else None
        case "size":
            return replace(statement, size=random.choice(("small", "large")))
        case "position":
            return replace(statement, position=random.choice(POSITIONS))
        case "ordinal":
            return replace(statement, ordinal=Ordinal(random.choice(RANKS[:2]), random.choice(SIDES)))
        case _:
            relation = _propose_relation(objects, index, random, RELATIONS)
            return relation and replace(statement, relation=relation)


def _propose_relation(objects, index: int, random: Random, kinds: tuple[str, ...]) -> Relation | None:
    other = random.randrange(len(objects))
    if other == index:
        return None
    anchor = objects[other]
    # A landmark's colour is named where its category alone does not single it out.
    colour = anchor.colour if same_category(objects, other) > 1 else None
    return Relation(random.choice(kinds), anchor.category, colour)


def _propose_conjunction(objects, index: int, statement: Statement, random: Random) -> Statement | None:
    if random.random() < 0.3:
        first, second = (_propose_relation(objects, index, random, DIRECTIONS) for _ in range(2))
        if not first or not second or (first.category, first.colour) == (second.category, second.colour):
            return None
        return replace(statement, relation=first, second=second)
    first = random.choice(("colour", "colour", "relation"))
    second = random.choice(("size", "position", "relation", "ordinal") if first == "colour" else ("size", "position"))
    partial = _with_clause(objects, index, statement, first, random)
    return partial and _with_clause(objects, index, partial, second, random)


def counterfactual(objects: tuple[SceneObject, ...], statement: Statement, random: Random) -> Statement | None:
    """The statement with left and right exchanged, or with another colour, where that means another object."""
    index = meaning(objects, statement).index
    twins = [mirrored(statement)]
    if statement.colour:
        others = sorted({o.colour for o in objects if o.category == statement.category and o.colour} - {statement.colour})
        random.shuffle(others)
        twins += [replace(statement, colour=colour) for colour in others]
    for twin in twins:
        other = meaning(objects, twin).index
        if twin != statement and other is not None and other != index and is_minimal(objects, twin):
            return twin
    return None


def mirrored(statement: Statement) -> Statement:
    """Left for right and right for left in every clause."""

    def mirror(relation: Relation | None) -> Relation | None:
        return relation and replace(relation, kind=_MIRRORED.get(relation.kind, relation.kind))

    ordinal = statement.ordinal
    return replace(
        statement,
        position=_MIRRORED.get(statement.position, statement.position),
        ordinal=ordinal and replace(ordinal, side=_MIRRORED.get(ordinal.side, ordinal.side)),
        relation=mirror(statement.relation),
        second=mirror(statement.second),
    )


def falsified(objects: tuple[SceneObject, ...], statement: Statement, random: Random) -> Statement | None:
    """A statement that differs in one factor and that no object of the scene satisfies."""
    for _ in range(12):
        changed = _change_one_factor(objects, statement, random)
        if changed != statement and meaning(objects, changed) == NOTHING:
            return changed
    for _ in range(50):
        changed = replace(statement, category=random.choice(CATEGORY_NAMES))
        if meaning(objects, changed) == NOTHING:
            return changed
    return None


def _change_one_factor(objects, statement: Statement, random: Random) -> Statement:
    factors = ["category"]
    factors += ["colour"] * 2 if statement.colour else []
    factors += ["position"] if statement.position else []
    factors += ["ordinal"] * 2 if statement.ordinal else []
    factors += ["excluded"] if statement.excluded else []
    factors += ["relation"] * 3 if statement.relation else []
    factors += ["second"] * 2 if statement.second else []
    factor = random.choice(factors)
    match factor:
        case "category":
            return replace(statement, category=random.choice(CATEGORY_NAMES))
        case "colour" | "excluded":
            return replace(statement, **{factor: random.choice(COLOURS)})
        case "ordinal":
            return replace(statement, ordinal=replace(statement.ordinal, rank=random.choice(RANKS)))
        case "position":
            # The leftmost of several always exists, so a side is made false by a colour nobody has.
            if statement.position in SIDES:
                return replace(statement, colour=random.choice(COLOURS))
            return replace(statement, position=random.choice((*CORNERS, "middle")))
        case _:
            return replace(statement, **{factor: _change_relation(objects, getattr(statement, factor), random)})


def _change_relation(objects, relation: Relation, random: Random) -> Relation:
    draw = random.random()
    if draw < 0.5:
        return replace(relation, kind=random.choice(DIRECTIONS))
    if draw < 0.7:
        return replace(relation, category=random.choice(objects).category)
    if draw < 0.85:
        return replace(relation, category=random.choice(CATEGORY_NAMES))
    return replace(relation, colour=random.choice(COLOURS))
