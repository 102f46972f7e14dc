"""What travels in the bundles: locked by hash, without addresses, under licences that are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[3] / "forms" / "web"


@pytest.fixture(scope="module")
def locked() -> dict[str, dict[str, Any]]:
    """Every package of the lock file, by its path."""
    packages: dict[str, dict[str, Any]] = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    return {path: package for path, package in packages.items() if path}


def test_the_lock_names_no_address_but_a_hash_for_every_package(locked: dict[str, dict[str, Any]]) -> None:
    assert [path for path, package in locked.items() if "resolved" in package] == []
    assert [path for path, package in locked.items() if not package.get("integrity")] == []
    assert "://" not in "".join(
        line for line in (WEB / "package-lock.json").read_text("utf-8").splitlines() if '"url"' not in line
    )


def test_direct_dependencies_are_pinned() -> None:
    package = json.loads((WEB / "package.json").read_text("utf-8"))

    versions = {**package["dependencies"], **package["devDependencies"]}

    assert {name for name, version in versions.items() if not version[0].isdigit()} == set()


def test_every_bundled_package_and_its_licence_is_told(locked: dict[str, dict[str, Any]]) -> None:
    told = (WEB / "README.md").read_text("utf-8")
    bundled = {
        path.rpartition("node_modules/")[2]: str(package["license"])
        for path, package in locked.items()
        if not package.get("dev")
    }

    assert {name: licence for name, licence in bundled.items() if f"| {name} | {licence} |" not in told} == {}
