"""Elements of the diagrams that a case's instances run on."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn import Element
from engine.store.rows import InstanceRow
from forms.backend import backend


class ElementLookup:
    """Finds an element by instance and id."""

    def __init__(self, instances: Iterable[InstanceRow]) -> None:
        self._instances = {instance.id: instance for instance in instances}

    def __call__(self, instance_id: str | None, element_id: str | None) -> Element | None:
        """The element, or None where the instance or the element is not known."""
        instance = self._instances.get(instance_id or "")
        if instance is None or element_id is None:
            return None
        return backend().models.process(instance.digest, instance.file, instance.process_id).element(element_id)
