"""The rows of expressions.jsonl for one scene: what is said, of what, and how hard it is."""

from dataclasses import replace
from random import Random

from .catalogue import HELD_OUT
from .expressions import Expression, counterfactual, expressions, falsified, same_category
from .phrase import SUPERLATIVES, phrase
from .render import SceneObject
from .statement import Statement, meaning

NO_REFERENT = "no-referent"
_FALSE_SHARE = 0.1  # of the scenes have an expression that nothing satisfies
_SINGLE_LOGIC = {"colour": "attribute", "position": "absolute position"}


def sentences(image: str, objects: tuple[SceneObject, ...], random: Random) -> list[dict]:
    """One expression of each kind that the scene allows, a counterfactual pair, and sometimes a false one."""
    found = expressions(objects, random, per_kind=1)
    pair = _pair(objects, found, random)
    rows = []
    for number, (expression, in_pair) in enumerate(_with_pair(found, pair)):
        attributes = _attributes(objects, expression) | ({"pair": f"{image}-pair"} if in_pair else {})
        rows.append(
            {
                "id": f"{image}-{expression.index}-{number}",
                "referent": f"{image}-{expression.index}",
                "text": expression.text,
                "kind": expression.kind,
                "attributes": attributes,
            }
        )
    if found and random.random() < _FALSE_SHARE:
        false = falsified(objects, random.choice(found).statement, random)
        if false:
            text = phrase(false, random)
            attributes = {"logic": logic_of(false, text), "clauses": clauses_of(false), "objects": len(objects)}
            rows.append(
                {"id": f"{image}-none", "referent": None, "image": image, "text": text, "kind": NO_REFERENT, "attributes": attributes}
            )
    return rows


def _pair(objects, found: list[Expression], random: Random) -> tuple[Expression, Expression] | None:
    """An expression and its counterfactual twin in the same words."""
    order = list(found)
    random.shuffle(order)
    for expression in order:
        twin = counterfactual(objects, expression.statement, random)
        if twin is not None:
            wording = random.random()
            index = meaning(objects, twin).index
            return (
                replace(expression, text=phrase(expression.statement, Random(wording))),
                Expression(index, twin.kind, twin, phrase(twin, Random(wording))),
            )
    return None


def _with_pair(found: list[Expression], pair: tuple[Expression, Expression] | None) -> list[tuple[Expression, bool]]:
    """All expressions, those of the pair marked, and the twin in the place of an expression that says the same."""
    if pair is None:
        return [(expression, False) for expression in found]
    statements = {member.statement for member in pair}
    return [(e, False) for e in found if e.statement not in statements] + [(member, True) for member in pair]


def logic_of(statement: Statement, text: str) -> str:
    """What must be understood: category, attribute, size, absolute position, superlative, ordinal, relation,
    negation or conjunction. "The smallest dog" is a superlative, "the small dog" speaks of size.
    """
    kind = statement.kind
    if kind in ("size", "position", "relation") and SUPERLATIVES.intersection(text.split()):
        return "superlative"
    return _SINGLE_LOGIC.get(kind, kind)


def clauses_of(statement: Statement) -> str:
    """`colour, position`; empty for a bare category."""
    return ", ".join(statement.clauses)


def _attributes(objects, expression: Expression) -> dict[str, str | int | float | bool]:
    thing = objects[expression.index]
    instances = same_category(objects, expression.index)
    statement = expression.statement
    described = {
        "logic": logic_of(statement, expression.text),
        "clauses": clauses_of(statement),
        "clauseCount": len(statement.clauses),
        "chance": round(1 / instances, 4),
        "instances": instances,
        "distractors": instances - 1,
        "objects": len(objects),
        "targetArea": round(thing.area, 4),
        "heldOut": (thing.category, thing.colour) in HELD_OUT,
    }
    return described | ({"colour": thing.colour} if thing.colour else {})
