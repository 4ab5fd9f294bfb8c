"""`netra score`: predictions in order, bad lines named, exit code 1."""

import json
from typing import Any

import pytest

from tests.builders import make_citizen_post, make_neutral_asn_post, make_post
from tests.functional.conftest import Netra

BAD_LINES: list[tuple[bytes, str]] = [
    (b'{"id": "x", "platform": "x", "text": "putus', "JSON"),
    (b'{"platform": "x", "text": "tanpa id"}', "id"),
    (b'{"id": "p", "platform": "friendster", "text": "a"}', "platform"),
    (b'{"id": "u", "platform": "x", "text": "\xff\xfe"}', "UTF-8"),
    (b'{"id": "n", "platform": "x", "text": {"isi": ["a"]}}', "text"),
]


@pytest.fixture
def database_url() -> str:
    """Scoring touches no database."""
    return "postgresql+psycopg://nobody@localhost:1/none"


def test_five_bad_lines_among_a_thousand(netra: Netra) -> None:
    lines = [json.dumps(make_citizen_post(id=f"n{n}")).encode() for n in range(995)]
    places = [0, 250, 500, 750, 999]
    for place, (line, _) in zip(places, BAD_LINES, strict=True):
        lines.insert(place, line)
    result = netra("score", "-", stdin=b"\n".join(lines) + b"\n")
    assert result.code == 1
    assert [p["id"] for p in result.lines()] == [f"n{n}" for n in range(995)]
    errors = result.err.strip().splitlines()
    assert len(errors) == 5
    for error, place, (_, word) in zip(errors, places, BAD_LINES, strict=True):
        assert error.startswith(f"line {place + 1}: ")
        assert word in error


def test_a_flagged_post_has_all_that_the_contract_promises(netra: Netra) -> None:
    post = make_post()
    result = netra("score", stdin=json.dumps(post).encode())
    assert (result.code, result.err) == (0, "")
    prediction = result.json()
    assert prediction["flag"] is True
    assert prediction["asn"]["label"] == "explicit"
    assert prediction["stance"]["label"] == "support"
    assert sum(prediction["stance"]["scores"].values()) == pytest.approx(1, abs=0.001)
    assert 0 < prediction["risk"] <= 1
    assert prediction["acts"]
    assert prediction["targets"]
    assert prediction["reasons"]
    for evidence in prediction["asn"]["evidence"]:
        assert (
            _field(post, evidence["field"])[evidence["start"] : evidence["end"]]
            == (evidence["text"])
        )
    for reason in prediction["reasons"]:
        assert 0 <= reason["start"] < reason["end"] <= len(_field(post, reason["field"]))


def test_an_ordinary_citizens_view_is_not_computed(netra: Netra) -> None:
    prediction = netra("score", stdin=json.dumps(make_citizen_post()).encode()).json()
    assert prediction["asn"]["label"] == "none"
    assert prediction["stance"] is None
    assert (prediction["acts"], prediction["targets"], prediction["reasons"]) == ([], [], [])
    assert (prediction["flag"], prediction["risk"]) == (False, None)


def test_an_asn_without_a_side_is_not_flagged(netra: Netra) -> None:
    prediction = netra("score", stdin=json.dumps(make_neutral_asn_post()).encode()).json()
    assert prediction["asn"]["label"] == "explicit"
    assert prediction["stance"]["label"] == "none"
    assert prediction["flag"] is False


def test_all_refuses_posts_with_an_author_by_line(netra: Netra) -> None:
    without = {"id": "a", "platform": "x", "text": "ayo coblos nomor 2, menangkan"}
    stdin = f"{json.dumps(without)}\n{json.dumps(make_post())}\n".encode()
    result = netra("score", "--all", stdin=stdin)
    assert result.code == 1
    assert result.err.startswith("line 2: author")
    assert [(p["id"], p["gate"], p["flag"]) for p in result.lines()] == [("a", "off", False)]
    assert result.lines()[0]["stance"] is not None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "🔥" * 300,
        "\u202eislob 2 romon solboc\u202c",
        "coblos \x00 nomor 2",
        " ",
        "ayo " * 4999,
    ],
)
def test_hard_text_gets_a_prediction_or_a_reason(netra: Netra, text: str) -> None:
    result = netra("score", stdin=json.dumps(make_post(text=text)).encode())
    assert (result.code == 0 and result.json()["id"]) or "text: teks kosong" in result.err


def test_an_unknown_model_is_a_configuration_error(netra: Netra) -> None:
    result = netra("score", "--model", "tidak-ada@9", stdin=b"{}")
    assert result.code == 2
    assert "tidak-ada@9" in result.err


def _field(post: dict[str, Any], name: str) -> str:
    value: Any = post
    for part in name.split("."):
        value = value[part]
    return str(value)
