"""Settings of the portal: typed environment variables, safe local defaults, loud failure in production.

Everything that differs between places is read here and nowhere else. ``docs/nastaveni.md`` lists the variables.
"""

import logging
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate
from whitenoise.compress import Compressor

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

# A local start needs nothing; production says KPSS_ENV=production and then the secret and the hosts are required.
ENVIRONMENT = env.str("KPSS_ENV", "local", validate=validate.OneOf(["local", "production", "test"]))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", ENVIRONMENT == "local")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off when KPSS_ENV is production.")

DATA_DIR = Path(env.str("KPSS_DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
STORE_DIR = DATA_DIR / "store"
# How much room previews may take; what was not looked at for longest goes first.
PRINT_CACHE_BYTES = env.int("KPSS_PRINT_CACHE_MB", 500) * 1024 * 1024
PRINTS_AT_ONCE = False  # made by whoever asks, where no worker runs

if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=50))
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", validate=validate.Length(min=1))
else:
    SECRET_KEY = env.str("SECRET_KEY", "local-only-" + "0" * 50)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Former secrets: what was signed by them, and links sent under them, stays valid.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# The address that stands in mails, QR codes and printed plans.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "kpss.territory",
    "kpss.links",
    "kpss.outbox",
    "documents.store",
    "documents.printing",
    "documents.library",
    "documents.news",
    "providers.directory",
    "committees.people",
    "committees.bodies",
    "committees.ballots",
    "committees.meetings",
    "committees.minutes",
    "committees.following",
    "committees.nominations",
    "planning.plans",
    "planning.approvals",
    "planning.differences",
    "planning.front",
    "kpss.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "django_filters",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kpss.middleware.DatabaseDownMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kpss.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "kpss.urls"
WSGI_APPLICATION = "kpss.wsgi.application"
FORM_RENDERER = "kpss.forms.PortalFormRenderer"
FORMS_URLFIELD_ASSUME_HTTPS = True  # what Django 6 does by itself

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kpss.context_processors.portal",
            ],
            "builtins": ["kpss.templatetags.czech"],
            "libraries": {"face": "kpss.templatetags.face"},
        },
    },
]

# --- Database ------------------------------------------------------------------------------------------------------
# SQLite is the embedded default, PostgreSQL the production engine. Why SQLite keeps a rollback journal and begins
# every transaction as a writer: docs/adr/0006-journal-mode.md.
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{DATA_DIR / 'kpss.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA recursive_triggers=ON; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A visitor reads "try again later" after five seconds, not after two minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kpss_cache"}
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# What was just done ("Signed in as Jana Nová") stays with us and does not travel in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- People and signing in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "committees.people.backends.EverywhereBackend",
    "committees.bodies.backends.SeatBackend",
    "committees.bodies.backends.GrantBackend",
]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # GrantBackend reads guardian's rows in its place
ANONYMOUS_USER_NAME = None  # guardian: an anonymous visitor is nobody, not a row
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front:my_desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "front:home"
ACCOUNT_ADAPTER = "committees.people.adapters.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail to small offices takes minutes
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
# Limits of attempts count by the visitor's address, as the last of our own proxies saw it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("KPSS_PROXIES", 1 if PRODUCTION else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the coordinator enters addresses; nobody has to confirm theirs
MFA_TOTP_ISSUER = "KPSS"
SESSION_COOKIE_AGE = 60 * 60 * 12

# --- Language and time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "cs"
LANGUAGES = [("cs", _("Czech")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Prague"
USE_I18N = True
USE_TZ = True
# Otherwise keys of rows in forms would get spaces from 1,000 on. Figures have filters (cz_number, czk).
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["kpss.formats"]

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("KPSS_STATIC_ROOT", str(DATA_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise complains when it is missing
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kpss.stylesheets.ComponentsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# Fonts of the PDF never travel to a browser; compressing them would take most of the time of an upgrade.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf"]
MEDIA_ROOT = DATA_DIR / "media"  # nothing is kept there: files live in the store under their hash
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
KPSS_UPLOAD_MAX_BYTES = env.int("KPSS_UPLOAD_MAX_BYTES", 20 * 1024 * 1024)

# --- Work in the background, mail ------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_CONFIG = env.dj_email_url(
    "EMAIL_URL", "console:" if not PRODUCTION else "smtp://localhost:25"
)
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "KPSS <portal@example.cz>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Safety ------------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_FAILURE_VIEW = "kpss.views.csrf_failure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kpss.logs.TokenlessFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        # These come with handlers of their own, which would write whole addresses.
        "django": {"level": "NOTSET"},
        "django.server": {"level": "NOTSET", "propagate": True},
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # Answers to HEAD carry a body until the server drops it, as Django means it; nothing to warn of.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.log_level("LOG_LEVEL", logging.INFO)},
}
