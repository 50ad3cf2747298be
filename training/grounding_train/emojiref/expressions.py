"""Finds the statements that hold for exactly one object of a scene, and statements that hold for none."""

from dataclasses import dataclass, replace
from random import Random

from .catalogue import CATEGORY_NAMES, COLOURS
from .phrase import phrase
from .render import SceneObject
from .statement import CORNERS, KINDS, NOTHING, POSITIONS, RELATIONS, Relation, SIDES, Statement, meaning

_ATTEMPTS = 60


@dataclass(frozen=True)
class Expression:
    index: int  # of the object meant
    kind: str
    statement: Statement
    text: str


def expressions(objects: tuple[SceneObject, ...], random: Random, per_kind: int) -> list[Expression]:
    """Up to `per_kind` unambiguous expressions of every kind."""
    found: list[Expression] = []
    for kind in KINDS:
        seen: set[Statement] = set()
        for _ in range(_ATTEMPTS):
            index = random.randrange(len(objects))
            statement = _propose(objects, index, kind, random)
            if statement is None or statement in seen or meaning(objects, statement).index != index:
                continue
            seen.add(statement)
            found.append(Expression(index, kind, statement, phrase(statement, random)))
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
    alone = same_category(objects, index) < 2
    if kind == "colour":
        # A colour that need not discriminate is easy; keep only a few of those.
        return None if not thing.colour or (alone and random.random() < 0.85) else replace(statement, colour=thing.colour)
    if alone:
        return None
    if thing.colour and random.random() < 0.25:
        statement = replace(statement, colour=thing.colour)
    if kind == "size":
        return replace(statement, size=random.choice(("small", "large")))
    if kind == "position":
        return replace(statement, position=random.choice(POSITIONS))
    other = random.randrange(len(objects))
    if other == index:
        return None
    anchor = objects[other]
    anchor_colour = anchor.colour if random.random() < 0.4 else None
    return replace(statement, relation=Relation(random.choice(RELATIONS), anchor.category, anchor_colour))


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
    factors += ["relation"] * 3 if statement.relation else []
    factor = random.choice(factors)
    if factor == "category":
        return replace(statement, category=random.choice(CATEGORY_NAMES))
    if factor == "colour":
        return replace(statement, colour=random.choice(COLOURS))
    if factor == "position":
        # The leftmost of several always exists, so a side is made false by a colour nobody has.
        if statement.position in SIDES:
            return replace(statement, colour=random.choice(COLOURS))
        return replace(statement, position=random.choice((*CORNERS, "middle")))
    draw = random.random()
    if draw < 0.5:
        relation = replace(statement.relation, kind=random.choice(RELATIONS[:4]))
    elif draw < 0.7:
        relation = replace(statement.relation, category=random.choice(objects).category)
    elif draw < 0.85:
        relation = replace(statement.relation, category=random.choice(CATEGORY_NAMES))
    else:
        relation = replace(statement.relation, colour=random.choice(COLOURS))
    return replace(statement, relation=relation)
