"""`stegvis config`: what holds here, from where, and nothing secret."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import stegvis

SECRET = "en-nyckel-som-ingen-ska-se"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with a secret."""
    path = tmp_path / "stegvis.toml"
    path.write_text(f'[web]\nport = 8123\nsecure_cookies = true\nsecret_key = "{SECRET}"\n', "utf-8")
    return path


def run(*arguments: str, **environment: str) -> Result:
    """One command with some environment."""
    return CliRunner(env=environment).invoke(stegvis.main, arguments, catch_exceptions=False)


def test_each_value_is_told_with_where_it_comes_from(file: Path) -> None:
    result = run("--config", str(file), "config", "--json", STEGVIS_LOG_LEVEL="debug")

    told = json.loads(result.stdout)
    assert told["web.port"] == {"value": 8123, "from": "file", "place": str(file)}
    assert told["log.level"] == {"value": "debug", "from": "environment", "place": "STEGVIS_LOG_LEVEL"}
    assert told["web.host"] == {"value": "127.0.0.1", "from": "default", "place": ""}


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_secrets_are_masked(file: Path, arguments: tuple[str, ...]) -> None:
    result = run("--config", str(file), "config", *arguments)

    assert result.exit_code == 0
    assert SECRET not in result.output
    assert "********" in result.stdout


def test_a_file_that_is_not_there_is_refused_by_name() -> None:
    result = run("--config", "none.toml", "config")

    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        "INVALID_CONFIGURATION: none.toml",
        "  filen: kan inte läsas (No such file or directory)",
    ]


def test_a_backup_goes_where_it_is_configured_to_go(tmp_path: Path) -> None:
    folder, database = tmp_path / "backups", tmp_path / "stegvis.sqlite"
    folder.mkdir()
    with stegvis.installation(f"sqlite:///{database}"):
        pass

    without = run("backup", "--database", f"sqlite:///{database}")
    done = run("backup", "--database", f"sqlite:///{database}", STEGVIS_BACKUP_FOLDER=str(folder))

    assert without.exit_code == 2
    assert done.exit_code == 0, done.output
    (written,) = folder.iterdir()
    assert re.fullmatch(r"stegvis-\d{4}-\d\d-\d\dT\d{4}Z\.backup", written.name)
