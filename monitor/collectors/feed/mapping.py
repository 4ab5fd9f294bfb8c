"""From an entry of a feed to the post object of the contract."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from models.post import COUNT_LIMIT, URL_LIMIT
from monitor.collectors.feed.parsing import Feed
from monitor.collectors.markup import captions_of, fragment_of, joined, text_of
from monitor.collectors.publication import (
    body_of,
    digest,
    exact_date,
    fitting_id,
    is_web_address,
    line,
    speaker,
    stable_address,
    without_empty,
)

# URIs of these kinds are unique in the world; any other guid only within its feed.
_WORLDWIDE = ("http://", "https://", "tag:", "urn:")
_RAW_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Publication:
    """What the entries of one feed share."""

    url: str
    place: str
    title: str
    about: str
    region: str


def posts_of(feed: Feed, url: str, region: str) -> list[dict[str, Any]]:
    """Return one post for each entry, oldest first; of an id that comes twice, the newer one."""
    shared = Publication(url, feed.place, feed.title, feed.about, region)
    ids = _ids(feed.entries, shared)
    posts: dict[str, dict[str, Any]] = {}
    for place in _oldest_first(feed.entries):
        posts.pop(ids[place], None)
        posts[ids[place]] = _post(feed.entries[place], ids[place], shared)
    return list(posts.values())


def _oldest_first(entries: Sequence[Any]) -> list[int]:
    """Return the entries' places by date; by the usual order, newest on top, where one has none."""
    places = list(reversed(range(len(entries))))
    dates = [_parsed_date(entry) for entry in entries]
    return sorted(places, key=lambda i: dates[i] or ()) if all(dates) else places


def _parsed_date(entry: Any) -> tuple[int, ...]:
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return tuple(parsed[:6]) if parsed else ()


def _ids(entries: Sequence[Any], feed: Publication) -> list[str]:
    """Return an id for each entry: its guid, else its link, else its content.

    Some feeds give one guid (their home page) to all entries; then it names none of them.
    """
    links_of = defaultdict(set)
    for entry in entries:
        links_of[_given_id(entry)].add(_link(entry, feed.place))
    return [_id(entry, feed, shared=len(links_of[_given_id(entry)]) > 1) for entry in entries]


def _given_id(entry: Any) -> str:
    return line(dict.get(entry, "id") or "")


def _id(entry: Any, publication: Publication, *, shared: bool) -> str:
    given, link = _given_id(entry), _link(entry, publication.place)
    feed = stable_address(publication.url)
    if not given or (shared and link):
        if link:
            return fitting_id(stable_address(link, fragment=True))
        return fitting_id(f"{feed}#sha256:{digest(_text(entry))}")
    if given.lower().startswith(_WORLDWIDE):
        web = is_web_address(given)
        return fitting_id(stable_address(given, fragment=True) if web else given)
    return fitting_id(f"{feed}#{given}")


def _link(entry: Any, place: str) -> str:
    given = str(dict.get(entry, "link") or "").strip()
    # A guid counts as link unless told otherwise; many a feed forgets to, and gives a number.
    if not given or (dict.get(entry, "guidislink") and "://" not in given):
        return ""
    try:
        link = urljoin(place, given)
    except ValueError:
        return ""
    return link if is_web_address(link) and len(link) <= URL_LIMIT else ""


def _post(entry: Any, post_id: str, shared: Publication) -> dict[str, Any]:
    published = dict.get(entry, "published") or dict.get(entry, "created") or ""
    updated = dict.get(entry, "updated") or ""
    link = _link(entry, shared.place)
    return without_empty(
        {
            "id": post_id,
            "platform": "web",
            "text": _text(entry),
            "author": speaker(
                dict.get(entry, "author") or "",
                site=shared.title,
                host=urlsplit(link or shared.url).hostname or "",
                about=shared.about,
            ),
            "url": link,
            "posted_at": exact_date(published or updated),
            "media_alt": _captions(entry),
            "replies": _count(dict.get(entry, "slash_comments")),
            "region": shared.region,
            "publication": {"name": shared.title, "feed": shared.url},
            # As the feed writes them: a date without a zone is evidence, though no moment.
            "raw": without_empty(
                {
                    "guid": _given_id(entry)[:_RAW_LIMIT],
                    "published": line(published)[:_RAW_LIMIT],
                    "updated": line(updated)[:_RAW_LIMIT],
                }
            ),
        }
    )


def _text(entry: Any) -> str:
    title = _plain(dict.get(entry, "title_detail"), dict.get(entry, "title") or "")
    whole = [(part, part.get("value") or "") for part in dict.get(entry, "content") or []]
    if not any(value.strip() for _, value in whole):
        whole = [(dict.get(entry, "summary_detail"), dict.get(entry, "summary") or "")]
    text = "\n\n".join(filter(None, (_plain(detail, value) for detail, value in whole)))
    return body_of(" ".join(title.split()), text)


def _plain(detail: Any, value: str) -> str:
    kind = (detail or {}).get("type", "text/html")
    if kind == "text/plain":
        return value.strip()
    root = fragment_of(value)
    return "" if root is None else text_of(root)


def _captions(entry: Any) -> str:
    values = [part.get("value") or "" for part in dict.get(entry, "content") or []]
    values.append(dict.get(entry, "summary") or "")
    roots = [fragment_of(value) for value in values if "<" in value]
    return joined(
        row for root in roots if root is not None for row in captions_of(root).split("\n")
    )


def _count(value: object) -> int:
    text = str(value or "").strip()
    return min(int(text), COUNT_LIMIT) if text.isdecimal() and len(text) < 20 else 0
