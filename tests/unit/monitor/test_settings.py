"""Settings: typed, checked together, secrets from files and never shown."""

from pathlib import Path

import pytest

from monitor.errors import ConfigurationError
from monitor.settings import load_settings


def test_defaults() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.url.startswith("sqlite:///")
    assert settings.url.endswith("/var/netra.sqlite3")


def test_a_secret_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("sandi-dari-berkas\n")
    settings = load_settings({"NETRA_ADMIN_PASSWORD_FILE": str(file)})
    assert settings.admin_password == "sandi-dari-berkas"
    assert "sandi-dari-berkas" not in str(settings.shown())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NETRA_PORT", "delapan"),
        ("NETRA_PORT", "70000"),
        ("NETRA_LOG_LEVEL", "RAMAI"),
        ("NETRA_TIMEZONE", "Asia/Bekasi"),
        ("NETRA_SESSION_HOURS", "0"),
        ("NETRA_COOKIE_SECURE", "mungkin"),
        ("NETRA_ADMIN_PASSWORD_FILE", "tidak-ada"),
        ("NETRA_REQUEST_LIMIT_MIB", "0"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({variable: value})
    assert variable in caught.value.detail
