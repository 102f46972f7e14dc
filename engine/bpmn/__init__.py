"""BPMN diagrams: read, checked and run."""

from engine.bpmn.definitions import EventDefinition, EventKind, Flow, TimerDefinition
from engine.bpmn.effects import (
    DecisionMade,
    Effect,
    ErrorRaised,
    EscalationRaised,
    MessageThrown,
    SignalThrown,
    Transition,
    TransitionKind,
)
from engine.bpmn.execution import Execution
from engine.bpmn.expressions import Expression, Value
from engine.bpmn.model import Element, Model, Process, StartEvent
from engine.bpmn.parser import load_model
from engine.bpmn.services import DecisionCall, DecisionResult, Services
from engine.bpmn.snapshot import SnapshotMismatch
from engine.bpmn.specs.base import SpecFrozen
from engine.bpmn.starting import start_holds, start_name, start_schedule
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.waits import (
    CallDetail,
    ConditionDetail,
    IncidentDetail,
    JobDetail,
    MessageDetail,
    SignalDetail,
    TimerDetail,
    UserTaskDetail,
    Wait,
    WaitKind,
)

__all__ = [
    "CallDetail",
    "ConditionDetail",
    "DecisionCall",
    "DecisionMade",
    "DecisionResult",
    "Effect",
    "Element",
    "ErrorRaised",
    "EscalationRaised",
    "EventDefinition",
    "EventKind",
    "Execution",
    "ExecutionStatus",
    "Expression",
    "Flow",
    "IncidentDetail",
    "JobDetail",
    "MessageDetail",
    "MessageThrown",
    "Model",
    "Process",
    "Services",
    "SignalDetail",
    "SignalThrown",
    "SnapshotMismatch",
    "SpecFrozen",
    "StartEvent",
    "TimerDefinition",
    "TimerDetail",
    "Transition",
    "TransitionKind",
    "UserTaskDetail",
    "Value",
    "Wait",
    "WaitKind",
    "load_model",
    "start_holds",
    "start_name",
    "start_schedule",
]
