"""What holds for every test: hypothesis without wall time, and no silent skip where everything is at hand."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.postgres", "tests.databases"]

settings.register_profile("stegvis", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stegvis")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI=true a skipped test is a failure: its reason stands in the summary."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("")
        for report in reporter.stats["skipped"]:
            reporter.write_line(f"SKIPPED, which counts as a failure under CI=true: {report.nodeid}: {report.longrepr}")
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
