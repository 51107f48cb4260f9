"""The Celery application: workers by queue, and beat."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

from integration_portal.broker import WORKER_SOCKET_TIMEOUT
from integration_portal.environment import say_bad_settings_plainly
from integration_portal.redis_transport import use_for_redis

# Every process of the portal comes by here before it reads the settings.
say_bad_settings_plainly()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")

use_for_redis()
app = Celery("integration_portal", task_cls="shops.patient_task:PatientTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _be_patient(celery: Celery) -> None:
    options = celery.conf.broker_transport_options
    options |= {"socket_timeout": WORKER_SOCKET_TIMEOUT, "socket_connect_timeout": WORKER_SOCKET_TIMEOUT}
    options.pop("max_retries", None)


@celeryd_init.connect(weak=False)
def be_patient_in_a_worker(**_: Any) -> None:
    """Let a worker outlast a slow broker that a web process must not wait for."""
    _be_patient(app)


@beat_init.connect(weak=False)
def be_patient_in_beat(**_: Any) -> None:
    """Let beat outlast a slow broker that a web process must not wait for."""
    _be_patient(app)
