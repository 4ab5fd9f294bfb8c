"""Credentials: one file each, read afresh, never shown, never outside their folder."""

from pathlib import Path

import pytest

from monitor.errors import ConfigurationError
from monitor.net import Credentials, net_options, open_credentials
from monitor.settings import Settings, load_settings


def test_read_afresh_each_time(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path)
    (tmp_path / "telegram-1").write_text("\ufeff lama\n")
    assert credentials.read("telegram-1") == "lama"
    (tmp_path / "telegram-1").write_text("baru\n")
    assert credentials.read("telegram-1") == "baru"
    assert "baru" not in repr(credentials)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "A", "a.b", "x" * 65, "a\n", "/etc/passwd"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="Nama kredensial"):
        Credentials(tmp_path / "in").read(name)


def test_what_is_missing_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Credentials(tmp_path).read("x")
    assert str(tmp_path / "x") in caught.value.detail
    with pytest.raises(ConfigurationError, match="NETRA_CREDENTIALS_DIR"):
        Credentials(None).read("x")


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"RAHASIA\xff", b"RAHASIA" * 20_000], ids=["empty", "blank", "b", "l"]
)
def test_an_unusable_file_is_refused_without_its_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        Credentials(tmp_path).read("x")
    assert str(tmp_path / "x") in caught.value.detail
    assert "RAHASIA" not in caught.value.detail
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(ConfigurationError, match="tidak terbaca"):
        Credentials(tmp_path).read("x")


def test_settings_reach_the_options(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("isi")
    settings = load_settings(
        {
            "NETRA_PROXY": "http://u:sandi@proksi:3128",
            "NETRA_USER_AGENT": "Netra/0.1 (bawaslu@example.go.id)",
            "NETRA_ALLOW_PRIVATE_ADDRESSES": "1",
            "NETRA_CREDENTIALS_DIR": str(tmp_path),
        }
    )
    options = net_options(settings)
    assert options.user_agent == "Netra/0.1 (bawaslu@example.go.id)"
    assert options.proxy == "http://u:sandi@proksi:3128"
    assert options.allow_private
    assert open_credentials(settings).read("x") == "isi"
    assert "sandi" not in str(settings.shown())
    assert "sandi" not in repr(options)


def test_nothing_is_open_by_default() -> None:
    options = net_options(Settings())
    assert not options.allow_private
    assert options.proxy == ""
    assert options.user_agent.startswith("Netra/")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NETRA_PROXY", "socks5://u:RAHASIA@proksi"),
        ("NETRA_PROXY", "proksi:3128"),
        ("NETRA_USER_AGENT", "Netra\r\nX-Injected: 1"),
        ("NETRA_USER_AGENT", "Nétra"),
        ("NETRA_USER_AGENT", " "),
        ("NETRA_ALLOW_PRIVATE_ADDRESSES", "mungkin"),
    ],
)
def test_wrong_settings_are_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({variable: value})
    assert variable in caught.value.detail
    assert "RAHASIA" not in caught.value.detail
