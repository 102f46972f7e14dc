"""The examples under deploy/ are what their tools accept, and name only what exists here."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import stegvis
from commands.configuration import load
from commands.configuration.settings import all_keys

DEPLOY = Path(__file__).parents[3] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
VARIABLES = {name for key in all_keys() for name in (key.variable, key.file_variable) if name} | {"STEGVIS_CONFIG"}


def compose() -> Mapping[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def ours(services: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: service for name, service in services.items() if service["image"] == "stegvis"}


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


def test_the_containerfile_has_nothing_a_linter_finds_fault_with() -> None:
    linter = Path(sys.executable).with_name("hadolint")

    done = subprocess.run([linter, DEPLOY / "Containerfile"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_containerfile_copies_only_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)

    sources = [source for line in copied for source in line.split()]

    assert sources
    assert [source for source in sources if not (DEPLOY.parent / source).exists()] == []


def test_compose_gives_our_services_only_settings_that_exist() -> None:
    services = ours(compose()["services"])

    given = {name for service in services.values() for name in service["environment"]}

    assert set(services) == {"migrate", "web", "worker"}
    assert given - VARIABLES == set()


def test_compose_runs_only_commands_that_exist() -> None:
    commands = [service["command"] for service in ours(compose()["services"]).values()]

    assert [command[0] for command in commands if command[0] not in stegvis.main.commands] == []


def test_every_secret_that_compose_names_is_made_once_and_kept(tmp_path: Path) -> None:
    content = compose()
    used = {name for service in content["services"].values() for name in service["secrets"]}
    script = shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)

    subprocess.run(["sh", script], check=True)
    made = {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()}
    subprocess.run(["sh", script], check=True)

    assert used == set(content["secrets"]) == set(made)
    assert {secret["file"] for secret in content["secrets"].values()} == {f"secrets/{name}" for name in made}
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()} == made
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert made["postgres_password"] in made["database_url"]
    assert len(set(made.values())) == len(made)


def test_the_secrets_made_for_compose_are_accepted_as_configuration(tmp_path: Path) -> None:
    subprocess.run(["sh", shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)], check=True)
    environment = {
        name: value.replace("/run/secrets", f"{tmp_path}/secrets")
        for name, value in compose()["services"]["web"]["environment"].items()
        if name.startswith("STEGVIS_") and "$" not in value
    }

    configuration = load(None, environment)

    assert configuration.database.url.startswith("postgresql+psycopg://stegvis:")


def test_the_example_configuration_is_accepted_with_its_secrets_in_place(tmp_path: Path) -> None:
    example = (DEPLOY / "stegvis.toml").read_text("utf-8").replace("/etc/stegvis", str(tmp_path))
    (tmp_path / "stegvis.toml").write_text(example, "utf-8")
    (tmp_path / "database_url").write_text("postgresql+psycopg://stegvis:hemligt@127.0.0.1/stegvis\n", "utf-8")
    for name in ("secret_key", "metrics_token"):
        (tmp_path / name).write_text("x" * 40, "utf-8")

    configuration = load(tmp_path / "stegvis.toml", {})

    assert configuration.web.demo_login == "off"
    assert configuration.web.proxy_hops == 1


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_as_a_person_of_its_own(path: Path) -> None:
    content = unit(path)
    assert content["Unit"]["Description"].startswith("Stegvis")
    if path.suffix == ".timer":
        assert (path.with_suffix(".service")) in UNITS
        return
    words = [word for word in shlex.split(content["Service"]["ExecStart"].replace("sh -ec", "")) if word]
    called = re.search(r"stegvis/bin/stegvis ([a-z-]+)", " ".join(words))

    assert called is not None
    assert called[1] in stegvis.main.commands
    assert content["Service"]["User"] == "stegvis"
    assert content["Service"]["NoNewPrivileges"] == "yes"


def test_the_units_are_what_systemd_accepts(tmp_path: Path) -> None:
    """Each directive is known to systemd where it is at hand; elsewhere each is at least one that the others know."""
    analyzer = shutil.which("systemd-analyze")
    if analyzer is None:
        assert all(unit(path).sections()[0] == "Unit" for path in UNITS)
        return
    for path in UNITS:
        text = re.sub(r"/opt/stegvis/bin/stegvis", sys.executable, path.read_text("utf-8"))
        name = path.name.replace("@", "@1") if "@" in path.name else path.name
        (tmp_path / name).write_text(text, "utf-8")

    done = subprocess.run(
        [analyzer, "verify", "--man=no", *sorted(str(path) for path in tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )

    assert done.stderr == ""
    assert done.returncode == 0


def test_the_proxy_example_is_whole_and_names_one_upstream() -> None:
    text = (DEPLOY / "nginx" / "stegvis.conf").read_text("utf-8")

    assert text.count("{") == text.count("}")
    assert set(re.findall(r"proxy_pass http://(\w+);", text)) == set(re.findall(r"^upstream (\w+)", text, re.MULTILINE))
    assert "proxy_next_upstream_tries 1;" in text  # a command is never sent twice
