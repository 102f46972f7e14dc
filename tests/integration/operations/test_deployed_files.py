"""The example alerts and the dashboard speak of metrics that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.observing.metrics import Metrics
from engine.clock import ManualClock
from engine.engine import Engine
from engine.handlers import HandlerRegistry
from engine.protocols import SYSTEM
from engine.recurring import run_now
from engine.workers import WorkerKind, beat, this_process
from forms.request_reports import RequestReport
from tests.bpmn_builder import bpmn, end, flows, process, service, start
from timers.recurring import STANDARD

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = DEPLOY / "prometheus" / "stegvis.rules.yml"
DASHBOARD = DEPLOY / "grafana" / "stegvis.json"
NAME = re.compile(r"\bstegvis_[a-z_]+\b")
BUILT_IN = frozenset({"up"})


@pytest.fixture(scope="module")
def exposed() -> frozenset[str]:
    """The names of all samples that an installation with some life in it gives."""
    handlers = HandlerRegistry()
    metrics = Metrics("1")

    @handlers.job("work")
    def fail(_context: object) -> None:
        raise RuntimeError("on purpose")

    clock = ManualClock(datetime(2026, 11, 30, 9, tzinfo=UTC))
    engine = Engine.open("sqlite://", clock=clock, handlers=handlers, recurring=STANDARD, observer=metrics)
    with engine:
        diagram = bpmn(process("val", start("s"), service("j"), end("e"), flows("s->j->e")))
        engine.publish({"val.bpmn": diagram}, author="Anna", note="")
        engine.start("val")
        engine.advance("P1D")
        beat(engine, this_process(WorkerKind.WORKER), timedelta(minutes=1))
        run_now(engine, "kontroll", SYSTEM)
        metrics.watch_store(engine)
        metrics.request_ended(RequestReport("1", "about.about", "GET", 200, 0.1, None))
        text = metrics.exposition().decode()
    return frozenset(re.split(r"[{ ]", line)[0] for line in text.splitlines() if line and not line.startswith("#"))


def rules() -> list[dict[str, Any]]:
    """Every alert rule."""
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def expressions() -> Iterator[str]:
    """Every expression of the alerts and the dashboard."""
    yield from (rule["expr"] for rule in rules())
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_every_metric_that_they_name_exists(exposed: frozenset[str]) -> None:
    named = {name for expression in expressions() for name in NAME.findall(expression)}

    assert len(named) > 15
    assert named - exposed == set()


def test_every_metric_is_on_the_dashboard_or_in_an_alert(exposed: frozenset[str]) -> None:
    used = " ".join(expressions())
    families = {re.sub(r"_(total|bucket|count|sum|created)$", "", name) for name in exposed}

    assert {name for name in families if name not in used} == {"stegvis_info"}


def test_each_alert_says_how_grave_it_is_and_what_to_do() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert len(rule["annotations"]["description"]) > 30, rule["alert"]


def test_panels_do_not_lie_over_each_other() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert x < 24
                assert (x, y) not in taken, f"{panel['title']} lies over {taken.get((x, y))}"
                taken[x, y] = panel["title"]
