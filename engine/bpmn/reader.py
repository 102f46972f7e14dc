"""Reads what a diagram says about one element into definitions; what cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.bpmn import extensions as zeebe
from engine.bpmn.definitions import (
    CallDefinition,
    DecisionDefinition,
    EventDefinition,
    EventKind,
    IoMapping,
    JobDefinition,
    LoopDefinition,
    ScriptDefinition,
    TimerDefinition,
    UserTaskDefinition,
)
from engine.bpmn.expressions import Expression, Value
from engine.bpmn.xml import BPMN, local_name, namespace
from engine.due import InvalidTimer, TimerForm, moment_of, period_of, schedule
from engine.feel import FeelSyntaxError
from engine.findings import Finding, Severity

_KINDS: Final = {
    "messageEventDefinition": EventKind.MESSAGE,
    "timerEventDefinition": EventKind.TIMER,
    "signalEventDefinition": EventKind.SIGNAL,
    "conditionalEventDefinition": EventKind.CONDITION,
    "errorEventDefinition": EventKind.ERROR,
    "escalationEventDefinition": EventKind.ESCALATION,
    "terminateEventDefinition": EventKind.TERMINATE,
    "linkEventDefinition": EventKind.LINK,
}
_REFERRED: Final = {
    EventKind.MESSAGE: ("messageRef", "message", "name"),
    EventKind.SIGNAL: ("signalRef", "signal", "name"),
    EventKind.ERROR: ("errorRef", "error", "errorCode"),
    EventKind.ESCALATION: ("escalationRef", "escalation", "escalationCode"),
}
_FEEL_NAMES: Final = ("feel", "https://www.omg.org/spec/dmn/20191111/feel/")


class Reader:
    """Reads the elements of one file."""

    def __init__(self, root: etree._Element, names: frozenset[str]) -> None:
        """`names` are variable and function names with spaces that expressions may use."""
        self.names = names
        self.findings: list[Finding] = []
        self.shared = {
            kind: {each.get("id") or "": each for each in root if _is(each, kind)}
            for kind in ("message", "signal", "error", "escalation")
        }

    # ------------------------------------------------------------------ findings

    def refuse(self, element: etree._Element, code: str, swedish: str, english: str) -> None:
        """Note that the file cannot be run because of this element."""
        self.refuse_element(element.get("id"), element.get("name"), code, swedish, english)

    def refuse_element(self, element_id: str | None, name: str | None, code: str, swedish: str, english: str) -> None:
        """Note that the file cannot be run because of the element of that id and name."""
        remedy = "Rita om elementet på ett sätt som kan köras."
        remedy_en = "Redraw the element in a way that can be run."
        self.findings.append(Finding(code, Severity.ERROR, element_id, name, swedish, english, remedy, remedy_en))

    def expression(self, element: etree._Element, text: str | None) -> Expression | None:
        """An expression that is always FEEL; None without text, or with a finding."""
        if text is None or not text.strip().removeprefix("=").strip():
            return None
        try:
            return Expression.compile(text, self.names)
        except FeelSyntaxError as error:
            self._refuse_expression(element, text, error)
            return None

    def value(self, element: etree._Element, text: str | None) -> Value | None:
        """A field that `=` marks as FEEL; None without text, or with a finding."""
        if text is None or not text.strip():
            return None
        try:
            return Value.compile(text, self.names)
        except FeelSyntaxError as error:
            self._refuse_expression(element, text, error)
            return None

    def _refuse_expression(self, element: etree._Element, text: str, error: FeelSyntaxError) -> None:
        self.refuse(
            element, "FEEL_SYNTAX", f"Uttrycket {text!r} är inte FEEL: {error.message}", f"{text!r}: {error.message}"
        )

    # ------------------------------------------------------------------ events

    def event(self, element: etree._Element) -> EventDefinition | None:
        """What an event waits for or throws; None for an event of no kind."""
        found = [child for child in element if local_name(child).endswith("EventDefinition") and _in_bpmn(child)]
        if not found:
            return None
        if len(found) > 1:
            self.refuse(
                element,
                "SEVERAL_EVENT_DEFINITIONS",
                "Händelsen har flera händelsedefinitioner.",
                "The event has several event definitions.",
            )
            return None
        definition = found[0]
        kind = _KINDS.get(local_name(definition))
        if kind is None:
            self.refuse(
                element,
                "UNSUPPORTED_EVENT",
                f"Händelsetypen {local_name(definition)} kan inte köras.",
                f"The event type {local_name(definition)} cannot be run.",
            )
            return None
        if kind is EventKind.TIMER:
            return EventDefinition(kind, timer=self._timer(element, definition))
        if kind is EventKind.CONDITION:
            condition = self.expression(element, zeebe.text_of(definition, "condition"))
            if condition is None:
                self.refuse(element, "CONDITION_MISSING", "Händelsen saknar villkor.", "The event has no condition.")
            return EventDefinition(kind, condition=condition)
        if kind is EventKind.LINK:
            return EventDefinition(kind, name=Value(definition.get("name") or element.get("name") or ""))
        if kind in _REFERRED:
            return self.referred(element, kind, definition.get(_REFERRED[kind][0]))
        return EventDefinition(kind)

    def referred(self, element: etree._Element, kind: EventKind, reference: str | None) -> EventDefinition:
        """A message, signal, error or escalation that an event or task refers to."""
        _, shared, attribute = _REFERRED[kind]
        target = self.shared[shared].get(reference or "")
        if target is None:
            if reference:
                self.refuse(
                    element, "UNKNOWN_REFERENCE", f"{reference} finns inte i filen.", f"{reference} is not in the file."
                )
            return EventDefinition(kind)
        # Without a name or code the shared element stands for itself: who refers to it means the same one.
        text = target.get(attribute) or target.get("id")
        key = zeebe.attribute(element, "subscription", "correlationKey")
        key = key or zeebe.attribute(target, "subscription", "correlationKey")
        return EventDefinition(
            kind, name=self.value(element, text), key=self.expression(element, key), message=target.get("name") or ""
        )

    def _timer(self, element: etree._Element, definition: etree._Element) -> TimerDefinition | None:
        for form in TimerForm:
            text = zeebe.text_of(definition, form.value)
            if text is None:
                continue
            value = self.value(element, text)
            if value is None:
                return None
            if value.literal is not None:
                self._check_literal_timer(element, form, value.literal)
            return TimerDefinition(form, value)
        self.refuse(element, "TIMER_MISSING", "Timern saknar datum, tidslängd eller cykel.", "The timer has no time.")
        return None

    def _check_literal_timer(self, element: etree._Element, form: TimerForm, text: str) -> None:
        try:
            if form is TimerForm.DURATION:
                period_of(text)
            elif form is TimerForm.DATE:
                moment_of(text)
            else:
                schedule(form, text, moment_of("2000-01-01"))
        except InvalidTimer as error:
            self.refuse(element, error.code, f"Timern kan inte läsas: {error.message}", f"The timer: {error.message}")

    # ------------------------------------------------------------------ tasks

    def mappings(self, element: etree._Element, direction: str) -> tuple[IoMapping, ...]:
        """The input or output mappings, in order."""
        found = []
        for each in zeebe.children(element, "ioMapping", direction):
            source, target = self.value(element, each.get("source")), each.get("target")
            if source is None or not target or not all(part.strip() for part in target.split(".")):
                if not target or each.get("source") in (None, ""):
                    self.refuse(
                        element,
                        "MAPPING_INCOMPLETE",
                        "En in- eller utmappning saknar källa eller mål.",
                        "An input or output mapping has no source or no target.",
                    )
                continue
            found.append(IoMapping(source, tuple(part.strip() for part in target.split("."))))
        return tuple(found)

    def user_task(self, element: etree._Element) -> UserTaskDefinition:
        """Who is to do the task, with which form and by when."""

        def field(extension: str, name: str) -> Value | None:
            return self.value(element, zeebe.attribute(element, extension, name))

        return UserTaskDefinition(
            form_id=field("formDefinition", "formId") or field("formDefinition", "formKey"),
            assignee=field("assignmentDefinition", "assignee"),
            candidate_groups=field("assignmentDefinition", "candidateGroups"),
            candidate_users=field("assignmentDefinition", "candidateUsers"),
            due=field("taskSchedule", "dueDate"),
            follow_up=field("taskSchedule", "followUpDate"),
            priority=field("priorityDefinition", "priority"),
        )

    def job(self, element: etree._Element) -> JobDefinition | None:
        """Which handler does the work, or None."""
        type_ = self.value(element, zeebe.attribute(element, "taskDefinition", "type"))
        if type_ is None:
            return None
        retries = self.value(element, zeebe.attribute(element, "taskDefinition", "retries"))
        return JobDefinition(type_, retries, zeebe.headers(element))

    def call(self, element: etree._Element) -> CallDefinition | None:
        """Which process a call activity runs."""
        text = zeebe.attribute(element, "calledElement", "processId") or element.get("calledElement")
        process_id = self.value(element, text)
        if process_id is None:
            if text is None:
                self.refuse(
                    element,
                    "CALLED_PROCESS_MISSING",
                    "Anropsaktiviteten säger inte vilken process den anropar.",
                    "The call activity does not say which process it calls.",
                )
            return None
        return CallDefinition(
            process_id,
            zeebe.attribute(element, "calledElement", "bindingType"),
            zeebe.attribute(element, "calledElement", "versionTag"),
            _is_true(zeebe.attribute(element, "calledElement", "propagateAllParentVariables"), default=True),
            _is_true(zeebe.attribute(element, "calledElement", "propagateAllChildVariables"), default=True),
        )

    def decision(self, element: etree._Element) -> DecisionDefinition | None:
        """Which decision a business rule task asks, or None."""
        decision_id = self.value(element, zeebe.attribute(element, "calledDecision", "decisionId"))
        if decision_id is None:
            return None
        return DecisionDefinition(
            decision_id,
            zeebe.attribute(element, "calledDecision", "bindingType"),
            zeebe.attribute(element, "calledDecision", "versionTag"),
            zeebe.attribute(element, "calledDecision", "resultVariable"),
        )

    def script(self, element: etree._Element) -> ScriptDefinition | None:
        """The expression of a script task, or None."""
        text = zeebe.attribute(element, "script", "expression")
        variable = zeebe.attribute(element, "script", "resultVariable")
        if text is None:
            text = zeebe.text_of(element, "script")
            language = (element.get("scriptFormat") or "").strip().lower()
            if text is not None and not language.endswith(_FEEL_NAMES) and not text.startswith("="):
                self.refuse(
                    element,
                    "SCRIPT_LANGUAGE",
                    f"Skript på {language or 'okänt språk'} körs inte; skriv uttrycket i FEEL.",
                    f"Scripts in {language or 'an unknown language'} are not run; write the expression in FEEL.",
                )
                return None
        expression = self.expression(element, text)
        return None if expression is None else ScriptDefinition(expression, variable)

    def loop(self, element: etree._Element) -> LoopDefinition | None:
        """How often an activity is done, or None for once."""
        standard = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
        if standard is not None:
            return LoopDefinition(
                sequential=True,
                loop_condition=self.expression(element, zeebe.text_of(standard, "loopCondition")),
                test_before=_is_true(standard.get("testBefore"), default=False),
                maximum=self.value(element, standard.get("loopMaximum")),
            )
        multi = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
        if multi is None:
            return None
        collection = zeebe.attribute(multi, "loopCharacteristics", "inputCollection")
        loop = LoopDefinition(
            sequential=_is_true(multi.get("isSequential"), default=False),
            collection=self.expression(element, collection or zeebe.text_of(multi, "loopDataInputRef")),
            element_variable=zeebe.attribute(multi, "loopCharacteristics", "inputElement")
            or _item_name(multi, "inputDataItem"),
            output_collection=zeebe.attribute(multi, "loopCharacteristics", "outputCollection")
            or zeebe.text_of(multi, "loopDataOutputRef"),
            output_element=self.expression(
                element,
                zeebe.attribute(multi, "loopCharacteristics", "outputElement") or _item_name(multi, "outputDataItem"),
            ),
            cardinality=self.expression(element, zeebe.text_of(multi, "loopCardinality")),
            completion_condition=self.expression(element, zeebe.text_of(multi, "completionCondition")),
        )
        if loop.is_standard:
            self.refuse(
                element,
                "LOOP_WITHOUT_COLLECTION",
                "Flerinstansen säger varken vilken lista den går igenom eller hur många gånger.",
                "The multi-instance says neither which list it goes through nor how many times.",
            )
        return loop


def _item_name(multi: etree._Element, which: str) -> str | None:
    item = multi.find(f"{{{BPMN}}}{which}")
    return None if item is None else item.get("name") or item.get("id")


def _is_true(text: str | None, *, default: bool) -> bool:
    return default if text is None else text.strip().lower() == "true"


def _in_bpmn(element: etree._Element) -> bool:
    return namespace(element) == BPMN


def _is(element: etree._Element, name: str) -> bool:
    return local_name(element) == name and _in_bpmn(element)


def names_of(shared: Mapping[str, etree._Element], attribute: str) -> dict[str, str]:
    """The names or codes of shared messages, signals or errors, by id."""
    return {each_id: each.get(attribute) or "" for each_id, each in shared.items()}


def variable_names(root: etree._Element) -> Iterator[str]:
    """Variables that the diagram itself writes, so that expressions may name them even with spaces in them."""
    for element in root.iter():
        for attribute in ("target", "resultVariable", "inputElement", "outputCollection"):
            name = element.get(attribute) if isinstance(element.tag, str) else None
            if name:
                yield name.split(".")[0].strip()
