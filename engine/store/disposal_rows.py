"""The rows that a disposal empties: payloads, messages, drafts, incidents and jobs of one case."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from engine.encoding import encode
from engine.store.schema import incident, job, message, payload, process_instance, work_item
from engine.store.unit_of_work import Reader, UnitOfWork

_INSTANCES = select(process_instance.c.id).where(process_instance.c.case_id == bindparam("case"))
_PAYLOADS = delete(payload).where(payload.c.chain == bindparam("case"))
_MESSAGES = update(message).where(message.c.case_id == bindparam("case")).values(variables=bindparam("nothing"))
_DRAFTS = update(work_item).where(work_item.c.case_id == bindparam("case")).values(draft=None, draft_at=None)
_INCIDENTS = update(incident).where(incident.c.case_id == bindparam("case")).values(message="")
_JOBS = delete(job).where(job.c.line == bindparam("case"), job.c.case_id == bindparam("case"))  # by line: an index


def instances_of(reader: Reader, case_id: str) -> list[str]:
    """The ids of a case's instances, sorted."""
    return sorted(str(row.id) for row in reader.rows(_INSTANCES, {"case": case_id}))


def delete_contents(uow: UnitOfWork, case_id: str) -> int:
    """Empty what rows say of a case; how many payloads of its history went."""
    uow.send(_MESSAGES, {"case": case_id, "nothing": encode({})})
    for statement in (_DRAFTS, _INCIDENTS, _JOBS):
        uow.send(statement, {"case": case_id})
    return uow.write(_PAYLOADS, {"case": case_id})
