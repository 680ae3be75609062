"""Every setting, read from top to bottom; what differs between machines comes from the environment."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from resellerhub import background
from resellerhub.kernel import logs
from resellerhub.kernel.queue import broker_url
from resellerhub.rest.configuration import SPECTACULAR, rest_framework
from resellerhub.web.configuration import CONTENT_SECURITY, PERMISSIONS, packages, templates

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # a secret may come as NAME or, from a file, as NAME_FILE

# --- What must be given -----------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
DATABASES = {"default": env.db("DATABASE_URL")}
REDIS_URL = env.str("REDIS_URL")

# --- What may be given ------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=False)  # a machine of one's own, without TLS
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # without one, /metrics answers this machine alone

# --- Database: the app's login owns nothing; an owner migrates --------------------------------------------------------
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": "-c lock_timeout=5s -c statement_timeout=300s -c idle_in_transaction_session_timeout=300s",
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {
    "NAME": env.str("TEST_DATABASE", default="") or None,
    "TEMPLATE": env.str("TEST_TEMPLATE", default="") or None,
}
DATABASE_LOGIN = {key: DATABASES["default"][key] for key in ("USER", "PASSWORD")}
DATABASE_OWNER = (
    {key: env.db("DATABASE_OWNER_URL")[key] for key in DATABASE_LOGIN}
    if env.str("DATABASE_OWNER_URL", default="")
    else {}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps -------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "resellerhub.kernel",
    "resellerhub.rest",
    "resellerhub.web",
    "tenants",
    "catalog",
    "subscriptions",
    "addons",
    "invoicing",
    "reports",
    "resellerhub.demo",
    "resellerhub",
    "tenants.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "mptt",
    "pgtrigger",
    "rest_framework",
    "widget_tweaks",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "resellerhub.web.middleware.RequestIdMiddleware",
    "resellerhub.rest.middleware.ProblemMiddleware",
    "tenants.hosts.BrandMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "resellerhub.web.uploads.UploadLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.activity.SessionActivity",
    "resellerhub.web.middleware.UserLanguageMiddleware",
    "tenants.middleware.ActorMiddleware",
    "resellerhub.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "resellerhub.urls"
WSGI_APPLICATION = "resellerhub.wsgi.application"
TEMPLATES = templates(BASE_DIR / "templates")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Who may come in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tenants.doors.BrandDoor",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "tenants.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "account_name"
ACCOUNT_PRESERVE_USERNAME_CASING = False  # an account name has small letters alone
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_FORMS = {"login": "tenants.forms.login.LoginForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# By address alone: nobody is locked out by somebody elsewhere. Axes counts what fails of one login at one address.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "60/900s/ip",
    "reset_password": "20/m/ip",
    "invitation": "60/m/ip",
    "registration": "10/h/ip",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 259_200  # three days, for a new login's first password, too
MFA_ADAPTER = "tenants.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who made the login vouches for its address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
REQUIRE_TOTP_FOR_PROVIDERS = env.bool("REQUIRE_TOTP_FOR_PROVIDERS", default=True)  # or a passkey
FACTOR_GRACE_DAYS = env.int("FACTOR_GRACE_DAYS", default=0)  # how long a new member of a provider may do without
VISIT_MINUTES = env.int("VISIT_MINUTES", default=30)  # how long somebody is logged in as another at the most
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_VERBOSE = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # whoever guesses elsewhere locks nobody out
AXES_USERNAME_CALLABLE = "tenants.adapter.login_name"
AXES_LOCKOUT_CALLABLE = "tenants.adapter.locked_out"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Transport and headers --------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "resellerhub.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY = CONTENT_SECURITY, PERMISSIONS
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", default=10_000_000)
FILE_UPLOAD_HANDLERS = [
    "resellerhub.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Broker, cache, worker --------------------------------------------------------------------------------------------

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # what a dead worker was at is in the database, and the sweeper alone sends it again
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 10, "socket_connect_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False  # the sweeper finds what was not published
JOB_STALE_AFTER = env.float("JOB_STALE_AFTER", default=30.0)  # seconds without a sign of life
JOB_SWEEP_EVERY = env.float("JOB_SWEEP_EVERY", default=10.0)
JOB_TURN = env.float("JOB_TURN", default=20.0)  # seconds until the next job has its turn
JOB_LANES = env.int("JOB_LANES", default=2)  # workers at once on one job
CELERY_BEAT_SCHEDULE = background.schedule(sweep=JOB_SWEEP_EVERY)
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
JOB_KINDS = background.JOB_KINDS

# --- Files, mail, language --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".run" / "static"))
STATICFILES_DIRS = packages(BASE_DIR / "node_modules")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / ".run" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.str("STATIC_STORAGE", default="whitenoise.storage.CompressedStaticFilesStorage")},
}
vars().update(env.email("EMAIL_URL", default=f"filemail:///{BASE_DIR / '.run' / 'mail'}"))
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
UNASKED_MAILS_PER_ADDRESS, UNASKED_MAILS_PER_TENANT = 10, 10_000  # within a day, as those below
PASSWORD_MAILS_PER_ADDRESS, MAILS_ABOUT_TENANT = 5, 5
DNS_SERVERS = env.list("DNS_SERVERS", default=[])  # who is asked for the domains of brands; none: the machine's own
VAT_CHECKER = env.str("VAT_CHECKER", default="invoicing.vies.Vies")  # or invoicing.vies.WellFormed: asks nobody
VIES_URL = env.str("VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number")
DOMAIN_CHALLENGE = env.str("DOMAIN_CHALLENGE", default="_portal-challenge")  # anybody can read it: it names nobody
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ResellerHub <noreply@localhost>")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "resellerhub" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "UTC"
USE_TZ = True

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = rest_framework(rate=env.str("API_RATE", default="1200/min"), proxies=TRUSTED_PROXIES)
SPECTACULAR_SETTINGS = SPECTACULAR

# --- Pages ------------------------------------------------------------------------------------------------------------
DJANGO_TABLES2_TEMPLATE = "components/table.html"
LIST_PREFERENCES = "tenants.preferences"

# --- Logs: one JSON object a line, with the request's id --------------------------------------------------------------
LOGGING = logs.configure(env.str("LOG_FORMAT", default="json"), env.str("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
