"""Functions of lists."""

from __future__ import annotations

from functools import cmp_to_key

from engine.feel import numbers
from engine.feel.arithmetic import Number
from engine.feel.comparison import key_of, same
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in, invoke
from engine.feel.runtime import Evaluation
from engine.feel.values import FeelFunction

_MAX_FLATTEN_DEPTH = 200


def _position(position: Number, length: int) -> int:
    """The index from 0 of a position from 1, or from the end when negative."""
    index = numbers.to_int(position)
    if index is None or index != position:
        raise EvaluationProblem("a position is a whole number", "INVALID_ARGUMENT")
    if index == 0 or abs(index) > length:
        raise EvaluationProblem(f"the list has no position {index}, it has {length} items", "OUT_OF_RANGE")
    return index - 1 if index > 0 else length + index


@built_in("list contains", "list: list, element: any")
def list_contains(run: Evaluation, items: list[object], element: object) -> bool:
    """Whether an item equals the element."""
    run.charge(1 + len(items))
    return any(same(run, item, element) for item in items)


@built_in("count", "list: list")
def count(run: Evaluation, items: list[object]) -> int:
    """How many items there are."""
    return len(items)


@built_in("is empty", "list: list")
def is_empty(run: Evaluation, items: list[object]) -> bool:
    """Whether there are no items."""
    return not items


@built_in("sublist", "list: list, start position: number, length?: number")
def sublist(run: Evaluation, items: list[object], start: Number, length: Number | None = None) -> list[object]:
    """The items from a position on, all or so many."""
    first = _position(start, len(items))
    available = len(items) - first
    wanted = available if length is None else numbers.to_int(length)
    if wanted is None or not 0 < wanted <= available:
        raise EvaluationProblem(f"from there on the list has {available} items", "OUT_OF_RANGE")
    run.check_length(wanted)
    return items[first : first + wanted]


@built_in("append", "list: list, item: any, items...?: any")
def append(run: Evaluation, items: list[object], *added: object) -> list[object]:
    """The list with the items at its end."""
    run.check_length(len(items) + len(added))
    return [*items, *added]


@built_in("concatenate", "list: list, lists...?: list")
def concatenate(run: Evaluation, *lists: list[object]) -> list[object]:
    """All the lists in one."""
    run.check_length(sum(map(len, lists)))
    return [item for items in lists for item in items]


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Evaluation, items: list[object], position: Number, new: object) -> list[object]:
    """The list with a new item before the position."""
    index = _position(position, len(items))
    run.check_length(len(items) + 1)
    return [*items[:index], new, *items[index:]]


@built_in("remove", "list: list, position: number")
def remove(run: Evaluation, items: list[object], position: Number) -> list[object]:
    """The list without the item at the position."""
    index = _position(position, len(items))
    run.check_length(len(items))
    return items[:index] + items[index + 1 :]


@built_in("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Evaluation, items: list[object], position: Number, new: object) -> list[object]:
    """The list with the item at the position replaced."""
    index = _position(position, len(items))
    run.check_length(len(items))
    return [*items[:index], new, *items[index + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Evaluation, items: list[object], match: FeelFunction, new: object) -> list[object]:
    """The list with every item for which `match(item, newItem)` is true replaced."""
    run.check_length(len(items))
    replaced = []
    for item in items:
        verdict = invoke(run, match, [item, new])
        if type(verdict) is not bool:
            raise EvaluationProblem("the match function is not true or false for every item", "TYPE_MISMATCH")
        replaced.append(new if verdict else item)
    return replaced


@built_in("reverse", "list: list")
def reverse(run: Evaluation, items: list[object]) -> list[object]:
    """The list from its end."""
    run.check_length(len(items))
    return items[::-1]


@built_in("index of", "list: list, match: any")
def index_of(run: Evaluation, items: list[object], match: object) -> list[object]:
    """The positions of the items that equal the match, ascending."""
    run.charge(1 + len(items))
    return [index for index, item in enumerate(items, 1) if same(run, item, match)]


def _distinct(run: Evaluation, items: list[object]) -> list[object]:
    run.check_length(len(items))
    run.charge(2 * len(items))
    found: dict[object, object] = {}
    for item in items:
        found.setdefault(key_of(run, item), item)
    return list(found.values())


@built_in("union", "list: list, lists...?: list")
def union(run: Evaluation, *lists: list[object]) -> list[object]:
    """All the lists in one, each value once."""
    return _distinct(run, concatenate(run, *lists))


@built_in("distinct values", "list: list")
def distinct_values(run: Evaluation, items: list[object]) -> list[object]:
    """Each value once, where it first stood."""
    return _distinct(run, items)


@built_in("duplicate values", "list: list")
def duplicate_values(run: Evaluation, items: list[object]) -> list[object]:
    """The values that stand there more than once, each once."""
    run.check_length(len(items))
    run.charge(3 * len(items))
    seen: dict[object, int] = {}
    firsts: dict[object, object] = {}
    for item in items:
        key = key_of(run, item)
        seen[key] = seen.get(key, 0) + 1
        firsts.setdefault(key, item)
    return [item for key, item in firsts.items() if seen[key] > 1]


@built_in("flatten", "list: list")
def flatten(run: Evaluation, items: list[object]) -> list[object]:
    """The items of the list and of all lists in it."""
    flat: list[object] = []
    pending = [iter(items)]
    while pending:
        run.charge(1)
        for item in pending[-1]:
            if type(item) is list:
                if len(pending) > _MAX_FLATTEN_DEPTH:
                    raise EvaluationProblem(f"lists may be nested {_MAX_FLATTEN_DEPTH} deep", "OUT_OF_RANGE")
                run.charge(len(item))
                pending.append(iter(item))
                break
            flat.append(item)
        else:
            pending.pop()
    run.check_length(len(flat))
    return flat


@built_in("sort", "list: list, precedes: function")
def sort(run: Evaluation, items: list[object], precedes: FeelFunction) -> list[object]:
    """The items so that none stands after one it precedes; equal ones keep their order."""
    run.check_length(len(items))

    def order(left: object, right: object) -> int:
        if invoke(run, precedes, [left, right]) is True:
            return -1
        return 1 if invoke(run, precedes, [right, left]) is True else 0

    return sorted(items, key=cmp_to_key(order))


@built_in("partition", "list: list, size: number")
def partition(run: Evaluation, items: list[object], size: Number) -> list[object]:
    """Lists of so many items each, the last perhaps shorter."""
    step = numbers.to_int(size)
    if step is None or step < 1:
        raise EvaluationProblem("a part has at least one item", "OUT_OF_RANGE")
    run.check_length(len(items))
    run.charge(len(items) // step)
    return [items[index : index + step] for index in range(0, len(items), step)]
