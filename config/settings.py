"""The settings, read from `MILLRACE_…` environment variables. Each has a default that works on one machine."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.utils import get_random_secret_key

from actions.network.policy import NetworkPolicy
from config import environment
from config import sign_on as sign_on_settings
from config.database import choose_database, describe_file
from config.observing import read_metrics, read_tracing
from config.scale import QUEUE_APP, require_redis, require_worker_services
from config.uploads import describe_bucket, describe_folder
from flows.limits.run_limits import RunLimits
from web.private_files import read_or_create_file

environment.drop_vendor_variables()
environment.limit_numpy_threads()

BASE_DIR = Path(__file__).resolve().parent.parent
MILLRACE_DATA_DIR = Path(environment.read_text("DATA_DIR", str(BASE_DIR / "data"))).resolve()
environment.prepare_folder("DATA_DIR", MILLRACE_DATA_DIR)

# ---- The server ----

# Django's own error pages show the values of variables, and one of them can be a key. The log has the same facts.
DEBUG = False
MILLRACE_DEVELOPMENT = environment.read_flag("DEVELOPMENT")
MILLRACE_DEMO = environment.read_flag("DEMO")
MILLRACE_FRONTEND_DIR = BASE_DIR / "frontend" / "dist"
MILLRACE_BIND = environment.read_text("BIND", "127.0.0.1")  # the address on which `manage.py serve` listens
MILLRACE_PORT = environment.read_number("PORT", 8000, largest=65_535)
MILLRACE_PROCESSES = environment.read_number("PROCESSES", 1, smallest=1, largest=64)  # that share the port
_local = f"http://127.0.0.1:{MILLRACE_PORT}"
MILLRACE_PUBLIC_URL = environment.read_public_url(_local)
MILLRACE_SUB_PATH = urlsplit(MILLRACE_PUBLIC_URL).path  # empty where the server has a host name to itself
MILLRACE_SIMULATOR_URL = environment.read_text("SIMULATOR_URL", f"{_local}/simulator" if MILLRACE_DEMO else "").rstrip(
    "/"
)
MILLRACE_RUNS = environment.read_choice("RUNS", "here", "workers")  # which processes execute runs
MILLRACE_REDIS_URL = require_redis(environment.read_text("REDIS_URL"))  # for wake-ups between processes
MILLRACE_DRAIN_S = environment.read_number("DRAIN_S", 30)  # how long runs may finish after SIGTERM
MILLRACE_KEEP_LOGS_DAYS = environment.read_number("KEEP_LOGS_DAYS", 30)  # after the end of a run; 0 keeps them for ever
MILLRACE_KEEP_LOGS_RUNS = environment.read_number("KEEP_LOGS_RUNS", 0)  # of each workspace, the last; 0 is no limit
MILLRACE_LOG_LEVEL = environment.read_choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
MILLRACE_METRICS = read_metrics()  # where a Prometheus server asks; None where nobody may
MILLRACE_TRACING = read_tracing()  # whether the variables of OpenTelemetry ask for traces
MILLRACE_PROXIES = environment.read_number("PROXIES", 0)  # how many proxies in front append to X-Forwarded-For

SECRET_KEY = environment.read_text("SECRET_KEY") or read_or_create_file(
    MILLRACE_DATA_DIR / "secret_key", get_random_secret_key
)
MILLRACE_ENCRYPTION_KEYS = environment.read_items("ENCRYPTION_KEYS")
MILLRACE_ENCRYPTION_KEY_FILE = MILLRACE_DATA_DIR / "encryption_keys"

_simulator = [urlsplit(MILLRACE_SIMULATOR_URL).netloc] if MILLRACE_DEMO and MILLRACE_SIMULATOR_URL else []
MILLRACE_NETWORK = NetworkPolicy(private=frozenset([*environment.read_items("PRIVATE_HOSTS"), *_simulator]))

MILLRACE_RUN_LIMITS = RunLimits(
    live_runs=environment.read_number("MAX_LIVE_RUNS", 1_000, smallest=1),
    live_runs_per_workspace=environment.read_number("MAX_LIVE_RUNS_PER_WORKSPACE", 500, smallest=1),
    live_runs_per_caller=environment.read_number("MAX_LIVE_RUNS_PER_CALLER", 250, smallest=1),
    live_runs_per_visitor=environment.read_number("MAX_LIVE_RUNS_PER_VISITOR", 5, smallest=1),
    live_input_bytes=environment.read_number("MAX_LIVE_INPUT_MB", 512, smallest=1) * 1024 * 1024,
    passes=environment.read_number("MAX_RUN_PASSES", 1_000_000, smallest=1),
    seconds=environment.read_number("MAX_RUN_S", 21_600, smallest=1),
    event_bytes=environment.read_number("MAX_EVENT_MB", 4, smallest=1) * 1024 * 1024,
    run_bytes=environment.read_number("MAX_RUN_MB", 64, smallest=1) * 1024 * 1024,
)

# ---- Who may call it ----

_public = urlsplit(environment.parse_origin(MILLRACE_PUBLIC_URL))
_over_tls = _public.scheme == "https"

ALLOWED_HOSTS = [*environment.read_host_names("ALLOWED_HOSTS", "127.0.0.1,localhost"), _public.hostname or ""]
CSRF_TRUSTED_ORIGINS = [_public.geturl(), *map(environment.parse_origin, environment.read_items("TRUSTED_ORIGINS"))]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _over_tls
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "web.middleware.session_store"
CSRF_COOKIE_PATH = SESSION_COOKIE_PATH = MILLRACE_SUB_PATH or "/"
# Below a path, with names of their own: another product at the root of the host may have cookies of these names.
MILLRACE_COOKIE_PREFIX = "_".join([*re.findall("[A-Za-z0-9]+", MILLRACE_SUB_PATH), ""])
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{MILLRACE_COOKIE_PREFIX}sessionid", f"{MILLRACE_COOKIE_PREFIX}csrftoken"
MILLRACE_CORS_ORIGINS = environment.read_origins("CORS_ORIGINS")  # pages of other sites, with every API key
CORS_URLS_REGEX = r"(?!)"  # `workspaces.cross_origin` decides alone
CORS_ALLOW_CREDENTIALS = False  # a page of another site calls with an API key, never with a person's session
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [
    *("accept", "authorization", "cache-control", "content-type", "idempotency-key", "last-event-id", "user-agent"),
    *("x-api-key", "x-session-id", "anthropic-version", "anthropic-beta", "anthropic-dangerous-direct-browser-access"),
    *("openai-organization", "openai-project", "traceparent", "tracestate"),
    *("mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id"),
]
CORS_EXPOSE_HEADERS = [
    *("Link", "Location", "Request-Id", "Retry-After", "X-Flow-Version", "X-Request-ID", "X-Run", "X-Should-Retry"),
    "Mcp-Session-Id",
]
CORS_PREFLIGHT_MAX_AGE = 600
CSRF_FAILURE_VIEW = "web.pages.show_forged_request"
MILLRACE_STRICT_TRANSPORT_S = 31_536_000 if _over_tls else 0

DATA_UPLOAD_MAX_MEMORY_SIZE = MILLRACE_MAX_BODY_BYTES = 5 * 1024 * 1024
# Of a body, in memory while it comes; the rest goes to a file. What is moved there at once holds up the event loop: of
# 2.5 MB, which are usual, for 6 ms.
FILE_UPLOAD_MAX_MEMORY_SIZE = 128 * 1024
MILLRACE_MAX_UPLOAD_BYTES = environment.read_number("MAX_UPLOAD_MB", 20, smallest=1) * 1024 * 1024
# The addresses that take a larger body: a call of a flow, as large as a call of the model's API (`START_LIMITS`), and a
# file for a collection, whose body also has the file's name and its boundary.
MILLRACE_LARGE_BODIES = {
    r"/api/v1/flows/[0-9a-z-]+/(?:stream|run|submit|ui|ag-ui)": 32 * 1024 * 1024,
    r"/v1/(?:chat/completions|responses|messages|messages/count_tokens)": 32 * 1024 * 1024,
    r"/mcp": 32 * 1024 * 1024,
    r"/api/v1/collections/[0-9a-f-]{36}/documents": MILLRACE_MAX_UPLOAD_BYTES + 64 * 1024,
}
# The addresses that take a larger body of the visitors of chat pages too: a file that belongs to a question.
MILLRACE_LARGE_BODIES_OF_VISITORS = {r"/api/v1/chat/[\w-]+/files": 10 * 1024 * 1024 + 64 * 1024}
MILLRACE_HEAD_S = environment.read_number("HEAD_SECONDS", 30, smallest=1)  # for the head of a request to come
MILLRACE_MAX_WORKSPACE_BYTES = environment.read_number("MAX_WORKSPACE_MB", 20_480, smallest=1) * 1024 * 1024
MILLRACE_UPLOAD_DIR = MILLRACE_DATA_DIR / "uploads"
MILLRACE_UPLOADS_BUCKET = environment.read_text("UPLOADS_BUCKET")  # instead of the folder; empty for the folder
STORAGES = {"uploads": describe_bucket(MILLRACE_UPLOADS_BUCKET) or describe_folder(MILLRACE_UPLOAD_DIR)}
MILLRACE_VECTOR_CACHE_BYTES = environment.read_number("VECTOR_CACHE_MB", 256) * 1024 * 1024  # of all processes

AUTH_USER_MODEL = "workspaces.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # how long the link works by which a member sets a new password
LOGIN_URL = f"{MILLRACE_SUB_PATH}/sign-in"
LOGIN_REDIRECT_URL = f"{MILLRACE_SUB_PATH}/"

# ---- Apps ----

INSTALLED_APPS = [
    "web",
    "workspaces",
    "connections",
    "chats",
    "document_collections",
    "flows",
    "chat_pages",
    "server",
    "docs_site",
    "demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "channels",
    "rest_framework",
    "drf_spectacular",
]
if MILLRACE_RUNS == "workers":
    require_worker_services(environment.read_text("DATABASE_URL"), MILLRACE_REDIS_URL)
    INSTALLED_APPS.append(QUEUE_APP)
MIDDLEWARE = [
    "web.middleware.in_place.Envelope",
    "web.middleware.in_place.KnownAddress",
    "workspaces.cross_origin.CrossOrigin",
    "web.middleware.in_place.Sessions",
    "web.middleware.in_place.CrossSiteProtection",
    "web.middleware.in_place.SignedInUser",
    "web.middleware.in_place.Messages",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.middleware.sub_path.provide_sub_path",
            ]
        },
    }
]
APPEND_SLASH = False
STATIC_URL = f"{MILLRACE_SUB_PATH}/static/"

# ---- Sign-on: an identity provider, and the second factor. allauth is loaded where one of them is asked for ----

MILLRACE_OIDC = sign_on_settings.read_provider(MILLRACE_NETWORK)
MILLRACE_SIGN_ON = MILLRACE_OIDC is not None or environment.read_flag("SECOND_FACTOR")
if MILLRACE_SIGN_ON:
    sign_on_settings.require_library()
    INSTALLED_APPS += sign_on_settings.APPS
    MIDDLEWARE.append(sign_on_settings.MIDDLEWARE)
SOCIALACCOUNT_ADAPTER = "sign_on.adapters.ProviderAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_ADAPTER = "sign_on.adapters.FactorAdapter"
MFA_TOTP_ISSUER = "Millrace"
MFA_TOTP_TOLERANCE = 1  # a code of the app counts 30 seconds before and after its own: clocks differ
MFA_RECOVERY_CODE_DIGITS = 10

# ---- Database ----

_file = describe_file(MILLRACE_DATA_DIR, environment.read_choice("SQLITE_SYNCHRONOUS", "NORMAL", "FULL"))
DATABASES: dict[str, dict[str, Any]] = {"default": choose_database(environment.read_text("DATABASE_URL"), _file)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# ---- API ----

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["web.drf.parser.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "web.drf.negotiation.ContentNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "web.drf.exception_handler.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Millrace",
    "DESCRIPTION": "Streaming chat backends, drawn as flows.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_PATCH": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "PREPROCESSING_HOOKS": ["web.openapi.add_plain_views"],
    "POSTPROCESSING_HOOKS": ["web.openapi.add_shapes"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
    },
    "SECURITY": [{"apiKey": []}, {"session": []}],
}

# ---- Logs ----

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.build_json_formatter"}},
    "filters": {
        "only_faults": {"()": "web.logs.OnlyFaults"},
        "no_access_lines": {"()": "web.logs.NoAccessLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": MILLRACE_LOG_LEVEL},
    "loggers": {
        # At DEBUG the vendor's client logs whole prompts.
        "anthropic": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        # At DEBUG the client of S3 logs whole answers, also those that hold a temporary key.
        **{name: {"level": "WARNING"} for name in ("boto3", "botocore", "s3transfer", "urllib3")},
        # It tells each job, and a run has lines of its own.
        "procrastinate": {"level": "WARNING"},
        # It logs every refusal as a warning and every 5xx as an error. The access lines have the status already.
        "django.request": {"level": "ERROR", "filters": ["only_faults"]},
        # uvicorn gives its loggers handlers of their own, whose lines are no JSON and contain sign-in links.
        "uvicorn": {"handlers": [], "propagate": True},
        "uvicorn.error": {"level": "INFO", "filters": ["no_access_lines"]},
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
LOGGING_CONFIG = "web.logs.configure"
