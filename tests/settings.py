"""The portal's settings as tests need them: made-up secrets, cheap passwords, English, a Redis of our own."""

from __future__ import annotations

import os
from pathlib import Path

from tests.redis_address import redis_url

os.environ |= {
    "ENV_FILE": "",
    "DEBUG": "false",
    "SECRET_KEY": "a-secret-for-tests-only-a-secret-for-tests-only-0123456789",
    "FIELD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "PUBLIC_URL": "https://portal.test",
    "ALLOWED_HOSTS": "portal.test,testserver,localhost,127.0.0.1",
    "SECURE_SSL_REDIRECT": "false",
    "LANGUAGE_CODE": "en",
    "SLACK_WEBHOOK_URL": "",
    "LOG_LEVEL": "INFO",
    "STATIC_ROOT": str(Path(__file__).resolve().parent.parent / "static"),  # whitenoise warns about a folder that is not there
}
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ["REDIS_URL"] = redis_url()

from integration_portal.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {  # noqa: F405
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
