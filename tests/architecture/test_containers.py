"""The compose file and its image: settings that exist, versions that stand, no secrets, no root."""

from __future__ import annotations

import re
import secrets

import pytest
import yaml

from config import ROOT, Settings

OWN = ("deploy", "web", "worker")
REQUIRED = re.compile(r"\$\{(\w+):\?[^}]*\}")
OPTIONAL = re.compile(r"\$\{\w+:-([^}]*)\}")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", OWN)
def test_the_settings_of_the_product_exist_and_are_those_of_production(compose, name):
    given = dict(compose["services"][name]["environment"])
    known = {one.metadata["env"] for one in Settings.__dataclass_fields__.values()}
    assert given.keys() <= known
    secret = secrets.token_urlsafe(48)
    filled = {key: OPTIONAL.sub(r"\1", REQUIRED.sub(secret, value))
              for key, value in given.items()}
    settings = Settings.from_environment({**filled, "CARELINE_VAR_DIR": "/tmp"})
    assert settings.environment == "production" and not settings.is_sqlite
    assert settings.redis_url and settings.behind_tls and settings.trusted_proxies == 1


def test_secrets_are_asked_for_and_written_nowhere(compose):
    for service in compose["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if re.search("SECRET|KEYS|PASSWORD", name):
                assert REQUIRED.fullmatch(value), name
    assert ".env" in (ROOT / ".dockerignore").read_text().split()


def test_versions_of_images_stand(compose):
    images = [one["image"] for one in compose["services"].values() if "image" in one]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+[\w.-]*", image), image


def test_services_wait_for_what_they_need(compose):
    services = compose["services"]
    for name, service in services.items():
        for other, how in (service.get("depends_on") or {}).items():
            assert other in services, name
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other]
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["deploy"] == {
            "condition": "service_completed_successfully"}


def test_nobody_but_the_proxy_of_the_host_reaches_a_process(compose):
    ports = [port for one in compose["services"].values() for port in one.get("ports", ())]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def test_commands_and_addresses_exist(app, compose):
    known = {name: command for name, command in app.cli.commands.items()}
    for name in ("deploy", "worker"):
        command = compose["services"][name]["command"]
        assert command[:3] == ["flask", "--app", "app"] and command[3] in known
    assert "work" in known["jobs"].commands
    checked = compose["services"]["web"]["healthcheck"]["test"][-1]
    path = re.search(r"8080(/\w+)", checked)[1]
    assert app.url_map.bind("localhost").match(path)


def test_the_image_is_built_by_the_lock_file_and_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert any("--require-hashes" in line for line in lines)
    assert "USER careline" in lines
    assert lines.index("USER careline") < next(
        place for place, line in enumerate(lines) if line.startswith("CMD"))
