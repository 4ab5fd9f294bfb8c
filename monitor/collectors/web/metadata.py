"""What a page says about itself in metadata: when it was published, and who signs it.

Written from schema.org/Article and schema.org/Person (JSON-LD), ogp.me (article:published_time)
and the HTML standard's `time` element; looked up on 2026-11-23.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
import orjson

from monitor.collectors.publication import exact_date, line

_MOST_NODES = 2_000
_MOST_AUTHORS = 5
_SCRIPT = ".//script[@type='application/ld+json']"
_DATE_NAMES = frozenset(
    {"article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date"}
    | {"pubdate", "publish_date", "dc.date", "dc.date.issued", "dcterms.created", "date"}
    | {"parsely-pub-date", "sailthru.date"}
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` is a moment with its offset or empty; `given` is what the page really wrote."""

    published: str = ""
    given: str = ""
    updated: str = ""
    byline: str = ""
    bio: str = ""
    location: str = ""
    body: str = ""


def metadata_of(page: lxml.html.HtmlElement) -> Metadata:
    article, known = _article(page)
    given = [date for date in (_text(article.get("datePublished")), *_dates(page)) if date]
    exact = next((date for date in given if exact_date(date)), "")
    people = [_whole(person, known) for person in _listed(article.get("author"))[:_MOST_AUTHORS]]
    return Metadata(
        published=exact_date(exact),
        given=exact or next(iter(given), ""),
        updated=_text(article.get("dateModified")),
        byline=_joined(person.get("name") for person in people),
        bio=_joined(_about(person) for person in people),
        location=_joined(_place(person) for person in people),
        body=_text(article.get("articleBody")),
    )


def _dates(page: lxml.html.HtmlElement) -> Iterator[str]:
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _DATE_NAMES:
            yield line(meta.get("content") or "")
    for element in page.iterfind(".//*[@itemprop='datePublished']"):
        yield line(element.get("datetime") or element.get("content") or "")
    for element in page.iterfind(".//article//time[@datetime]"):
        yield line(element.get("datetime") or "")


def _article(page: lxml.html.HtmlElement) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the page's article and, by "@id", whatever else it describes."""
    nodes = list(_nodes(page))
    # A node of nothing but "@id" points to the one that has the rest.
    whole = [node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2]
    known = {node["@id"]: node for node in whole}
    for node in nodes:
        kinds = [str(kind) for kind in _listed(node.get("@type"))]
        if any(kind.endswith(("Article", "Posting", "Report")) for kind in kinds):
            return node, known
    return {}, known


def _nodes(page: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = []
    for script in page.iterfind(_SCRIPT):
        try:
            waiting.append(orjson.loads((script.text or "").encode()))
        except ValueError:
            continue
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _whole(person: Any, known: dict[str, Any]) -> dict[str, Any]:
    if isinstance(person, str):
        return {"name": person}
    if not isinstance(person, dict):
        return {}
    elsewhere = known.get(person.get("@id", ""))
    return {**elsewhere, **person} if isinstance(elsewhere, dict) else person


def _about(person: dict[str, Any]) -> str:
    """Return job, employer and profile text: what tells a civil servant from others."""
    parts = [_text(person.get("jobTitle"))]
    parts += [_name(person.get(key)) for key in ("worksFor", "affiliation")]
    return " · ".join(filter(None, [*parts, _text(person.get("description"))]))


def _place(person: dict[str, Any]) -> str:
    return _name(person.get("workLocation")) or _name(person.get("homeLocation"))


def _name(thing: Any) -> str:
    first = next(iter(_listed(thing)), "")
    return _text(first.get("name")) if isinstance(first, dict) else _text(first)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _joined(values: Any) -> str:
    return ", ".join(dict.fromkeys(filter(None, (line(_text(value)) for value in values))))
