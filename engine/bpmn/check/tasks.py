"""Tasks: each has what it needs to be done, and what it names exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from engine.bpmn.check.foreign import FOREIGN
from engine.bpmn.check.known import Known
from engine.bpmn.check.model import B, Document, Node, text_of
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.findings import Finding

FORM_MISSING = Rule(
    "FORM_MISSING",
    WARNING,
    "Användaruppgiften ”{what}” har inget formulär; den kan bara markeras som klar.",
    "The user task “{what}” has no form; it can only be marked as done.",
    "Koppla ett formulär till uppgiften.",
    "Link a form to the task.",
    "a user task without `zeebe:formDefinition`",
)
FORM_UNKNOWN = Rule(
    "FORM_UNKNOWN",
    ERROR,
    "Formuläret {form}, som ”{what}” använder, finns inte.",
    "The form {form}, which “{what}” uses, does not exist.",
    "Välj ett formulär som finns, eller lägg till filen.",
    "Choose a form that exists, or add the file.",
    '`formId="nope"`',
)
FORM_EMBEDDED = Rule(
    "FORM_EMBEDDED",
    ERROR,
    "”{what}” använder ett formulär av ett slag som inte visas här ({kind}).",
    "“{what}” uses a form of a kind that is not shown here ({kind}).",
    "Använd ett formulär med eget id (formId).",
    "Use a form with an id of its own (formId).",
    "an `externalReference`, or `formKey` with `camunda-forms:`",
)
PRIORITY_INVALID = Rule(
    "PRIORITY_INVALID",
    ERROR,
    "Prioriteten ”{value}” på ”{what}” är inte ett heltal från 0 till 100.",
    "The priority “{value}” of “{what}” is not a whole number from 0 to 100.",
    "Skriv ett tal från 0 till 100 eller ett FEEL-uttryck.",
    "Write a number from 0 to 100, or a FEEL expression.",
    '`priority="high"`',
)
JOB_TYPE_MISSING = Rule(
    "JOB_TYPE_MISSING",
    ERROR,
    "”{what}” säger inte vilket jobb som ska göras.",
    "“{what}” does not say which job is to be done.",
    "Ange jobbtyp (task definition type) i egenskapspanelen, eller gör den till en användaruppgift.",
    "Give the task definition type in the properties panel, or make it a user task.",
    "a service task without `zeebe:taskDefinition`",
)
NOTHING_TO_DO_IN_PLAIN = Rule(
    "NOTHING_TO_DO_IN_PLAIN",
    WARNING,
    "”{what}” säger inte vad som ska göras. I en fil utan inställningar för någon motor passeras steget utan verkan.",
    "“{what}” does not say what is to be done. In a file without settings for any engine it is passed without effect.",
    "Ange jobbtyp, skript, beslut eller meddelande i egenskapspanelen, eller gör den till en användaruppgift.",
    "Give a job type, script, decision or message in the properties panel, or make it a user task.",
    "a bare `<serviceTask>` in plain BPMN",
)
JOB_TYPE_UNKNOWN = Rule(
    "JOB_TYPE_UNKNOWN",
    ERROR,
    "Ingen utför jobb av typen {type}, som ”{what}” begär.",
    "Nobody does jobs of the type {type}, which “{what}” asks for.",
    "Välj en jobbtyp som finns, eller be den som driver systemet att lägga till den.",
    "Choose a job type that exists, or ask whoever runs the system to add it.",
    '`type="no-such-job"`',
)
RETRIES_INVALID = Rule(
    "RETRIES_INVALID",
    ERROR,
    "Antalet försök ”{value}” på ”{what}” är inte ett heltal.",
    "The number of retries “{value}” of “{what}” is not a whole number.",
    "Skriv ett heltal, till exempel 3.",
    "Write a whole number, for example 3.",
    '`retries="many"`',
)
SCRIPT_MISSING = Rule(
    "SCRIPT_MISSING",
    ERROR,
    "Skriptuppgiften ”{what}” har inget uttryck.",
    "The script task “{what}” has no expression.",
    "Skriv ett FEEL-uttryck och namnet på variabeln som ska få värdet.",
    "Write a FEEL expression, and the name of the variable that is to get the value.",
    "a script task without `zeebe:script`",
)
SCRIPT_NOT_FEEL = Rule(
    "SCRIPT_NOT_FEEL",
    ERROR,
    "Skriptet i ”{what}” är skrivet i {language}; motorn kör bara FEEL.",
    "The script in “{what}” is written in {language}; the engine only runs FEEL.",
    "Skriv det som ett FEEL-uttryck, eller gör det till en tjänsteuppgift med ett jobb.",
    "Write it as a FEEL expression, or make it a service task with a job.",
    "`<bpmn:script>` with Python or JavaScript",
)
SCRIPT_RESULT_MISSING = Rule(
    "SCRIPT_RESULT_MISSING",
    ERROR,
    "Skriptuppgiften ”{what}” säger inte vilken variabel som ska få värdet.",
    "The script task “{what}” does not say which variable is to get the value.",
    "Ange resultatvariabel.",
    "Give the result variable.",
    "`zeebe:script` without `resultVariable`",
)
DECISION_MISSING = Rule(
    "DECISION_MISSING",
    ERROR,
    "Regeluppgiften ”{what}” säger inte vilket beslut som ska frågas.",
    "The business rule task “{what}” does not say which decision to ask.",
    "Ange beslutets id och en resultatvariabel.",
    "Give the decision's id and a result variable.",
    "a business rule task without `zeebe:calledDecision`",
)
DECISION_UNKNOWN = Rule(
    "DECISION_UNKNOWN",
    ERROR,
    "Beslutet {decision}, som ”{what}” frågar, finns inte.",
    "The decision {decision}, which “{what}” asks, does not exist.",
    "Välj ett beslut som finns i en beslutstabell, eller lägg till filen.",
    "Choose a decision that exists in a decision table, or add the file.",
    '`decisionId="nope"`',
)
DECISION_RESULT_MISSING = Rule(
    "DECISION_RESULT_MISSING",
    ERROR,
    "Regeluppgiften ”{what}” säger inte vilken variabel som ska få svaret.",
    "The business rule task “{what}” does not say which variable is to get the answer.",
    "Ange resultatvariabel.",
    "Give the result variable.",
    "`zeebe:calledDecision` without `resultVariable`",
)
CALLED_PROCESS_MISSING = Rule(
    "CALLED_PROCESS_MISSING",
    ERROR,
    "Anropsaktiviteten ”{what}” säger inte vilken process som ska köras.",
    "The call activity “{what}” does not say which process to run.",
    "Ange processens id.",
    "Give the id of the process.",
    "a call activity without `zeebe:calledElement`",
)
CALLED_PROCESS_UNKNOWN = Rule(
    "CALLED_PROCESS_UNKNOWN",
    ERROR,
    "Processen {process}, som ”{what}” anropar, finns inte.",
    "The process {process}, which “{what}” calls, does not exist.",
    "Välj en process som finns, eller lägg till filen.",
    "Choose a process that exists, or add the file.",
    '`processId="nope"`',
)
BINDING_UNKNOWN = Rule(
    "BINDING_UNKNOWN",
    ERROR,
    "”{what}” binder till ”{value}”, som inte är ett sätt att välja version.",
    "“{what}” binds to “{value}”, which is no way to choose a version.",
    "Välj latest, deployment eller versionTag.",
    "Choose latest, deployment or versionTag.",
    '`bindingType="newest"`',
)
VERSION_TAG_MISSING = Rule(
    "VERSION_TAG_MISSING",
    ERROR,
    "”{what}” väljer version efter märke men anger inget märke.",
    "“{what}” chooses the version by tag but gives no tag.",
    "Skriv versionsmärket.",
    "Write the version tag.",
    '`bindingType="versionTag"` without `versionTag`',
)
BINDING_BY_TAG = Rule(
    "BINDING_BY_TAG",
    ERROR,
    "”{what}” väljer {kind} efter versionsmärke; bara processer väljs så.",
    "“{what}” chooses its {kind_en} by version tag; only processes are chosen so.",
    "Välj bindningen deployment, som ger den version som publicerades med diagrammet.",
    "Choose the binding deployment, which gives the version that was published with the diagram.",
    '`<zeebe:calledDecision decisionId="d" bindingType="versionTag" versionTag="1"/>`',
)
FORM_BINDING_LATEST = Rule(
    "FORM_BINDING_LATEST",
    WARNING,
    "”{what}” ber om formulärets senaste version, men får den som publicerades med diagrammet.",
    "“{what}” asks for the form's latest version, but gets the one that was published with the diagram.",
    "Välj bindningen deployment, så säger diagrammet vad som sker.",
    "Choose the binding deployment, so that the diagram says what happens.",
    '`<zeebe:formDefinition formId="f" bindingType="latest"/>`',
)
MAPPING_INCOMPLETE = Rule(
    "MAPPING_INCOMPLETE",
    ERROR,
    "En in- eller utmappning på ”{what}” saknar {part}.",
    "An input or output mapping of “{what}” lacks its {part}.",
    "Fyll i både uttryck och variabelnamn, eller ta bort raden.",
    "Fill in both expression and variable name, or remove the row.",
    '`<zeebe:output source="=x"/>`',
)
MULTI_INSTANCE_INPUT_MISSING = Rule(
    "MULTI_INSTANCE_INPUT_MISSING",
    ERROR,
    "”{what}” ska upprepas, men det sägs inte över vilken lista eller hur många gånger.",
    "“{what}” is to repeat, but it does not say over which list or how many times.",
    "Ange en lista (input collection) eller ett antal.",
    "Give an input collection or a number of times.",
    "multi-instance without `inputCollection` and without cardinality",
)
MULTI_INSTANCE_OUTPUT_HALF = Rule(
    "MULTI_INSTANCE_OUTPUT_HALF",
    ERROR,
    "”{what}” samlar resultat men anger bara det ena av lista och element.",
    "“{what}” collects results but gives only one of collection and element.",
    "Ange både output collection och output element.",
    "Give both the output collection and the output element.",
    "`outputCollection` without `outputElement`",
)
LOOP_WITHOUT_END = Rule(
    "LOOP_WITHOUT_END",
    ERROR,
    "”{what}” ska upprepas, men utan villkor och högsta antal tar det aldrig slut.",
    "“{what}” is to repeat, but without a condition and a maximum it never ends.",
    "Ange ett villkor (loop condition) eller ett högsta antal (loop maximum).",
    "Give a loop condition or a loop maximum.",
    "a standard loop without `loopCondition`",
)

BINDINGS = frozenset({"latest", "deployment", "versionTag"})
PUBLISH_MESSAGE = "stegvis:publish-message"


def findings(document: Document, known: Known) -> Iterator[Finding]:
    """Tasks of what runs."""
    for node in document.checked_nodes:
        if document.is_plain and _is_bare(node):
            yield NOTHING_TO_DO_IN_PLAIN.at(node)
        elif node.tag == "userTask":
            yield from _user_task(node, known)
        elif node.tag in {"serviceTask", "sendTask"}:
            yield from _job(node, known, required=True)
        elif node.tag in {"intermediateThrowEvent", "endEvent"}:
            yield from _job(node, known, required=False)
        elif node.tag == "scriptTask":
            yield from _script(node, known)
        elif node.tag == "businessRuleTask":
            yield from _decision(node, known)
        elif node.tag == "callActivity":
            yield from _call(node, known)
        yield from _mappings(node)
        yield from _loop(node)


def _is_bare(node: Node) -> bool:
    """Whether a task that is to do something says nothing of what, not even to another engine."""
    if node.tag not in {"serviceTask", "sendTask", "scriptTask", "businessRuleTask"} or node.xml.get("messageRef"):
        return False
    settings = node.xml.find(f"{B}extensionElements")
    children = () if settings is None else settings
    foreign = [str(key) for key in node.xml.keys()]  # noqa: SIM118 - an lxml element iterates over its children
    foreign += [child.tag for child in children if isinstance(child.tag, str)]
    return node.xml.find(f"{B}script") is None and not any(name[1:].partition("}")[0] in FOREIGN for name in foreign)


def is_literal(value: str) -> bool:
    """Whether a field is a text as it stands, not FEEL."""
    return not value.startswith("=")


def _missing(value: str, names: Collection[str] | None) -> bool:
    return names is not None and is_literal(value) and value not in names


def _user_task(node: Node, known: Known) -> Iterator[Finding]:
    form = node.extension("formDefinition")
    form_id = "" if form is None else (form.get("formId") or form.get("formKey") or "").strip()
    if form is not None and (foreign := _foreign_form(form_id, form.get("externalReference"))):
        yield FORM_EMBEDDED.at(node, kind=foreign)
    elif not form_id:
        yield FORM_MISSING.at(node)
    elif _missing(form_id, known.forms):
        yield FORM_UNKNOWN.at(node, form=form_id)
    if form is not None:
        yield from _binding_without_tag(node, form, "formulär", "form")
        if form.get("bindingType") == "latest":
            yield FORM_BINDING_LATEST.at(node)
    priority = node.extension("priorityDefinition")
    value = "" if priority is None else (priority.get("priority") or "").strip()
    if value and is_literal(value) and not (_is_number(value, 3) and int(value) <= 100):
        yield PRIORITY_INVALID.at(node, value=value)


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def _foreign_form(form_id: str, external: str | None) -> str | None:
    if external:
        return external
    return form_id if form_id.startswith(("camunda-forms:", "embedded:", "http:", "https:")) else None


def _job(node: Node, known: Known, *, required: bool) -> Iterator[Finding]:
    definition = node.extension("taskDefinition")
    kind = "" if definition is None else (definition.get("type") or "").strip()
    publishes = node.tag == "sendTask" and bool(node.xml.get("messageRef"))
    if not kind.lstrip("= "):
        if definition is not None or (required and not publishes):
            yield JOB_TYPE_MISSING.at(node)
        return
    if kind != PUBLISH_MESSAGE and _missing(kind, known.job_types):
        yield JOB_TYPE_UNKNOWN.at(node, type=kind)
    retries = "" if definition is None else (definition.get("retries") or "").strip()
    if retries and is_literal(retries) and not _is_number(retries, 5):
        yield RETRIES_INVALID.at(node, value=retries)


def _script(node: Node, known: Known) -> Iterator[Finding]:
    if node.extension("taskDefinition") is not None:
        yield from _job(node, known, required=True)
        return
    script = node.extension("script")
    if script is None:
        plain = text_of(node.xml.find(f"{B}script"))
        if plain is None:
            yield SCRIPT_MISSING.at(node)
        elif not is_feel_script(node, plain):
            yield SCRIPT_NOT_FEEL.at(node, language=node.xml.get("scriptFormat") or "?")
        else:
            yield SCRIPT_RESULT_MISSING.at(node)
        return
    if not (script.get("expression") or "").strip().lstrip("="):
        yield SCRIPT_MISSING.at(node)
    if not (script.get("resultVariable") or "").strip():
        yield SCRIPT_RESULT_MISSING.at(node)


def is_feel_script(node: Node, text: str) -> bool:
    """Whether a plain BPMN script is FEEL: by its format, or by a leading `=`."""
    language = (node.xml.get("scriptFormat") or "").strip().lower().rstrip("/")
    return text.startswith("=") or language.endswith("feel")


def _decision(node: Node, known: Known) -> Iterator[Finding]:
    if node.extension("taskDefinition") is not None:
        yield from _job(node, known, required=True)
        return
    called = node.extension("calledDecision")
    decision = "" if called is None else (called.get("decisionId") or "").strip()
    if called is None or not decision.lstrip("= "):
        yield DECISION_MISSING.at(node)
        return
    if _missing(decision, known.decisions):
        yield DECISION_UNKNOWN.at(node, decision=decision)
    if not (called.get("resultVariable") or "").strip():
        yield DECISION_RESULT_MISSING.at(node)
    yield from _binding_without_tag(node, called, "beslut", "decision")


def _call(node: Node, known: Known) -> Iterator[Finding]:
    called = node.extension("calledElement")
    process = "" if called is None else (called.get("processId") or "").strip()
    process = process or (node.xml.get("calledElement") or "").rpartition(":")[2].strip()
    if not process.lstrip("= "):
        yield CALLED_PROCESS_MISSING.at(node)
        return
    if _missing(process, known.processes):
        yield CALLED_PROCESS_UNKNOWN.at(node, process=process)
    if called is not None:
        yield from _binding(node, called.get("bindingType"), called.get("versionTag"))


def _binding(node: Node, binding: str | None, tag: str | None) -> Iterator[Finding]:
    if binding and binding not in BINDINGS:
        yield BINDING_UNKNOWN.at(node, value=binding)
    elif binding == "versionTag" and not (tag or "").strip():
        yield VERSION_TAG_MISSING.at(node)


def _binding_without_tag(node: Node, settings: etree._Element, kind: str, kind_en: str) -> Iterator[Finding]:
    """The binding of what has no version tags here."""
    if settings.get("bindingType") == "versionTag":
        yield BINDING_BY_TAG.at(node, kind=kind, kind_en=kind_en)
    else:
        yield from _binding(node, settings.get("bindingType"), None)


def _mappings(node: Node) -> Iterator[Finding]:
    mapping = node.extension("ioMapping")
    if mapping is None:
        return
    for row in mapping.iterchildren("{*}input", "{*}output"):
        if not (row.get("target") or "").strip():
            yield MAPPING_INCOMPLETE.at(node, part="target")
        elif not (row.get("source") or "").strip().lstrip("="):
            yield MAPPING_INCOMPLETE.at(node, part="source")


def _loop(node: Node) -> Iterator[Finding]:
    loop = node.loop
    if loop is None:
        return
    if loop.tag == f"{B}standardLoopCharacteristics":
        if text_of(loop.find(f"{B}loopCondition")) is None and not loop.get("loopMaximum"):
            yield LOOP_WITHOUT_END.at(node)
        return
    extension = loop.find(f"{B}extensionElements/{{*}}loopCharacteristics")
    collection = "" if extension is None else (extension.get("inputCollection") or "").strip()
    plain = text_of(loop.find(f"{B}loopCardinality")) or text_of(loop.find(f"{B}loopDataInputRef"))
    if not collection.lstrip("= ") and plain is None:
        yield MULTI_INSTANCE_INPUT_MISSING.at(node)
    if extension is not None and bool(extension.get("outputCollection")) != bool(extension.get("outputElement")):
        yield MULTI_INSTANCE_OUTPUT_HALF.at(node)
