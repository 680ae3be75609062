"""The image has every app, and the containers find every secret that they name."""

import re
import shutil
import stat
import subprocess

import yaml
from django.conf import settings

from resellerhub.launch.paths import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_image_has_every_app_and_no_tests():
    allowed = re.findall(r"^!([^\s/]+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    ours = {app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()}
    assert ours <= set(allowed)
    assert not {"tests", ".git", ".run", ".venv"} & set(allowed)


def test_every_secret_is_made_at_random_and_once(tmp_path):
    shutil.copy(ROOT / "docker" / "make-secrets.sh", tmp_path)
    made = []
    for _ in range(2):
        subprocess.run([tmp_path / "make-secrets.sh"], check=True)
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) >= {secret["file"].split("/")[-1] for secret in COMPOSE["secrets"].values()}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert len(set(made[0].values())) == len(made[0])


def test_the_owners_login_is_for_migrate_alone():
    knowing = {
        name for name, service in COMPOSE["services"].items() if "database_owner_url" in service.get("secrets", ())
    }
    assert knowing == {"migrate"}


def test_every_service_is_watched_and_its_secrets_are_declared():
    for name, service in COMPOSE["services"].items():
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"]), name
        if name not in ("web", "migrate"):  # web has the image's own check, migrate ends
            assert "test" in service["healthcheck"], name
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
