"""The rows of messages and of their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update

from engine.store import locks
from engine.store.schema import message, message_delivery
from engine.store.states import MessageState
from engine.store.unit_of_work import Reader, UnitOfWork

_INSERT = insert(message).returning(message.c.id)
_LOCK = (
    select(
        message.c.id,
        message.c.name,
        message.c.key,
        message.c.case_id,
        message.c.variables,
        message.c.actor,
        message.c.expires_at,
        message.c.state,
    )
    .where(message.c.id == bindparam("message"))
    .with_for_update(key_share=True)
)
_BY_MESSAGE_ID = select(message.c.id).where(message.c.message_id == bindparam("message_id"))
_STATE = (
    update(message)
    .where(message.c.id == bindparam("message"))
    .values(state=bindparam("new_state"), expires_at=bindparam("new_expiry"))
)
_DELIVERED_TO = select(message_delivery.c.process_id, message_delivery.c.instance_id).where(
    message_delivery.c.message == bindparam("of_message")
)
_INSERT_DELIVERY = insert(message_delivery)
_BUFFERED = (
    select(message.c.id)
    .where(
        message.c.name == bindparam("name"),
        message.c.key == bindparam("key"),
        message.c.state == MessageState.BUFFERED.value,
        or_(message.c.expires_at.is_(None), message.c.expires_at > bindparam("now")),
        ~exists().where(
            and_(
                message_delivery.c.message == message.c.id,
                message_delivery.c.process_id == bindparam("process_id"),
            )
        ),
    )
    .order_by(message.c.id)
    .limit(1)
)
_EXPIRE = (
    update(message)
    .where(message.c.state == MessageState.BUFFERED.value, message.c.expires_at <= bindparam("now"))
    .values(state=MessageState.EXPIRED.value)
)
_NEXT_EXPIRY = select(func.min(message.c.expires_at)).where(message.c.state == MessageState.BUFFERED.value)


@dataclass(frozen=True)
class StoredMessage:
    """One message as its row says."""

    id: int
    name: str
    key: str
    case_id: str | None
    variables: bytes
    actor: str
    expires_at: datetime | None
    state: MessageState


def insert_message(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Write a new message; its id."""
    return uow.insert(_INSERT, values)


def lock_message(uow: UnitOfWork, message_row: int) -> StoredMessage | None:
    """Read one message and keep others from delivering it."""
    row = uow.first(_LOCK, {"message": message_row})
    if row is None:
        return None
    values = row._mapping
    return StoredMessage(**{**values, "state": MessageState(values["state"])})


def seen_before(reader: Reader, message_id: str) -> int | None:
    """The message that came with this id of its sender, if any."""
    found = reader.scalar(_BY_MESSAGE_ID, {"message_id": message_id})
    return None if found is None else int(found)


def set_state(uow: UnitOfWork, message_row: int, state: MessageState, expires_at: datetime | None) -> None:
    """Write where a message stands."""
    uow.send(_STATE, {"message": message_row, "new_state": state.value, "new_expiry": expires_at})


def deliveries(reader: Reader, message_row: int) -> dict[str, str]:
    """Which processes have had a message: process id to the instance that took it."""
    return {row[0]: row[1] for row in reader.rows(_DELIVERED_TO, {"of_message": message_row})}


def insert_delivery(uow: UnitOfWork, message_row: int, process_id: str, instance_id: str, element_id: str) -> None:
    """Write that a process has had a message."""
    values = {
        "message": message_row,
        "process_id": process_id,
        "instance_id": instance_id,
        "element_id": element_id,
        "at": uow.now,
    }
    uow.send(_INSERT_DELIVERY, values)


def oldest_buffered(uow: UnitOfWork, name: str, key: str, process_id: str) -> int | None:
    """The oldest kept message that a process has not had."""
    found = uow.scalar(_BUFFERED, {"name": name, "key": key, "process_id": process_id, "now": uow.now})
    return None if found is None else int(found)


def serialise(uow: UnitOfWork, name: str, key: str) -> None:
    """Let only one transaction at a time deliver, or start to wait for, a message of this name and key.

    Otherwise one could find nobody waiting while the other finds nothing kept.
    """
    locks.serialise(uow, locks.LockRoom.MESSAGE, f"{name}\0{key}")


def expire(uow: UnitOfWork) -> int:
    """Let go of kept messages whose time has run out; how many."""
    return uow.write(_EXPIRE, {"now": uow.now})


def next_expiry(reader: Reader) -> datetime | None:
    """When the next kept message expires."""
    found = reader.scalar(_NEXT_EXPIRY)
    assert found is None or isinstance(found, datetime)
    return found
