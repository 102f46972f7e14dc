"""Who may be served: the demo's login asks for no password, so it stays on this machine unless somebody says so."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

import stegvis
from commands import serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that would have been served; nothing is."""
    hosts: list[str] = []
    monkeypatch.setattr(serving, "_serve", lambda _root, configuration, _duty: hosts.append(configuration.web.host))
    return hosts


def run(*arguments: str, **environment: str) -> Result:
    """One command on a database that is never opened."""
    runner = CliRunner(env=environment)
    return runner.invoke(stegvis.main, [*arguments, "--database", "sqlite://"], catch_exceptions=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_this_machine_is_served(served: list[str], host: str) -> None:
    assert run("serve", "--host", host).exit_code == 0
    assert served == [host]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_other_machines_are_refused_while_the_login_asks_for_no_password(
    served: list[str], command: str, host: str
) -> None:
    result = run(command, "--host", host)

    assert result.exit_code == 2
    assert "--demo-login" in result.stderr
    assert served == []


def test_other_machines_are_served_with_a_warning_where_that_is_meant(served: list[str]) -> None:
    result = run("serve", "--host", "0.0.0.0", "--demo-login")

    assert result.exit_code == 0
    assert served == ["0.0.0.0"]


def test_this_machine_behind_a_proxy_is_reached_by_others(served: list[str]) -> None:
    refused = run("serve", STEGVIS_WEB_PROXY_HOPS="1")
    without_demo = run("serve", "--host", "0.0.0.0", STEGVIS_WEB_DEMO_LOGIN="off")

    assert refused.exit_code == 2
    assert "behind a proxy" in refused.stderr
    assert without_demo.exit_code == 0
    assert served == ["0.0.0.0"]


def test_a_server_does_not_start_with_a_configuration_that_is_wrong(served: list[str]) -> None:
    result = run("serve", STEGVIS_WEB_PORT="many", STEGVIS_WEB_THREADS="0")

    assert result.exit_code == 3
    assert "STEGVIS_WEB_PORT: ska vara ett heltal från 1 till 65535" in result.stderr
    assert "STEGVIS_WEB_THREADS: ska vara ett heltal från 1 till 200" in result.stderr
    assert served == []


def test_an_empty_host_is_refused(served: list[str]) -> None:
    assert run("serve", "--host", "").exit_code == 3
    assert served == []
