"""The lists a Bluesky source walks, each page turned into entries: what is asked, per mode."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.collectors.bluesky import mapping
from monitor.collectors.bluesky.mapping import View, text_of, view_of
from monitor.collectors.bluesky.options import HASHTAG, BlueskyOptions
from monitor.collectors.bluesky.walk import Batch, Entry
from monitor.collectors.bluesky.xrpc import Params, Xrpc, list_of, parse_time
from monitor.collectors.trouble import AnswerChanged, CredentialsRefused, SourceGone

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list's name in the cursor, the account it stands or falls with, a page, and its posts.

    Only what is new on a page is turned into posts: bios and answered texts cost requests.
    """

    name: str
    owner: str
    fetch: Callable[[str | None], Batch]
    items: Callable[[list[View]], list[Item]]


class Lists:
    """Knows the endpoints; keeps the bios it has read for as long as one run lasts."""

    def __init__(self, api: Xrpc, options: BlueskyOptions, region: str, page: int) -> None:
        self._api = api
        self._options = options
        self._region = region
        self._page = page
        self._bios: dict[str, str] = {}

    def search(self) -> Listing:
        """Posts by words or hashtag, newest first (app.bsky.feed.searchPosts)."""
        method, options = "app.bsky.feed.searchPosts", self._options
        params = [("q", options.query), ("sort", "latest")]
        if options.mode == HASHTAG:
            params = [("q", f"#{options.hashtag}"), ("tag", options.hashtag), ("sort", "latest")]
        if options.lang:
            params.append(("lang", options.lang))

        def fetch(token: str | None) -> Batch:
            try:
                views, following = self._ask(method, params, "posts", token)
            except CredentialsRefused:
                # Without a session Bluesky answers the first page only (bluesky-social/bsky-docs,
                # issue 296): what lies below is told as a gap, and the next run starts on top.
                if token is None or self._api.has_session:
                    raise
                return Batch([], None, cut_off=True)
            # The index stops at a depth of its own; a full last page tells so.
            cut_off = following is None and len(views) >= self._page
            return Batch(_readable([_post(v, v) for v in views], views, method), following, cut_off)

        return Listing("search", "", fetch, self.items)

    def account(self, actor: str) -> Listing:
        """What an account writes, answers and reposts (app.bsky.feed.getAuthorFeed)."""
        method = "app.bsky.feed.getAuthorFeed"
        params = [("actor", actor), ("filter", "posts_with_replies")]

        def fetch(token: str | None) -> Batch:
            rows, following = self._ask(method, params, "feed", token)
            if rows and all(mapping.is_hidden(_doer(row)) for row in rows):
                raise SourceGone("Akun meminta hanya ditampilkan di dalam Bluesky.")
            return Batch(_readable([_feed_row(row) for row in rows], rows, method), following)

        return Listing(f"account:{actor}", actor, fetch, self._feed_items)

    def likes(self, of: View) -> Listing:
        """Who likes a post; the answer brings bios (app.bsky.feed.getLikes)."""
        method = "app.bsky.feed.getLikes"

        def fetch(token: str | None) -> Batch:
            rows, following = self._ask(method, [("uri", str(of["id"]))], "likes", token)
            return Batch(_readable([_like(row, of) for row in rows], rows, method), following)

        def items(rows: list[View]) -> list[Item]:
            made = (self._like_item(row, of) for row in rows)
            return [item for item in made if item is not None]

        return Listing(f"likes:{of['id']}", "", fetch, items)

    def reposts(self, of: View) -> Listing:
        """Who reposted a post, without times (app.bsky.feed.getRepostedBy)."""
        params = [("uri", str(of["id"]))]
        return self._people("app.bsky.feed.getRepostedBy", params, "repostedBy", mapping.SHARE, of)

    def followers(self, profile: View) -> Listing | None:
        """Who follows an account, without times (app.bsky.graph.getFollowers)."""
        of = mapping.followed_item(profile)
        if of is None:
            return None
        params = [("actor", str(of["id"]))]
        return self._people("app.bsky.graph.getFollowers", params, "followers", mapping.FOLLOW, of)

    def profiles(self, actors: Iterable[str]) -> list[View]:
        found = self._api.many("app.bsky.actor.getProfiles", "actors", list(actors), "profiles")
        return [view_of(profile) for profile in found]

    def posts(self, uris: Iterable[str]) -> list[View]:
        found = self._api.many("app.bsky.feed.getPosts", "uris", list(uris), "posts")
        return [view_of(post) for post in found]

    def items(self, views: list[View], *, hidden: bool = False) -> list[Item]:
        """Return the post objects of post views."""
        self._read_bios(view_of(view.get("author")) for view in views)
        parents = self._parents(views)
        made = (
            mapping.post_item(
                view, self._bios, parents.get(_parent_uri(view), ""), self._region, hidden=hidden
            )
            for view in views
        )
        return [item for item in made if item is not None]

    def recent(self, actor: str, most: int) -> list[str]:
        """Return the addresses of an account's newest own posts."""
        method = "app.bsky.feed.getAuthorFeed"
        params = [("actor", actor), ("filter", "posts_no_replies"), ("limit", str(most))]
        rows = [view_of(row) for row in list_of(self._api.get(method, params), "feed", method)]
        uris = [
            text_of(view_of(row.get("post")).get("uri")) for row in rows if not row.get("reason")
        ]
        return [uri for uri in uris if mapping.is_post_uri(uri)]

    def _ask(
        self, method: str, params: Params, field: str, token: str | None
    ) -> tuple[list[View], str | None]:
        asked = [*params, ("limit", str(self._page)), *([("cursor", token)] if token else [])]
        body = self._api.get(method, asked)
        rows = list_of(body, field, method)
        return [view_of(row) for row in rows], text_of(body.get("cursor")) or None

    def _people(self, method: str, params: Params, field: str, action: str, of: View) -> Listing:
        def fetch(token: str | None) -> Batch:
            rows, following = self._ask(method, params, field, token)
            entries = [_person(row, action, of) for row in rows]
            return Batch(_readable(entries, rows, method), following)

        def items(rows: list[View]) -> list[Item]:
            made = (mapping.action_item(action, of, row, {}, "", self._region) for row in rows)
            return [item for item in made if item is not None]

        return Listing(f"{action}:{of['id']}", "", fetch, items)

    def _feed_items(self, rows: list[View]) -> list[Item]:
        posts = [view_of(row.get("post")) for row in rows]
        self._read_bios([_doer(row) for row in rows])
        made = (self._feed_item(row, post) for row, post in zip(rows, posts, strict=True))
        return [item for item in made if item is not None]

    def _feed_item(self, row: View, view: View) -> Item | None:
        by = _reposter(row)
        if not by:
            parent = view_of(view_of(row.get("reply")).get("parent"))
            answered = text_of(view_of(parent.get("record")).get("text"))
            return mapping.post_item(view, self._bios, answered, self._region)
        of = mapping.post_item(view, self._bios)
        at = text_of(view_of(row.get("reason")).get("indexedAt"))
        return of and mapping.action_item(mapping.SHARE, of, by, self._bios, at, self._region)

    def _like_item(self, row: View, of: View) -> Item | None:
        at = text_of(row.get("createdAt")) or text_of(row.get("indexedAt"))
        actor = view_of(row.get("actor"))
        return mapping.action_item(mapping.LIKE, of, actor, {}, at, self._region)

    def _parents(self, views: list[View]) -> Mapping[str, str]:
        """Return the texts that these posts answer, by address."""
        uris = {_parent_uri(view) for view in views} - {""}
        found = self.posts(sorted(uris)) if uris else []
        return {text_of(v.get("uri")): text_of(view_of(v.get("record")).get("text")) for v in found}

    def _read_bios(self, authors: Iterable[View]) -> None:
        """Post views bring no bio; it carries the sign of a civil servant, so it is fetched."""
        dids = {text_of(author.get("did")) for author in authors} - {""} - self._bios.keys()
        for did in dids:
            # Also of an account that is gone: asked once a run.
            self._bios[did] = ""
        for profile in self.profiles(sorted(dids)):
            self._bios[text_of(profile.get("did"))] = text_of(profile.get("description"))


def _post(view: View, row: View) -> Entry | None:
    uri = text_of(view.get("uri"))
    if not mapping.is_post_uri(uri):
        return None
    written = view_of(view.get("record")).get("createdAt")
    return _entry(uri, written, view.get("indexedAt"), row)


def _feed_row(row: View) -> Entry | None:
    view, did = view_of(row.get("post")), text_of(_reposter(row).get("did"))
    if not did:
        return _post(view, row)
    key = f"{mapping.SHARE}:{text_of(view.get('uri'))}:{did}"
    return _entry(key, None, view_of(row.get("reason")).get("indexedAt"), row)


def _like(row: View, of: View) -> Entry | None:
    did = text_of(view_of(row.get("actor")).get("did"))
    key = f"{mapping.LIKE}:{of['id']}:{did}"
    return _entry(key, row.get("createdAt"), row.get("indexedAt"), row) if did else None


def _person(profile: View, action: str, of: View) -> Entry | None:
    did = text_of(profile.get("did"))
    return _entry(f"{action}:{of['id']}:{did}", None, None, profile) if did else None


def _entry(key: str, written: object, indexed: object, row: View) -> Entry:
    # Bluesky sorts by the earlier of both (docs.bsky.app, "Timestamps", looked up 2026-11-23), so
    # a clock ahead of the server's, or a lie, moves nothing.
    at = parse_time(indexed)
    known = [time for time in (parse_time(written), at) if time]
    return Entry(key, min(known) if known else None, at, row)


def _readable(entries: list[Entry | None], rows: list[View], method: str) -> list[Entry]:
    """Skip what cannot be read. Raises AnswerChanged where that is everything."""
    found = [entry for entry in entries if entry is not None]
    if rows and not found:
        raise AnswerChanged(
            f"Tak satu pun butir jawaban {method} berbentuk seperti yang didokumentasikan."
            " Laporkan kepada pengembang Netra."
        )
    return found


def _parent_uri(view: View) -> str:
    reply = view_of(view_of(view.get("record")).get("reply"))
    uri = text_of(view_of(reply.get("parent")).get("uri"))
    return uri if mapping.is_post_uri(uri) else ""


def _reposter(row: View) -> View:
    return view_of(view_of(row.get("reason")).get("by"))


def _doer(row: View) -> View:
    """Whose act a row of a feed is: the one who reposted, else the author."""
    return _reposter(row) or view_of(view_of(row.get("post")).get("author"))
