"""What is shipped works: the wheel built from the sdist, installed elsewhere, serves pages and the bundled scripts."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUNDLES = ("dist/viewer.js", "dist/viewer.css", "dist/editor.js", "dist/editor.css")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with nothing but the wheel's content; the libraries come from this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    _run("-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder / "sdist"), str(ROOT))
    (sdist,) = (folder / "sdist").glob("*.tar.gz")
    _run("-m", "tarfile", "-e", str(sdist), str(folder / "source"))
    (source,) = (folder / "source").iterdir()
    _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "wheel"), str(source))
    (wheel,) = (folder / "wheel").glob("*.whl")
    _run("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder / "site"), str(wheel))
    return folder / "site"


def _run(*arguments):
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.skipif(
    not (ROOT / "forms" / "static" / "dist").exists(), reason="the front end is not built (scripts/setup does that)"
)
@pytest.mark.slow
def test_the_wheel_built_from_the_sdist_serves_pages(installed, tmp_path):
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "stegvis", "serve", "--port", str(port)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        for line in server.stdout:
            said.append(line)
            if line.startswith("Stegvis: http"):
                break
        assert any(line.startswith("Stegvis: http") for line in said), "".join(said)
        page = _fetch(port, "/logga-in")
        assert "Stegvis" in page
        for bundle in BUNDLES:
            assert _fetch(port, f"/static/{bundle}")
        processes = _fetch(port, "/healthz")
        assert processes
        assert (tmp_path / "var" / "stegvis.sqlite").exists()
    finally:
        server.terminate()
        server.wait(timeout=60)
        server.stdout.close()


def _fetch(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode("utf-8", "replace")
