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
    monkeypatch.setattr(serving, "_serve", lambda _root, _database, host, _port, *, demo: hosts.append(host))
    return hosts


def run(*arguments: str) -> Result:
    """One command on a database that is never opened."""
    return CliRunner().invoke(stegvis.main, [*arguments, "--database", "sqlite://"], catch_exceptions=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_this_machine_is_served(served: list[str], host: str) -> None:
    assert run("serve", "--host", host).exit_code == 0
    assert served == [host]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", ""])
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
