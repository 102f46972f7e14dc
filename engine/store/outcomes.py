"""What programs ask about instances: what they went through, what they wait to hear, which messages are kept."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.rows import MessageRow, SubscriptionRow
from engine.store.schema import event, message, subscription
from engine.store.states import MessageState, SubscriptionKind
from engine.store.unit_of_work import Reader

_SUBSCRIPTIONS = select(
    subscription.c.id,
    subscription.c.kind,
    subscription.c.name,
    subscription.c.key,
    subscription.c.instance_id,
    subscription.c.case_id,
    subscription.c.process_id,
    subscription.c.element_id,
    subscription.c.created_at,
).order_by(subscription.c.seq)
_MESSAGES = select(
    message.c.id,
    message.c.message_id,
    message.c.name,
    message.c.key,
    message.c.case_id,
    message.c.state,
    message.c.created_at,
    message.c.expires_at,
).order_by(message.c.id)


def completed_elements(reader: Reader, instance_id: str) -> list[str]:
    """The ids of the elements an instance has completed, in order, each as often as it was completed."""
    found = select(event.c.element).where(
        event.c.instance_id == instance_id, event.c.kind == "completed", event.c.element.is_not(None)
    )
    return [row[0] for row in reader.query(found.order_by(event.c.seq))]


def subscriptions(reader: Reader, instance_id: str | None, limit: int) -> list[SubscriptionRow]:
    """Who waits to hear of a message, signal or condition, oldest first."""
    found = _SUBSCRIPTIONS if instance_id is None else _SUBSCRIPTIONS.where(subscription.c.instance_id == instance_id)
    return [
        SubscriptionRow(**{**row._mapping, "kind": SubscriptionKind(row.kind)})
        for row in reader.query(found.limit(limit))
    ]


def messages(reader: Reader, state: MessageState | None, limit: int) -> list[MessageRow]:
    """Messages, oldest first, in one state or all."""
    found = _MESSAGES if state is None else _MESSAGES.where(message.c.state == state.value)
    return [
        MessageRow(**{**row._mapping, "state": MessageState(row.state)}) for row in reader.query(found.limit(limit))
    ]
