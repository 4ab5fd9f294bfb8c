"""Answers: JSON or a refusal that says what came instead, text, and when to come back."""

import logging
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import UnexpectedAnswer
from monitor.net import Answer

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EPOCH = int((NOW + timedelta(minutes=15)).timestamp())


def limited(headers: dict[str, str]) -> Answer:
    return answer(b"", 429, **headers)


def answer(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, "https://api.org/v1/x?token=RAHASIA", names, body, 0.1)


def test_json() -> None:
    assert answer(b'\xef\xbb\xbf{"id": 1844674407370955161}').json() == {"id": 1844674407370955161}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "jawaban kosong"),
        (b"\n <!DOCTYPE html><p>RAHASIA", "halaman HTML"),
        (b"<?xml version='1.0'?><RAHASIA/>", "XML"),
        (b'{"data": [{"text": "RAHASIA"', "JSON yang terpotong"),
        (b"[" * 100_000, "JSON yang terpotong"),
        (b"RAHASIA: upstream timeout", "teks biasa"),
        (b"\x00\x01RAHASIA", "data biner"),
        (b'{"a": "\xff RAHASIA"}', "JSON yang terpotong"),
    ],
)
def test_what_is_no_json_is_named_and_never_quoted(body: bytes, kind: str) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        answer(body, 502).json()
    assert kind in caught.value.detail
    assert "https://api.org/v1/x" in caught.value.detail
    assert "502" in caught.value.detail
    # Nor in what a log would print of it, with every error it came from.
    assert "RAHASIA" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_html_is_told_by_its_header_where_it_starts_with_a_comment() -> None:
    with pytest.raises(UnexpectedAnswer, match="halaman HTML"):
        answer(b"<!-- x -->", content_type="text/html").json()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", "dukung é".encode()),
        ("text/html; charset=UTF-8", "\ufeffdukung é".encode()),
        ("text/html; charset=iso-8859-1", "dukung é".encode("latin-1")),
        ('text/html; charset="windows-1252"', "dukung é".encode("cp1252")),
        ("text/html; charset=utf-16", "dukung é".encode("utf-16")),
        # No character sets: they would run other code or fail.
        ("text/html; charset=rot13", "dukung é".encode()),
        ("text/html; charset=unicode_escape", "dukung é".encode()),
        ("text/html; charset=idna", "dukung é".encode()),
        ("text/html; charset=tidak-ada", "dukung é".encode()),
        ("text/html; charset=\x00", "dukung é".encode()),
    ],
)
def test_text(content_type: str, body: bytes) -> None:
    assert answer(body, content_type=content_type).text() == "dukung é"


def test_broken_text_is_replaced_not_refused() -> None:
    assert answer(b"a\xffb").text() == "a\ufffdb"


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"retry_after": "900"}, 15),
        ({"retry_after": " 900.0 "}, 15),
        ({"retry_after": "Mon, 23 Nov 2026 10:15:00 GMT"}, 15),
        ({"retry_after": "Mon, 23 Nov 2026 10:15:00 -0000"}, 15),
        ({"x_rate_limit_reset": str(EPOCH)}, 15),
        ({"x_ratelimit_reset": str(EPOCH)}, 15),
        ({"x_ratelimit_reset": str(EPOCH * 1000)}, 15),
        ({"x_ratelimit_reset": "2026-11-23T10:15:00.000Z"}, 15),
        ({"x_ratelimit_reset": "2026-11-23T17:15:00+07:00"}, 15),
        ({"ratelimit_reset": "900"}, 15),
        ({"retry_after": "60", "x_rate_limit_reset": str(EPOCH)}, 1),
        ({"retry_after": "besok", "x_rate_limit_reset": str(EPOCH)}, 15),
        # The past is now; a year is a mistake.
        ({"retry_after": "-5"}, 0),
        ({"retry_after": "Mon, 23 Nov 2020 10:15:00 GMT"}, 0),
        ({"retry_after": "31536000"}, 7 * 24 * 60),
        ({"x_ratelimit_reset": "99999999999"}, 7 * 24 * 60),
    ],
)
def test_when_to_come_back(headers: dict[str, str], minutes: int) -> None:
    assert limited(headers).retry_after(NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "value", ["", "besok", "nan", "inf", "1e999", "9" * 500, "Mon, 99 Foo 2026", "0000-00-00"]
)
def test_what_cannot_be_read_says_nothing(value: str) -> None:
    said = answer(status=429, retry_after=value, x_ratelimit_reset=value).retry_after(NOW)
    assert said is None


def test_a_limit_that_is_not_used_up_is_no_reason_to_wait() -> None:
    left = answer(x_rate_limit_remaining="3", x_rate_limit_reset=str(EPOCH))
    none_left = answer(x_rate_limit_remaining="0", x_rate_limit_reset=str(EPOCH))
    assert left.retry_after(NOW) is None
    assert none_left.retry_after(NOW) == NOW + timedelta(minutes=15)


def test_an_answer_in_a_log_shows_neither_body_nor_headers_nor_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("test").warning("got %r", answer(b"RAHASIA", set_cookie="sid=RAHASIA"))
    assert "RAHASIA" not in caplog.text
    assert "https://api.org/v1/x" in caplog.text
