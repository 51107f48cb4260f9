"""The inbox as staff see it."""

from webhooks.admin.events import EventAdmin

__all__ = ["EventAdmin"]
