"""Over months of fictitious work nothing is left open that nobody may see, or that tells nothing to whoever sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from engine.clock import Clock
from engine.engine import Engine
from engine.errors import NotFound
from engine.store.rows import InboxFilter, Paging, WorkItemDetail, WorkItemRow
from processes.aktivitetskrav.autopilot.seeding import SeedProgress, seed
from processes.aktivitetskrav.autopilot.staff import viewer_of
from tests.integration.journey.conftest import Town

CASES, MONTHS = 40, 10
EVERY = 5  # days between two looks at all that is open
_SHOWN = re.compile(r"{{(?:#if)?\s*(?:string\()?(\w+)")


class Watch:
    """Looks at every open task now and then, as those do whose task it is."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.engines: list[Engine] = []
        self.looked_at: set[str] = set()
        self.faults: list[str] = []

    def open(self, clock: Clock) -> Engine:
        self.engines.append(self.town.open(clock))
        return self.engines[-1]

    def look(self, step: SeedProgress) -> None:
        if step.done % EVERY:
            return
        for item in self.engines[-1].queries.open_items():
            self.looked_at.add(item.id)
            fault = self._fault(item)
            if fault is not None:
                self.faults.append(
                    f"{step.day} {item.process_id}#{item.element_id} ({item.role}, {item.unit}): {fault}"
                )

    def _fault(self, item: WorkItemRow) -> str | None:
        details = list(self._seen_by_its_role(item))
        if not details:
            return "nobody sees it"
        told = self._told_by_its_form(item)
        silent = [sorted(told - set(detail.variables)) for detail in details]
        return f"its form says nothing of {silent[0]}" if all(silent) else None

    def _seen_by_its_role(self, item: WorkItemRow) -> Iterator[WorkItemDetail]:
        queries, roles = self.engines[-1].queries, self.town.families.roles
        for user in roles.demo_users_with(item.role or ""):
            viewer = viewer_of(user, roles)
            try:
                detail = queries.work_item(viewer, item.id)
            except NotFound:
                continue
            narrowed = InboxFilter(case_id=item.case_id, element_id=item.element_id)
            if item.id in {each.id for each in queries.inbox(viewer, narrowed, paging=Paging(1, 100)).items}:
                yield detail

    def _told_by_its_form(self, item: WorkItemRow) -> set[str]:
        """What the texts of the task's form use and the process knows."""
        queries = self.engines[-1].queries
        known = queries.variables(item.instance_id)
        form = json.dumps(json.loads(queries.form(item.form_id or "")))
        return {name for name in _SHOWN.findall(form) if known.get(name) is not None}


@pytest.mark.slow
def test_no_task_is_open_that_nobody_may_see(town: Town) -> None:
    # given staff who look every few days, also after hand-backs and closings
    watch = Watch(town)
    # when
    result = seed(
        watch.open, town.families.roles, town.calendar, cases=CASES, months=MONTHS, seed=2, progress=watch.look
    )
    # then
    assert watch.faults == []
    assert len(watch.looked_at) > CASES
    assert result.counts.events["party ended"] > 0
    assert result.counts.incidents == 0
