"""URLs: odd spellings are refused before a look-up, and what is shown holds no secret."""

import httpx2
import pytest

from monitor.errors import AddressRefused
from monitor.net.urls import accepted_url, shown, without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "//example.org/",
        "example.org",
        "",
        "http:///x",
        "http:x",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://1.2.3.4.5/",
        "http://example.0x/",
        "http://127.0.0.1%00.example.org/",
        "http://exa%6dple.org/",
        "http://exa mple.org/",
        "http://example..org/",
        "http://.example.org/",
        f"http://{'a' * 64}.org/",
        f"http://{'a.' * 130}org/",
        "http://example.org\\.evil.test/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        "http://example.org/\r\nX-Injected: 1",
        "http://example.org/\x00",
        "http://example.org/\ud800",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        accepted_url(text)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("HTTPS://Example.ORG:443/a?b=1#c", "https://example.org/a?b=1"),
        ("http://example.org./x", "http://example.org/x"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        # Characters Unicode folds to digits and dots are folded before the check, not after.
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ],
)
def test_the_form_it_is_sent_in(text: str, sent: str) -> None:
    assert str(accepted_url(text)) == sent


@pytest.mark.parametrize("text", ["https://budi:sandi-1@example.org/x", "http://a\\@example.org/"])
def test_user_and_password_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        accepted_url(text)
    assert "sandi-1" not in caught.value.detail
    assert "budi" not in caught.value.detail


def test_what_is_shown_has_no_query_and_no_token() -> None:
    token = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_12345"
    assert shown(httpx2.URL("https://u:p@h.org:8443/v1/posts/77?key=K#f")) == (
        "https://h.org:8443/v1/posts/77"
    )
    assert shown(httpx2.URL(f"https://api.telegram.org/bot{token}/getUpdates")) == (
        "https://api.telegram.org/bot…/getUpdates"
    )
    assert "a" * 40 not in shown(httpx2.URL("https://hook.org/services/" + "a" * 40))
    assert len(shown(httpx2.URL("https://h.org/" + "ab-" * 500))) < 300


def test_an_answers_url_keeps_the_page_and_loses_the_token() -> None:
    url = httpx2.URL("https://h.org/a?p=7&access_token=T&API_KEY=K&q=x+y")
    assert without_secrets(url) == "https://h.org/a?p=7&q=x+y"
    assert without_secrets(httpx2.URL("https://h.org/a?p=%2F7")) == "https://h.org/a?p=%2F7"
