"""From a DMN file to `Definitions`: the model's types and its requirement graph."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.xml import local_name, namespace, parse_xml
from engine.dmn.errors import DuplicateElement, UnknownDmnNamespace
from engine.dmn.model import (
    Decision,
    DecisionService,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Node,
    Reference,
    Variable,
)
from engine.dmn.namespaces import MODEL_NAMESPACES, child, children, name_of, text_of, type_reference
from engine.dmn.reader_boxed import BoxedReader
from engine.errors import InvalidDocument


def read_definitions(source: bytes, *, file: str) -> Definitions:
    """Read one DMN 1.1 to 1.5 file.

    Args:
        source: the file's bytes.
        file: its name, for messages.

    Raises:
        InvalidDocument: not well-formed, not DMN, or a table that cannot be read.
        TooLarge: more than the limits of `engine.bpmn.xml`.
    """
    root = parse_xml(source, file=file)
    if local_name(root) != "definitions" or namespace(root) not in MODEL_NAMESPACES:
        raise UnknownDmnNamespace(
            f"{file}: the root element is {root.tag!r}; expected `definitions` of DMN 1.1, 1.2, 1.3, 1.4 or 1.5"
        )
    return _Reader(root, file).definitions()


class _Reader:
    def __init__(self, root: etree._Element, file: str) -> None:
        self.root = root
        self.file = file
        self.namespace = (root.get("namespace") or "").strip()
        self.boxed = BoxedReader(file, self.namespace)

    def definitions(self) -> Definitions:
        nodes = tuple(self._nodes())
        self._check_ids(nodes)
        return Definitions(
            file=self.file,
            name=name_of(self.root.get("name")),
            namespace=self.namespace,
            imports=tuple(self._imports()),
            types=tuple(self._type(element) for element in children(self.root, "itemDefinition")),
            nodes=nodes,
        )

    def _check_ids(self, nodes: tuple[Node, ...]) -> None:
        seen: set[str] = set()
        for node in nodes:
            if node.id in seen:
                raise DuplicateElement(
                    f"{self.file}: two elements have the id {node.id!r}; give one another id", element=node.id
                )
            seen.add(node.id)

    def _imports(self) -> Iterator[Import]:
        for element in children(self.root, "import"):
            uri = (element.get("namespace") or "").strip()
            kind = (element.get("importType") or "").strip()
            yield Import(
                name=name_of(element.get("name")),
                namespace=uri,
                location=element.get("locationURI"),
                is_model=not kind or kind in MODEL_NAMESPACES,
            )

    def _type(self, element: etree._Element) -> ItemDefinition:
        return ItemDefinition(
            name=name_of(element.get("name")),
            id=element.get("id"),
            type_ref=self._type_ref(element),
            is_collection=(element.get("isCollection") or "").strip() in {"true", "1"},
            allowed_values=self.boxed.constraint(element, "allowedValues", element.get("id")),
            type_constraint=self.boxed.constraint(element, "typeConstraint", element.get("id")),
            components=tuple(self._type(component) for component in children(element, "itemComponent")),
            function=self._function_item(child(element, "functionItem")),
        )

    def _function_item(self, element: etree._Element | None) -> FunctionItem | None:
        if element is None:
            return None
        output = element.get("outputTypeRef") or text_of(child(element, "outputTypeRef"))
        return FunctionItem(
            parameters=tuple(self.boxed.variable(item) for item in children(element, "parameters", "parameter")),
            output_type_ref=type_reference(element, output, self.namespace),
        )

    def _type_ref(self, element: etree._Element) -> str | None:
        written = child(element, "typeRef")
        text = text_of(written) if written is not None else element.get("typeRef")
        return type_reference(written if written is not None else element, text, self.namespace)

    def _nodes(self) -> Iterator[Node]:
        for element in children(self.root):
            match local_name(element):
                case "inputData":
                    yield InputData(*self._identity(element))
                case "decision":
                    yield self._decision(element)
                case "businessKnowledgeModel":
                    yield self._knowledge_model(element)
                case "decisionService":
                    yield self._service(element)
                case _:  # item definitions and imports are read apart; drawings and artifacts say nothing here
                    continue

    def _identity(self, element: etree._Element) -> tuple[str, str, Variable]:
        """Id, name and variable of a node; a variable that says less takes the node's name."""
        name = name_of(element.get("name"))
        identity = (element.get("id") or name).strip()
        if not identity:
            raise InvalidDocument(
                f"{self.file}: a {local_name(element)} has neither id nor name (line {element.sourceline})"
            )
        written = child(element, "variable")
        if written is None:
            return identity, name or identity, Variable(name or identity, None, identity)
        variable = self.boxed.variable(written)
        return identity, name or identity, Variable(variable.name or name, variable.type_ref, variable.id)

    def _decision(self, element: etree._Element) -> Decision:
        identity, name, variable = self._identity(element)
        return Decision(
            id=identity,
            name=name,
            variable=variable,
            expression=self.boxed.first_expression(element, identity),
            required_inputs=tuple(self._required(element, "informationRequirement", "requiredInput")),
            required_decisions=tuple(self._required(element, "informationRequirement", "requiredDecision")),
            required_knowledge=tuple(self._required(element, "knowledgeRequirement", "requiredKnowledge")),
            question=text_of(child(element, "question")),
            allowed_answers=text_of(child(element, "allowedAnswers")),
        )

    def _knowledge_model(self, element: etree._Element) -> KnowledgeModel:
        identity, name, variable = self._identity(element)
        logic = child(element, "encapsulatedLogic")
        return KnowledgeModel(
            id=identity,
            name=name,
            variable=variable,
            function=None if logic is None else self.boxed.function(logic, identity),
            required_knowledge=tuple(self._required(element, "knowledgeRequirement", "requiredKnowledge")),
        )

    def _service(self, element: etree._Element) -> DecisionService:
        identity, name, variable = self._identity(element)
        return DecisionService(
            id=identity,
            name=name,
            variable=variable,
            outputs=tuple(self._references(element, "outputDecision")),
            encapsulated=tuple(self._references(element, "encapsulatedDecision")),
            input_decisions=tuple(self._references(element, "inputDecision")),
            input_data=tuple(self._references(element, "inputData")),
        )

    def _required(self, element: etree._Element, requirement: str, kind: str) -> Iterator[Reference]:
        for wrapper in children(element, requirement):
            yield from self._references(wrapper, kind)

    def _references(self, element: etree._Element, kind: str) -> Iterator[Reference]:
        for reference in children(element, kind):
            href = (reference.get("href") or text_of(reference) or "").strip()
            if not href:
                raise InvalidDocument(
                    f"{self.file}: a {kind} without href (line {reference.sourceline})", element=element.get("id")
                )
            uri, _, identity = href.rpartition("#")
            yield Reference(None if uri in ("", self.namespace) else uri, identity)
