"""The settings: what is safe by default, what is refused, and that a bad one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(FeedbackError) as error:
        read_settings()
    return str(error.value)


def test_nothing_set_is_this_machine_alone() -> None:
    settings = read_settings()

    assert settings.address == "http://127.0.0.1:5000"
    assert not settings.secure
    assert settings.area == "example"
    assert settings.database.startswith("sqlite:////")
    assert settings.database.endswith("/instance/feedback.db")


@pytest.mark.parametrize(
    "environment",
    [
        {"PUBLIC_URL": "http://feedback.example"},
        {"PUBLIC_URL": "http://127.0.0.1.feedback.example"},
        {"PUBLIC_URL": "ftp://feedback.example"},
        {"PUBLIC_URL": "feedback.example"},
        {"BIND": "192.0.2.7"},
    ],
)
def test_plain_http_on_another_host_is_refused(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Set PUBLIC_URL to an https address." in refused(monkeypatch, **environment)


@pytest.mark.parametrize(
    ("environment", "address", "secure"),
    [
        ({"PUBLIC_URL": "https://feedback.example/"}, "https://feedback.example", True),
        ({"BIND": "192.0.2.7", "PUBLIC_URL": "https://feedback.example"}, "https://feedback.example", True),
        ({"BIND": "localhost", "PORT": "5077"}, "http://localhost:5077", False),
        ({"BIND": "::1"}, "http://[::1]:5000", False),
    ],
)
def test_an_address_that_nobody_on_the_way_can_read_is_taken(
    environment: dict[str, str], address: str, secure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()

    assert (settings.address, settings.secure) == (address, secure)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WORKERS", "0"),
        ("FACE", "stuff"),
        ("SESSION_HOURS", "25"),
        ("SESSION_HOURS", ""),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(monkeypatch, **{name: value})

    assert said.startswith(f"The setting {name} cannot be used: ")
    assert "docs/settings.md" in said


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(monkeypatch, PORT="many", WORKERS="0")

    assert "The setting PORT cannot be used" in said
    assert "The setting WORKERS cannot be used" in said


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@db.example/f", "postgresql+psycopg://u:p@db.example/f"),
        ("postgresql://u@db.example/f?host=/run", "postgresql+psycopg://u@db.example/f?host=/run"),
        ("postgresql+psycopg://u@db.example/f", "postgresql+psycopg://u@db.example/f"),
    ],
)
def test_a_postgresql_address_is_given_our_driver(given: str, used: str) -> None:
    assert Settings(database_url=given).database == used


def test_the_instance_folder_holds_the_database_and_the_keys(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)

    assert settings.database == f"sqlite:///{tmp_path}/feedback.db"
    assert settings.keys == tmp_path / "keys"


def secret(folder: Path, name: str, content: str, mode: int = 0o600) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{content}\n")
    (folder / name).chmod(mode)


def test_secrets_come_from_files_that_nobody_else_can_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    secret(folder, "SMTP_PASSWORD", "from a file")
    secret(folder, "database_url", "postgresql://u:p@db.example/f")
    monkeypatch.setenv("SECRETS_FOLDER", str(folder))

    assert (read_settings().smtp_password, read_settings().database_url) == (
        "from a file",
        "postgresql://u:p@db.example/f",
    )
    assert "from a file" not in repr(read_settings())
    monkeypatch.setenv("SMTP_PASSWORD", "from the environment")
    assert read_settings().smtp_password == "from the environment"
    secret(folder, "OIDC_CLIENT_SECRET", "x" * 30, 0o644)
    assert "can read the secrets OIDC_CLIENT_SECRET" in refused(monkeypatch)
    assert "there is no folder" in refused(monkeypatch, SECRETS_FOLDER=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SMTP_NAME": "feedback"}, "SMTP_PASSWORD is not"),
        ({"OIDC_ISSUER": "https://door.example", "OIDC_CLIENT_SECRET": "x" * 30}, "OIDC_CLIENT_ID is not"),
        ({"OIDC_ISSUER": "https://door.example", "OIDC_CLIENT_ID": "f"}, "OIDC_CLIENT_SECRET is missing"),
        (
            {"OIDC_ISSUER": "https://door.example", "OIDC_CLIENT_ID": "f", "OIDC_CLIENT_SECRET": "secret"},
            "it can be guessed",
        ),
    ],
)
def test_a_missing_or_weak_secret_stops_the_start(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said in refused(monkeypatch, **environment)


def test_no_secret_has_a_default() -> None:
    hidden = {name: field.default for name, field in Settings.model_fields.items() if not field.repr}

    assert hidden == {"smtp_password": "", "oidc_client_secret": ""}
