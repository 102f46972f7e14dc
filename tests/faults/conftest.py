"""What the fault tests share."""

from tests.faults.small_disk import full_disk_server

__all__ = ["full_disk_server"]
