"""The portal's settings with the bare view beside the receiver."""

from __future__ import annotations

from integration_portal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.receive_urls"
