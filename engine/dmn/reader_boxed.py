"""From XML to boxed expressions: tables, contexts, invocations and the rest."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.xml import local_name
from engine.dmn.errors import MalformedTable
from engine.dmn.model import (
    Aggregation,
    Binding,
    Boxed,
    Cell,
    Conditional,
    Context,
    ContextEntry,
    DecisionTable,
    Filter,
    FunctionDefinition,
    FunctionKind,
    HitPolicy,
    InputClause,
    Invocation,
    Iterator,
    IteratorKind,
    ListExpression,
    Literal,
    OutputClause,
    Relation,
    Rule,
    TypeConstraint,
    Variable,
)
from engine.dmn.namespaces import child, children, is_feel, name_of, text_of, type_reference

_ITERATORS = {kind.value: kind for kind in IteratorKind}
EXPRESSIONS = (
    "literalExpression",
    "decisionTable",
    "context",
    "relation",
    "list",
    "invocation",
    "functionDefinition",
    "conditional",
    "filter",
    *_ITERATORS,
)


class BoxedReader:
    """Reads the expressions of one file; `owner` is the id to blame for what has none of its own."""

    def __init__(self, file: str, namespace: str) -> None:
        self._file = file
        self._namespace = namespace

    def variable(self, element: etree._Element) -> Variable:
        """A variable, parameter or column."""
        return Variable(name_of(element.get("name")), self.type_ref(element), element.get("id"))

    def type_ref(self, element: etree._Element) -> str | None:
        """The declared type of an element, which DMN 1.1 wrote as a child now and then."""
        written = element.get("typeRef")
        if written is None:
            written = text_of(child(element, "typeRef"))
        return type_reference(element, written, self._namespace)

    def constraint(self, element: etree._Element, tag: str, owner: str | None) -> TypeConstraint | None:
        """Unary tests that restrict a type's values."""
        written = child(element, tag)
        text = text_of(child(written, "text")) if written is not None else None
        if written is None or text is None:
            return None
        return TypeConstraint(text, written.get("id") or owner)

    def first_expression(self, element: etree._Element | None, owner: str | None) -> Boxed | None:
        """The expression inside an element, None when it is left empty."""
        found = child(element, *EXPRESSIONS) if element is not None else None
        return None if found is None else self.expression(found, owner)

    def expression(self, element: etree._Element, owner: str | None) -> Boxed:
        """One boxed expression."""
        owner = element.get("id") or owner
        type_ref = self.type_ref(element)
        match local_name(element):
            case "literalExpression":
                return self.literal(element, owner)
            case "decisionTable":
                return self._table(element, owner)
            case "context":
                entries = tuple(self._entry(entry, owner) for entry in children(element, "contextEntry"))
                return Context(owner, type_ref, entries)
            case "relation":
                return self._relation(element, owner, type_ref)
            case "list":
                items = tuple(self.expression(item, owner) for item in children(element, *EXPRESSIONS))
                return ListExpression(owner, type_ref, items)
            case "invocation":
                bindings = tuple(self._binding(binding, owner) for binding in children(element, "binding"))
                return Invocation(owner, type_ref, self.first_expression(element, owner), bindings)
            case "functionDefinition":
                return self.function(element, owner)
            case "conditional":
                parts = (self.first_expression(child(element, part), owner) for part in ("if", "then", "else"))
                return Conditional(owner, type_ref, *parts)
            case "filter":
                source, condition = child(element, "in"), child(element, "match")
                return Filter(
                    owner, type_ref, self.first_expression(source, owner), self.first_expression(condition, owner)
                )
            case tag:
                return self._iterator(element, owner, type_ref, _ITERATORS[tag])

    def literal(self, element: etree._Element, owner: str | None) -> Literal:
        """A text in FEEL; an empty one is null."""
        language = element.get("expressionLanguage")
        return Literal(
            element.get("id") or owner,
            self.type_ref(element),
            text_of(child(element, "text")) or "",
            None if is_feel(language) else language,
        )

    def function(self, element: etree._Element, owner: str | None) -> FunctionDefinition:
        """A function with its parameters."""
        kind = (element.get("kind") or "FEEL").strip()
        return FunctionDefinition(
            element.get("id") or owner,
            self.type_ref(element),
            {"Java": FunctionKind.JAVA, "PMML": FunctionKind.PMML}.get(kind, FunctionKind.FEEL),
            tuple(self.variable(parameter) for parameter in children(element, "formalParameter")),
            self.first_expression(element, owner),
        )

    def _entry(self, element: etree._Element, owner: str | None) -> ContextEntry:
        written = child(element, "variable")
        variable = None if written is None else self.variable(written)
        return ContextEntry(variable, self.first_expression(element, element.get("id") or owner))

    def _binding(self, element: etree._Element, owner: str | None) -> Binding:
        parameter = child(element, "parameter")
        variable = Variable("", None) if parameter is None else self.variable(parameter)
        return Binding(variable, self.first_expression(element, element.get("id") or owner))

    def _relation(self, element: etree._Element, owner: str | None, type_ref: str | None) -> Relation:
        columns = tuple(self.variable(column) for column in children(element, "column"))
        rows = []
        for row in children(element, "row"):
            cells = tuple(self.expression(cell, row.get("id") or owner) for cell in children(row, *EXPRESSIONS))
            if len(cells) != len(columns):
                raise MalformedTable(
                    f"{self._file}: a row of a relation has {len(cells)} cells for {len(columns)} columns",
                    element=owner,
                )
            rows.append(cells)
        return Relation(owner, type_ref, columns, tuple(rows))

    def _iterator(
        self, element: etree._Element, owner: str | None, type_ref: str | None, kind: IteratorKind
    ) -> Iterator:
        body = child(element, "return" if kind is IteratorKind.FOR else "satisfies")
        return Iterator(
            owner,
            type_ref,
            kind,
            name_of(element.get("iteratorVariable")),
            self.first_expression(child(element, "in"), owner),
            self.first_expression(body, owner),
        )

    def _table(self, element: etree._Element, owner: str | None) -> DecisionTable:
        policy = " ".join((element.get("hitPolicy") or "UNIQUE").split()).upper()
        aggregation = (element.get("aggregation") or "").strip().upper()
        if policy not in set(HitPolicy) or (aggregation and aggregation not in set(Aggregation)):
            raise MalformedTable(
                f"{self._file}: unknown hit policy {policy!r} or aggregation {aggregation!r}", element=owner
            )
        inputs = tuple(self._input(clause, owner) for clause in children(element, "input"))
        outputs = tuple(self._output(clause, owner) for clause in children(element, "output"))
        names = [name_of(clause.get("name")) for clause in children(element, "annotation")]
        rules = tuple(self._rule(rule, owner, names) for rule in children(element, "rule"))
        for number, rule in enumerate(rules, start=1):
            if len(rule.inputs) != len(inputs) or len(rule.outputs) != len(outputs):
                raise MalformedTable(
                    f"{self._file}: rule {number} has {len(rule.inputs)} inputs and {len(rule.outputs)} outputs; "
                    f"the table has {len(inputs)} and {len(outputs)}",
                    element=rule.id or owner,
                )
        if not outputs:
            raise MalformedTable(f"{self._file}: the table has no output column", element=owner)
        return DecisionTable(
            owner,
            self.type_ref(element),
            HitPolicy(policy),
            Aggregation(aggregation) if aggregation else None,
            element.get("outputLabel"),
            inputs,
            outputs,
            rules,
        )

    def _input(self, element: etree._Element, owner: str | None) -> InputClause:
        identity = element.get("id") or owner
        written = child(element, "inputExpression")
        literal = Literal(identity, None, "") if written is None else self.literal(written, identity)
        return InputClause(identity, element.get("label"), literal, self.constraint(element, "inputValues", identity))

    def _output(self, element: etree._Element, owner: str | None) -> OutputClause:
        identity = element.get("id") or owner
        default = child(element, "defaultOutputEntry")
        return OutputClause(
            identity,
            name_of(element.get("name")) or None,
            element.get("label"),
            self.type_ref(element),
            self.constraint(element, "outputValues", identity),
            None if default is None else self.literal(default, identity),
        )

    def _rule(self, element: etree._Element, owner: str | None, names: list[str]) -> Rule:
        identity = element.get("id") or owner
        annotations: dict[str, str] = {}
        description = text_of(child(element, "description"))
        if description is not None:
            annotations["description"] = description
        for index, entry in enumerate(children(element, "annotationEntry")):
            text = text_of(child(entry, "text"))
            if text is not None:
                named = names[index] if index < len(names) and names[index] else f"annotation {index + 1}"
                annotations[named] = text
        return Rule(
            element.get("id"),
            tuple(
                Cell(cell.get("id") or identity, text_of(child(cell, "text")) or "")
                for cell in children(element, "inputEntry")
            ),
            tuple(self.literal(entry, identity) for entry in children(element, "outputEntry")),
            annotations,
        )
