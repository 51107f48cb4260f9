"""Wiring only: settings, addresses, Celery, logging and system checks."""

from integration_portal.celery import app as celery_app

__all__ = ("celery_app",)
