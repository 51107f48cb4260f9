"""Every setting of the portal; the values come from the environment (see .env.example)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.translation import gettext_lazy as _

from integration_portal import broker
from integration_portal.databases import default_database
from integration_portal.environment import Environment, env_file, field_encryption_keys, made_directory, secret_key
from integration_portal.log import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent

# ENV_FILE is another file than .env, or empty for none.
_env_file = env_file(os.environ.get("ENV_FILE"), BASE_DIR / ".env")
if _env_file:
    environ.Env.read_env(_env_file)
env = Environment()

DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "data")

# Who may see what

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = secret_key(env, debug=DEBUG, directory=DATA_DIR)
FIELD_ENCRYPTION_KEYS = field_encryption_keys(env, debug=DEBUG, directory=DATA_DIR)
PUBLIC_URL = env.url("PUBLIC_URL", "http://127.0.0.1:8000" if DEBUG else "")
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.host_names("ALLOWED_HOSTS", [_public.hostname] if _public.hostname else [])
if DEBUG:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if PUBLIC_URL else []

# Without https in PUBLIC_URL (a developer's machine, the demo) secure cookies would make the login impossible.
_secure = _public.scheme == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_PROXY_HEADERS", default=_secure) else None
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=_secure)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.whole_number("SECURE_HSTS_SECONDS", 31_536_000 if _secure else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
X_FRAME_OPTIONS = "DENY"
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# What runs

INSTALLED_APPS = [
    "integration_portal.apps.IntegrationPortalConfig",
    "integration_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
    "import_export",
    "shops",
    "mappings",
    "webhooks",
    "sync",
    "monitoring",
    "api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "integration_portal.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shops.pages.odd_requests.OddRequests",
]
ROOT_URLCONF = "integration_portal.urls"
WSGI_APPLICATION = "integration_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# The receiver refuses a body above 10 MB itself, with 413; Django's own limit must not come first.
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a table of the workbench sends eight fields for each of its rows
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

# Where things are kept

DATABASES = {"default": default_database(env, default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3") and not env.text("DATABASE_URL"):
    made_directory("DATA_DIR", DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

STATIC_URL = "static/"
STATIC_ROOT = env.directory("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Languages and times

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "cs", ["cs", "en"])
LANGUAGES = [("cs", _("Czech")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Prague"

# Tasks

TASK_TIME_LIMIT = env.whole_number("TASK_TIME_LIMIT", 1800, least=10)
CELERY_BROKER_URL = broker.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(visibility_timeout=TASK_TIME_LIMIT + 300)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT
CELERY_TASK_SOFT_TIME_LIMIT = TASK_TIME_LIMIT - 5
CELERY_TASK_QUEUES: dict[str, dict[str, object]] = {queue: {} for queue in broker.QUEUES}
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_ROUTES = broker.ROUTES
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# Synchronisation: seconds

SHOPTET_TIMEOUT = env.number("SHOPTET_TIMEOUT", 30, least=0.1)
BLUEJET_TIMEOUT = env.number("BLUEJET_TIMEOUT", 30, least=0.1)
# Short, since a heartbeat prolongs both while their holder lives; how long a partner takes to answer does not matter.
SYNC_CLAIM_SECONDS = env.number("SYNC_CLAIM_SECONDS", 20, least=0.1)
SYNC_LEASE_SECONDS = env.number("SYNC_LEASE_SECONDS", 20, least=0.1)
SYNC_SETTLE_SECONDS = env.number("SYNC_SETTLE_SECONDS", 60)
# Divides the long waits, so that tests see two hours in seconds; 1 everywhere else.
SYNC_TIME_SCALE = env.number("SYNC_TIME_SCALE", 1, least=1)
SLACK_WEBHOOK_URL = env.url("SLACK_WEBHOOK_URL")

LOGGING = logging_settings(level=env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"]))
