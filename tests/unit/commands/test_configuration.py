"""The configuration: what wins over what, every fault at once, and secrets that nobody gets to see."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from commands.configuration import find_file, key_of, load
from commands.configuration.showing import MASK, documentation, shown
from processes.configuration import InvalidConfiguration

DOCUMENT = Path(__file__).parents[3] / "docs" / "configuration.md"
KEY = "en-nyckel-som-är-lång-nog"


def written(folder: Path, content: str) -> Path:
    """A stegvis.toml."""
    path = folder / "stegvis.toml"
    path.write_text(content, "utf-8")
    return path


def faults_of(path: Path | None, environment: dict[str, str]) -> tuple[str, ...]:
    """Everything that is wrong."""
    with pytest.raises(InvalidConfiguration) as refused:
        load(path, environment)
    return refused.value.problems


def test_without_a_word_the_defaults_hold() -> None:
    found = load(None, {})

    assert (found.web.host, found.web.port, found.metrics.networks) == ("127.0.0.1", 8000, ())
    assert {origin.kind for _, _, origin in shown(found)} == {"default"}


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[web]\nport = 8001\nthreads = 3\nhost = "10.0.0.1"\n')
    environment = {"STEGVIS_WEB_PORT": "8002", "STEGVIS_WEB_THREADS": "4"}

    found = load(path, environment, {"web.port": 8003})

    assert (found.web.port, found.web.threads, found.web.host) == (8003, 4, "10.0.0.1")
    assert found.origin(key_of("web.port")).kind == "command line"
    assert found.origin(key_of("web.threads")) == ("environment", "STEGVIS_WEB_THREADS")
    assert found.origin(key_of("web.host")) == ("file", str(path))


def test_the_environments_texts_become_numbers_flags_and_lists() -> None:
    found = load(
        None,
        {
            "STEGVIS_WEB_SECURE_COOKIES": "true",
            "STEGVIS_METRICS_NETWORKS": "10.0.0.0/8, ::1",
            "STEGVIS_DATABASE": "postgresql+psycopg://db/stegvis",
        },
    )

    assert found.web.secure_cookies is True
    assert found.metrics.networks == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert found.database.url == "postgresql+psycopg://db/stegvis"


def test_every_fault_of_file_environment_and_secrets_is_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[web]\nprot = 80\nthreads = "many"\nsecure_cookies = "yes"\nsecret_key_file = "none"\n[wbe]\n[metrics]\n'
        'token = "short"\n',
    )
    environment = {"STEGVIS_LOG_LEVEL": "loud", "STEGVIS_WEB_PROT": "1", "STEGVIS_DATABASE": "mysql://x"}

    told = "\n".join(faults_of(path, environment))

    assert told.splitlines() == [
        "web.prot: finns inte; menade du port?",
        f"web.secret_key_file: filen {tmp_path}/none kan inte läsas (No such file or directory)",
        "[wbe]: finns inte; menade du web?",
        "STEGVIS_WEB_PROT: är ingen inställning; menade du STEGVIS_WEB_PORT?",
        "STEGVIS_DATABASE: ska vara en adress till SQLite eller PostgreSQL, som sqlite:///var/stegvis.sqlite",
        "web.threads: ska vara ett heltal från 1 till 200",
        "web.secure_cookies: ska vara true eller false",
        'STEGVIS_LOG_LEVEL: ska vara "debug" eller "info" eller "warning" eller "error"',
        "metrics.token: ska vara en text på minst 16 tecken",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("[web", "filen är inte giltig TOML"),
        ("web = 1", "web: ska vara en tabell: skriv [web]"),
        ("[web]\nport = 0", "web.port: ska vara ett heltal från 1 till 65535"),
        ("[web]\nport = true", "web.port: ska vara ett heltal från 1 till 65535"),
        ("[web]\nport = 80.5", "web.port: ska vara ett heltal från 1 till 65535"),
        ('[web]\nhost = " "', "web.host: ska vara en text som inte är tom"),
        ('[metrics]\nnetworks = "10.0.0.0/8"', "metrics.networks: ska vara en lista av nät"),
        ('[metrics]\nnetworks = ["10.0.0.1/8"]', "metrics.networks: '10.0.0.1/8' är inget nät"),
        ('[telemetry]\nendpoint = "collector:4318"', "telemetry.endpoint: ska vara en adress som börjar med"),
        (f'[web]\nsecret_key = "{KEY}"\nsecret_key_file = "x"', "web.secret_key_file: står bredvid web.secret_key"),
        ("[web]\nsecret_key_file = 3", "web.secret_key_file: ska vara sökvägen till en fil"),
    ],
)
def test_a_fault_says_where_it_stands_and_what_is_wanted(tmp_path: Path, content: str, fault: str) -> None:
    (told,) = faults_of(written(tmp_path, content), {})

    assert told.startswith(fault)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.toml", {}) == ("filen: kan inte läsas (No such file or directory)",)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"x" * 70_000])
def test_a_secret_that_is_empty_unreadable_or_endless_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)

    (told,) = faults_of(None, {"STEGVIS_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert told.startswith("STEGVIS_SECRET_KEY_FILE: filen ")


def test_secrets_come_from_files_beside_the_configuration_and_are_never_printed(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n", "utf-8")
    (tmp_path / "database").write_text("postgresql+psycopg://stegvis:hemligt@db/stegvis?sslpassword=dolt", "utf-8")
    path = written(tmp_path, '[web]\nsecret_key_file = "key"\n')

    found = load(path, {"STEGVIS_DATABASE_FILE": str(tmp_path / "database")})

    assert found.web.secret_key == KEY
    assert found.database.url.endswith("dolt")
    printed = repr(found) + str([(key.full_name, value, origin) for key, value, origin in shown(found)])
    assert KEY not in printed
    assert "hemligt" not in printed
    assert "dolt" not in printed
    assert MASK in printed


def test_variables_of_others_with_our_prefix_are_let_be() -> None:
    service = {"STEGVIS_SERVICE_HOST": "10.0.0.1", "STEGVIS_PORT": "tcp://10.0.0.1:80", "STEGVIS_PORT_80_TCP_ADDR": "x"}

    assert load(None, {**service, "STEGVIS_CONFIG": "x", "STEGVIS_TEST_POSTGRES": "y"}) == load(None, {})


def test_the_file_is_the_chosen_one_else_the_environments_else_the_one_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_file(None, {}) is None

    written(tmp_path, "")

    assert find_file(None, {}) == Path("stegvis.toml")
    assert find_file(None, {"STEGVIS_CONFIG": "b.toml"}) == Path("b.toml")
    assert find_file("a.toml", {"STEGVIS_CONFIG": "b.toml"}) == Path("a.toml")


def test_the_documentation_says_what_the_code_says() -> None:
    document = DOCUMENT.read_text("utf-8")

    assert documentation() in document, "run python -m commands.configuration.showing, and put it into the document"
