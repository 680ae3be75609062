"""The settings of a rig's processes: the real ones, and the jobs of the tests."""

from resellerhub.settings import *  # noqa: F403
from resellerhub.settings import JOB_KINDS

DOUBLES = ("finish", "choke", "die", "sell", "wait")
JOB_KINDS = {**JOB_KINDS, **{name: f"tests.kernel.doubles.{name}" for name in DOUBLES}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
