"""Functions of contexts."""

from __future__ import annotations

from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.runtime import MISSING_ENTRY, Evaluation
from engine.feel.types import type_name

Context = dict[str, object]


@built_in("get value", "m: context, key: string")
@built_in("get value", "context: context, key: string")
def get_value(run: Evaluation, m: Context, key: str) -> object:
    """The value of the entry of that name."""
    if key not in m:
        raise EvaluationProblem(f"the context has no entry {key!r}", MISSING_ENTRY)
    return m[key]


@built_in("get value", "context: context, keys: list")
def get_nested_value(run: Evaluation, context: Context, keys: list[object]) -> object:
    """The value at the end of a path of names."""
    if not keys:
        raise EvaluationProblem("a path has at least one name", "INVALID_ARGUMENT")
    value: object = context
    for key in keys:
        if type(value) is not dict or not isinstance(key, str) or key not in value:
            raise EvaluationProblem(f"the context has no entry {key!r}", MISSING_ENTRY)
        value = value[key]
    return value


@built_in("get entries", "m: context")
@built_in("get entries", "context: context")
def get_entries(run: Evaluation, m: Context) -> list[object]:
    """A list of `{key, value}` for the entries."""
    run.check_length(len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@built_in("context", "entries: list")
def context(run: Evaluation, entries: list[object]) -> Context:
    """A context of a list of `{key, value}`."""
    run.charge(len(entries))
    run.check_length(len(entries))
    result: Context = {}
    for entry in entries:
        if type(entry) is not dict or "key" not in entry or "value" not in entry:
            raise EvaluationProblem("an entry is a context with `key` and `value`", "INVALID_ARGUMENT")
        key = entry["key"]
        if not isinstance(key, str):
            raise EvaluationProblem(f"a key is a string, not a {type_name(key)}", "TYPE_MISMATCH")
        if key in result:
            raise EvaluationProblem(f"the key {key!r} is there twice", "INVALID_ARGUMENT")
        result[key] = entry["value"]
    return result


@built_in("context put", "context: context, key: string, value: any")
def context_put(run: Evaluation, context: Context, key: str, value: object) -> Context:
    """The context with one entry new or changed."""
    run.check_length(len(context) + 1)
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any")
def context_put_nested(run: Evaluation, context: Context, keys: list[object], value: object) -> Context:
    """The context with the entry at the end of a path of names new or changed."""
    if not keys or len(keys) > run.limits.call_depth:
        raise EvaluationProblem(f"a path has from one to {run.limits.call_depth} names", "INVALID_ARGUMENT")
    key, *rest = keys
    if not isinstance(key, str):
        raise EvaluationProblem(f"a key is a string, not {'null' if key is None else type_name(key)}", "TYPE_MISMATCH")
    run.check_length(len(context) + 1)
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    if inner is None:
        inner = {}
    if type(inner) is not dict:
        raise EvaluationProblem(f"the entry {key!r} is a {type_name(inner)}, not a context", "TYPE_MISMATCH")
    return {**context, key: context_put_nested(run, inner, rest, value)}


@built_in("context merge", "contexts: list")
def context_merge(run: Evaluation, contexts: list[object]) -> Context:
    """All contexts in one; later entries win."""
    result: Context = {}
    for part in contexts:
        if type(part) is not dict:
            raise EvaluationProblem("only contexts can be merged", "TYPE_MISMATCH")
        run.check_length(len(part))
        result.update(part)
    run.check_length(len(result))
    return result
