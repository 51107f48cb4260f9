"""What Celery needs to know so that no task is lost and a broken broker does not hold up a web answer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

# A task's name begins with its queue: "realtime.run_job" goes to `realtime`.
QUEUES = ("inbox", "realtime", "bulk", "maintenance")
ROUTES: dict[str, dict[str, object]] = {f"{queue}.*": {"queue": queue} for queue in QUEUES}
# What dead workers held comes back by the sweepers, so they wait neither behind a long piece of maintenance nor behind a storm of
# events: the inbox's own tasks are short, and let them go first.
ROUTES |= {"inbox.*": {"queue": "inbox", "priority": 3}}
ROUTES |= {name: {"queue": "inbox", "priority": 0} for name in ("maintenance.sweep", "maintenance.sweep_events")}

# How long a publisher waits for Redis. Web answers must not wait for a broker that hangs; workers and beat can.
WEB_SOCKET_TIMEOUT = 0.5
WORKER_SOCKET_TIMEOUT = 30.0


def broker_url(redis_url: str) -> str:
    """Return REDIS_URL the way that Celery spells it: `unix:///x?db=1` is `redis+socket:///x?virtual_host=1`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def transport_options(*, visibility_timeout: float) -> dict[str, object]:
    """Return the Redis transport's options as a web process needs them."""
    return {
        # Must exceed the longest task and the longest countdown, else a task that still runs is handed out again.
        "visibility_timeout": visibility_timeout,
        # Without these two, what a killed worker held comes back about 100 seconds late.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": WEB_SOCKET_TIMEOUT,
        "socket_connect_timeout": WEB_SOCKET_TIMEOUT,
        "max_retries": 0,
    }
