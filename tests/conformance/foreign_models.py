"""Small models as other tools write them: each is published and run to its end, or refused with findings."""

from __future__ import annotations

from dataclasses import dataclass

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PLAIN = (
    f'<definitions xmlns="{BPMN}" targetNamespace="x"><process id="p" isExecutable="true"><startEvent id="s"/>'
    '<userTask id="t"/><endEvent id="e"/><sequenceFlow sourceRef="s" targetRef="t"/>'
    '<sequenceFlow sourceRef="t" targetRef="e"/></process></definitions>'
)


@dataclass(frozen=True)
class Foreign:
    """One file, and what comes of it: the elements it completes in order, or the code it is refused with."""

    name: str
    source: bytes
    completes: str = ""
    refused: str = ""
    warned: str = ""
    process: str = "p"


SIGNAVIO = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{BPMN}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:signavio="http://www.signavio.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  exporter="Signavio Process Editor, http://www.signavio.com" exporterVersion="15.0.0" id="sid-1"
  expressionLanguage="http://www.w3.org/TR/XPath" targetNamespace="http://www.signavio.com"
  typeLanguage="http://www.w3.org/2001/XMLSchema"
  xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL BPMN20.xsd">
   <process id="sid-p" isClosed="false" isExecutable="true" processType="None">
      <extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid" metaValue="abc"/></extensionElements>
      <laneSet id="sid-ls"><lane id="sid-lane" name="Office &amp; co">
         <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/></extensionElements>
         <flowNodeRef>sid-s</flowNodeRef><flowNodeRef>sid-m</flowNodeRef><flowNodeRef>sid-t</flowNodeRef>
         <flowNodeRef>sid-e</flowNodeRef></lane></laneSet>
      <startEvent id="sid-s" name=""><outgoing>sid-f1</outgoing></startEvent>
      <task completionQuantity="1" id="sid-m" isForCompensation="false" name="Manual&#10;thing" startQuantity="1">
         <incoming>sid-f1</incoming><outgoing>sid-f3</outgoing></task>
      <userTask completionQuantity="1" id="sid-t" implementation="webService" isForCompensation="false" name="Decide"
         startQuantity="1"><incoming>sid-f3</incoming><outgoing>sid-f2</outgoing></userTask>
      <endEvent id="sid-e" name=""><incoming>sid-f2</incoming></endEvent>
      <sequenceFlow id="sid-f1" isImmediate="true" name="" sourceRef="sid-s" targetRef="sid-m"/>
      <sequenceFlow id="sid-f3" isImmediate="true" name="" sourceRef="sid-m" targetRef="sid-t"/>
      <sequenceFlow id="sid-f2" name="" sourceRef="sid-t" targetRef="sid-e"/>
   </process>
   <bpmndi:BPMNDiagram id="sid-d"><bpmndi:BPMNPlane bpmnElement="sid-p" id="sid-pl">
      <bpmndi:BPMNShape bpmnElement="sid-s" id="sid-s_gui"><omgdc:Bounds height="30.0" width="30.0" x="40.0" y="40.0"/>
      </bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""

CAMUNDA_7 = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn2:definitions xmlns:bpmn2="{BPMN}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="x" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn2:process id="p" name="C7" isExecutable="true" camunda:historyTimeToLive="P30D" camunda:versionTag="1.0">
    <bpmn2:startEvent id="s" camunda:initiator="who" camunda:formKey="embedded:app:start"/>
    <bpmn2:userTask id="t" name="Do" camunda:assignee="${{who}}" camunda:candidateGroups="sales">
      <bpmn2:extensionElements><camunda:formData><camunda:formField id="ok" type="boolean"/></camunda:formData>
      <camunda:taskListener event="create" class="x.Y"/></bpmn2:extensionElements></bpmn2:userTask>
    <bpmn2:exclusiveGateway id="g" default="no"/>
    <bpmn2:endEvent id="e1"/><bpmn2:endEvent id="e2"/>
    <bpmn2:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <bpmn2:sequenceFlow id="f2" sourceRef="t" targetRef="g"/>
    <bpmn2:sequenceFlow id="yes" sourceRef="g" targetRef="e1">
      <bpmn2:conditionExpression xsi:type="bpmn2:tFormalExpression"><![CDATA[ok = true]]></bpmn2:conditionExpression>
    </bpmn2:sequenceFlow>
    <bpmn2:sequenceFlow id="no" sourceRef="g" targetRef="e2"/>
  </bpmn2:process>
</bpmn2:definitions>"""

SEMANTIC = f"""<?xml version='1.0' encoding='ISO-8859-1'?>
<!-- exported -->
<semantic:definitions xmlns:semantic="{BPMN}" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="_1"
  targetNamespace="http://www.trisotech.com/definitions/_1">
 <!-- first the messages --><semantic:message id="m1" name="Order"/>
 <semantic:collaboration id="co"><semantic:participant id="p1" name="Customer" processRef="buyer"/>
 <semantic:participant id="p2" name="Shop" processRef="shop"/><semantic:participant id="p3" name="Black box"/>
 <semantic:messageFlow id="mf1" sourceRef="send" targetRef="recv" messageRef="m1"/>
 <semantic:messageFlow id="mf2" sourceRef="send" targetRef="p3"/></semantic:collaboration>
 <semantic:process id="buyer" isExecutable="true">
  <semantic:documentation textFormat="text/html"><![CDATA[<p>Some <b>markup</b></p>]]></semantic:documentation>
  <semantic:startEvent id="s1"><!-- in --><semantic:outgoing> a1 </semantic:outgoing></semantic:startEvent>
  <semantic:sendTask id="send" name="F\xf6rs\xe4nd" messageRef="m1"/><semantic:endEvent id="e1"/>
  <semantic:sequenceFlow id="a1" sourceRef="s1" targetRef="send"/>
  <semantic:sequenceFlow id="a2" sourceRef="send" targetRef="e1"/></semantic:process>
 <semantic:process id="shop" isExecutable="true">
  <semantic:startEvent id="recv"><semantic:messageEventDefinition messageRef="m1"/></semantic:startEvent>
  <semantic:userTask id="t"/><semantic:endEvent id="e2"/>
  <semantic:sequenceFlow id="b1" sourceRef="recv" targetRef="t"/>
  <semantic:sequenceFlow id="b2" sourceRef="t" targetRef="e2"/></semantic:process>
</semantic:definitions>"""

DATA = f"""<definitions xmlns="{BPMN}" targetNamespace="x">
<itemDefinition id="i" structureRef="xs:string" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>
<dataStore id="ds" name="db"/><process id="p" isExecutable="true"><property id="pp" itemSubjectRef="i"/>
<dataObject id="do" name="Doc" isCollection="false"/><dataObjectReference id="dor" dataObjectRef="do">
<dataState name="final"/></dataObjectReference><dataStoreReference id="dsr" dataStoreRef="ds"/>
<startEvent id="s"/><userTask id="t"><ioSpecification><dataInput id="di"/><dataOutput id="dout"/>
<inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet><dataOutputRefs>dout</dataOutputRefs></outputSet>
</ioSpecification><dataInputAssociation><sourceRef>dor</sourceRef><targetRef>di</targetRef></dataInputAssociation>
<dataOutputAssociation><sourceRef>dout</sourceRef><targetRef>dsr</targetRef></dataOutputAssociation>
<potentialOwner><resourceAssignmentExpression><formalExpression>user(kermit)</formalExpression>
</resourceAssignmentExpression></potentialOwner></userTask><endEvent id="e"/>
<textAnnotation id="ta"><text>hello</text></textAnnotation>
<association sourceRef="t" targetRef="ta" associationDirection="None"/><group id="gr"/>
<sequenceFlow sourceRef="s" targetRef="t"/><sequenceFlow sourceRef="t" targetRef="e"/></process></definitions>"""

SUB_PROCESS = f"""<definitions xmlns="{BPMN}" xmlns:t="{BPMN}" targetNamespace="x"><process id="p" isExecutable="1">
<t:startEvent id="s"/><subProcess id="sp" triggeredByEvent="0"><startEvent id="s2"/><t:userTask id="t"/>
<sequenceFlow id="f3" sourceRef="s2" targetRef="t"/></subProcess><endEvent id="e"/>
<sequenceFlow sourceRef="s" targetRef="sp"/><sequenceFlow sourceRef="sp" targetRef="e"/></process></definitions>"""

QUALIFIED = f"""<b:definitions xmlns:b="{BPMN}" xmlns:tns="x" targetNamespace="x"><b:error id="er" errorCode="E"/>
<b:process id="p" isExecutable="true"><b:startEvent id="s"/><b:subProcess id="sp"><b:startEvent id="a"/>
<b:endEvent id="b"><b:errorEventDefinition errorRef="tns:er"/></b:endEvent>
<b:sequenceFlow id="q" sourceRef="a" targetRef="b"/></b:subProcess>
<b:boundaryEvent id="bo" attachedToRef="sp"><b:errorEventDefinition errorRef="tns:er"/></b:boundaryEvent>
<b:userTask id="t"/><b:endEvent id="e"/><b:sequenceFlow id="f" sourceRef="s" targetRef="sp"/>
<b:sequenceFlow id="g" sourceRef="sp" targetRef="e"/><b:sequenceFlow id="h" sourceRef="bo" targetRef="t"/>
</b:process></b:definitions>"""

TIMER = PLAIN.replace(
    '<userTask id="t"/>',
    '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression">\n   PT5M\n'
    "</timeDuration></timerEventDefinition></intermediateCatchEvent>",
)
MULTI = PLAIN.replace(
    '<userTask id="t"/>',
    '<userTask id="t"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>",
)
DOCUMENTATION = PLAIN.replace(
    "</process>",
    '</process><process id="q" isExecutable="false"><startEvent id="qs"/><complexGateway id="qg"/>'
    '<sequenceFlow id="qf" sourceRef="qs" targetRef="qg"/></process>',
)
TWO_SILENT = PLAIN.replace(' isExecutable="true"', "").replace(
    "</process>",
    '</process><process id="empty"/><process id="seen" processType="Public"><startEvent id="qs"/></process>',
)


def _task(replacement: str) -> bytes:
    return PLAIN.replace('<userTask id="t"/>', replacement).encode()


MODELS = (
    Foreign("signavio", SIGNAVIO.encode(), "sid-s sid-m sid-t sid-e", process="sid-p"),
    Foreign("camunda 7", CAMUNDA_7.encode(), "s t g e1", warned="FOREIGN_EXTENSION"),
    Foreign("camunda 7 juel", CAMUNDA_7.replace("<![CDATA[ok = true]]>", "${ok}").encode(), refused="FEEL_SYNTAX"),
    Foreign(
        "camunda 7 class",
        CAMUNDA_7.replace('<bpmn2:endEvent id="e1"/>', '<bpmn2:serviceTask id="e1" camunda:class="org.X"/>').encode(),
        refused="JOB_TYPE_MISSING",
    ),
    Foreign("trisotech collaboration, sender", SEMANTIC.encode("latin-1"), "s1 send e1", process="buyer"),
    Foreign("data objects and owners", DATA.encode(), "s t e", warned="IGNORED_ELEMENT"),
    Foreign("two prefixes for one namespace", SUB_PROCESS.encode(), "s s2 t sp e"),
    Foreign("qualified references", QUALIFIED.encode(), "s a b bo t"),
    Foreign("ISO timer in white space", TIMER.encode(), "s t e"),
    Foreign("cardinality", MULTI.encode(), "s t t t t e"),
    Foreign(
        "not said to be executable",
        PLAIN.replace(' isExecutable="true"', "").encode(),
        "s t e",
        warned="EXECUTABLE_NOT_SAID",
    ),
    Foreign("empty and public processes beside it", TWO_SILENT.encode(), "s t e", warned="EXECUTABLE_NOT_SAID"),
    Foreign("documentation beside it", DOCUMENTATION.encode(), "s t e"),
    Foreign("bpmn.io's default", PLAIN.replace('"true"', '"false"').encode(), refused="NO_EXECUTABLE_PROCESS"),
    Foreign(
        "no start event",
        PLAIN.replace('<startEvent id="s"/>', "").replace('<sequenceFlow sourceRef="s" targetRef="t"/>', "").encode(),
        "t e",
        warned="PROCESS_WITHOUT_START",
    ),
    Foreign(
        "no end event",
        PLAIN.replace('<endEvent id="e"/>', "").replace('<sequenceFlow sourceRef="t" targetRef="e"/>', "").encode(),
        "s t",
    ),
    Foreign(
        "bare service task",
        _task('<serviceTask id="t" implementation="##WebService"/>'),
        "s t e",
        warned="NOTHING_TO_DO_IN_PLAIN",
    ),
    Foreign("bare script task", _task('<scriptTask id="t"/>'), "s t e", warned="NOTHING_TO_DO_IN_PLAIN"),
    Foreign("bare business rule task", _task('<businessRuleTask id="t"/>'), "s t e", warned="NOTHING_TO_DO_IN_PLAIN"),
    Foreign(
        "activiti script",
        _task('<scriptTask id="t" scriptFormat="javascript"><script>x = 1;</script></scriptTask>'),
        refused="SCRIPT_NOT_FEEL",
    ),
    Foreign("transaction", _task('<transaction id="t"/>'), refused="TRANSACTION"),
    Foreign("receive without message", _task('<receiveTask id="t"/>'), refused="MESSAGE_MISSING"),
    Foreign("ad hoc", _task('<adHocSubProcess id="t"><task id="i"/></adHocSubProcess>'), refused="AD_HOC_SUB_PROCESS"),
    Foreign(
        "a call of a global task", _task('<callActivity id="t" calledElement="gt"/>'), refused="CALLED_PROCESS_UNKNOWN"
    ),
    Foreign("UTF-16", f'<?xml version="1.0" encoding="UTF-16"?>{PLAIN}'.encode("utf-16"), "s t e"),
    Foreign("byte order mark", b"\xef\xbb\xbf" + PLAIN.encode(), "s t e"),
    Foreign("another language", b"<html/>", refused="NOT_BPMN"),
    Foreign("BPMN 1", PLAIN.replace("20100524", "20090524").encode(), refused="NOT_BPMN"),
    Foreign("nothing", b"", refused="INVALID_DOCUMENT"),
    Foreign("half a file", PLAIN.encode()[:150], refused="INVALID_DOCUMENT"),
    Foreign("no namespace", PLAIN.replace(f' xmlns="{BPMN}"', "").encode(), refused="NOT_BPMN"),
)
