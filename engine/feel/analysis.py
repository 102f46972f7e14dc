"""What an expression needs from outside, for those who check diagrams before they run."""

from __future__ import annotations

from engine.feel import nodes as n
from engine.feel.compiler import children


def _direct_names(node: n.Node, bound: frozenset[str], found: set[str]) -> None:
    match node:
        case n.Name():
            if node.name not in bound:
                found.add(node.name)
        case n.Filter():
            # In a filter a name may be a key of the item, so nothing can be said of the names in it.
            _direct_names(node.target, bound, found)
        case n.For() | n.Some() | n.Every():
            inner = bound | {"partial"} if isinstance(node, n.For) else bound
            for iterator in node.iterators:
                _direct_names(iterator.domain, inner, found)
                if iterator.last is not None:
                    _direct_names(iterator.last, inner, found)
                inner = inner | {iterator.name}
            _direct_names(node.body if isinstance(node, n.For) else node.condition, inner, found)
        case n.FunctionLiteral():
            if not node.is_external:
                _direct_names(node.body, bound | {parameter.name for parameter in node.parameters}, found)
        case n.ContextLiteral():
            inner = bound
            for key, value in node.entries:
                _direct_names(value, inner | {key} if isinstance(value, n.FunctionLiteral) else inner, found)
                inner = inner | {key}
        case n.In():
            _direct_names(node.value, bound, found)
            _direct_names(node.tests, bound | {"?"}, found)
        case n.Call():
            if not isinstance(node.function, n.Name):
                _direct_names(node.function, bound, found)
            for argument in node.arguments:
                _direct_names(argument, bound, found)
        case _:
            for child in children(node):
                _direct_names(child, bound, found)


def free_names(tree: n.Node) -> frozenset[str]:
    """The variables that are read from outside; names within filters, which may be keys of items, are left out."""
    found: set[str] = set()
    _direct_names(tree, frozenset(), found)
    return frozenset(found)


def called_names(tree: n.Node) -> frozenset[str]:
    """The names that are called as functions and are not defined within the expression itself."""
    called: set[str] = set()
    defined: set[str] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, n.Call) and isinstance(node.function, n.Name):
            called.add(node.function.name)
        elif isinstance(node, n.ContextLiteral):
            defined.update(key for key, _ in node.entries)
        elif isinstance(node, n.FunctionLiteral):
            defined.update(parameter.name for parameter in node.parameters)
        elif isinstance(node, n.Iterator):
            defined.add(node.name)
        pending.extend(children(node))
    return frozenset(called - defined)
