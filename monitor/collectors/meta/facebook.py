"""Facebook pages with Page Public Content Access: posts of named pages and their comments.

Written from https://developers.facebook.com/docs/graph-api/reference/page/feed (v25.0), and
.../reference/object/comments, .../docs/features-reference/page-public-content-access (2026-11-23).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.meta import facebook_mapping as mapping
from monitor.collectors.meta.graph import FACEBOOK_HOST, GraphClient, credential, token_of
from monitor.collectors.meta.graph_errors import NotThere
from monitor.collectors.meta.options import (
    APP_SECRET,
    DAYS,
    TOKEN,
    VERSION,
    WholeNumber,
    WordList,
    api_version,
    first_reach,
    listed,
    number,
)
from monitor.collectors.meta.reading import batch_of, text_of, timed_entry, with_words
from monitor.collectors.meta.rounds import Turn, go_round
from monitor.collectors.meta.walk import Batch, Bounds, walk
from monitor.collectors.trouble import NotConfigured, Passing
from monitor.domain import Source

# "You can only read a maximum of 100 feed posts": half of that keeps answers small enough.
_POSTS, _COMMENTS = "50", "100"
# A post is indexed late at most by this much; what was seen in it is not given again.
_OVERLAP = timedelta(hours=1)
# Comments cost a request a post and run: only on the newest posts of a page, three answers each.
_WATCHED, _COMMENT_PAGES = 10, 3
# The edge documents no search: so many answers a run and page keep one page from taking the quota.
_POST_PAGES = 20

COMMENT_DAYS = Option(
    "comment_days",
    "Komentar dibaca pada unggahan yang berumur sampai sekian hari; 0 berarti tanpa komentar. "
    "Tanpa diisi: 3.",
    default="3",
    check=WholeNumber(0, 30),
)


class FacebookCollector:
    def __init__(self, tools: Tools, host: str = FACEBOOK_HOST) -> None:
        self._tools = tools
        self._host = host

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        pages = listed(source, "accounts")
        if not pages:
            raise NotConfigured("Belum ada halaman. Isi pilihan accounts dengan nama halaman.")
        client = self._client(source)
        reader = _Reader(client, source, self._tools)
        yield from go_round(cursor, pages, reader.follow, client.spent)

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        raw = received.get("raw")
        page_id = text_of(raw, "page_id") if isinstance(raw, Mapping) else ""
        post_id = text_of(raw, "post_id") if isinstance(raw, Mapping) else ""
        identity = str(received.get("id", ""))
        if not page_id or mapping.is_derived(identity):
            raise Passing("Facebook tidak memberi nomor komentar ini; tidak dapat dicek ulang.")
        client = self._client(source)
        reader = _Reader(client, source, self._tools)
        fields = mapping.COMMENT_FIELDS if post_id else mapping.POST_FIELDS
        try:
            item = client.get(identity, {"fields": fields})
        except NotThere:
            # Meta answers the same for "removed" and for "not allowed": the page tells them apart.
            client.get(page_id, {"fields": "id"})
            return None
        if post_id:
            return mapping.comment_post(item, identity, reader.around(page_id, post_id))
        return mapping.page_post(item, reader.page(page_id), region=source.region)

    def _client(self, source: Source) -> GraphClient:
        return GraphClient(
            self._tools,
            host=self._host,
            version=api_version(source),
            token=token_of(self._tools, source, TOKEN.name),
            app_secret=credential(self._tools, source, APP_SECRET.name),
        )


class _Reader:
    """Reads the pages of one source during one run."""

    def __init__(self, client: GraphClient, source: Source, tools: Tools) -> None:
        self._client = client
        self._region = source.region
        self._now = tools.now()
        self._reach = first_reach(source)
        self._comment_age = timedelta(days=number(source, COMMENT_DAYS))
        self._pages: dict[str, mapping.PageInfo] = {}
        # Texts answered to live for one run only: a cursor never holds the text of a post.
        self._texts: dict[str, str] = {}

    def follow(self, name: str, state: Mapping[str, Any]) -> Iterator[Turn]:
        page = self.page(name)
        watched: dict[str, Any] = dict(state.get("comments", {}))
        posts_state: Mapping[str, Any] = state.get("posts", {})
        bounds = Bounds(self._now - self._reach, self._now, _OVERLAP, _POST_PAGES)
        for step in walk(posts_state, lambda since, after: self._posts(name, since, after), bounds):
            posts_state = step.state
            for entry in step.fresh:
                watched.setdefault(entry.id, {"at": entry.at, "walk": {}})
                self._texts[entry.id] = text_of(entry.item, "message")
            watched = self._worth_watching(watched)
            posts = [mapping.page_post(e.item, page, region=self._region) for e in step.fresh]
            yield Turn(with_words(posts), {"posts": posts_state, "comments": watched})
        for post_id in list(watched):
            for turn in self._comments(page, post_id, watched):
                yield Turn(turn, {"posts": posts_state, "comments": dict(watched)})

    def page(self, name: str) -> mapping.PageInfo:
        if name not in self._pages:
            answer = self._client.get(name, {"fields": mapping.PAGE_FIELDS})
            self._pages[name] = mapping.page_info(answer, name)
        return self._pages[name]

    def around(self, page_id: str, post_id: str) -> mapping.Around:
        """Return what a comment stands under, asking for the post's text where it is not known."""
        if post_id not in self._texts:
            answer = self._client.get(post_id, {"fields": "message"})
            self._texts[post_id] = text_of(answer, "message")
        return mapping.Around(page_id, post_id, self._texts[post_id], self._region)

    def _posts(self, name: str, since: int, after: str) -> Batch:
        # `since` narrows where the edge heeds it; the walk compares every item by itself anyway,
        # because posts come "ranked" and the order is not promised.
        params = {"fields": mapping.POST_FIELDS, "limit": _POSTS, "since": str(since)}
        if after:
            params["after"] = after
        body = self._client.get(f"{name}/posts", params)
        return batch_of(body, lambda item: timed_entry(item, "created_time"))

    def _worth_watching(self, watched: Mapping[str, Any]) -> dict[str, Any]:
        oldest = (self._now - self._comment_age).timestamp()
        young = [(key, value) for key, value in watched.items() if value["at"] >= oldest]
        young.sort(key=lambda pair: int(pair[1]["at"]), reverse=True)
        return dict(young[:_WATCHED]) if self._comment_age else {}

    def _comments(
        self, page: mapping.PageInfo, post_id: str, watched: dict[str, Any]
    ) -> Iterator[list[dict[str, Any]]]:
        bounds = Bounds(self._now - self._comment_age * 2, self._now, pages=_COMMENT_PAGES)
        entry_of = mapping.comment_entry(post_id)

        def fetch(_since: int, after: str) -> Batch:
            params = {
                "fields": mapping.COMMENT_FIELDS,
                "filter": "stream",
                "order": "reverse_chronological",
                "limit": _COMMENTS,
            }
            if after:
                params["after"] = after
            return batch_of(self._client.get(f"{post_id}/comments", params), entry_of)

        try:
            for step in walk(watched[post_id]["walk"], fetch, bounds):
                watched[post_id] = {**watched[post_id], "walk": step.state}
                around = self.around(page.id, post_id) if step.fresh else None
                yield [
                    mapping.comment_post(entry.item, entry.id, around)
                    for entry in step.fresh
                    if around is not None
                ]
        except NotThere:
            # The post was removed; the check of flagged posts tells that, not this list.
            del watched[post_id]


FACEBOOK = Kind(
    name="facebook",
    title="Halaman Facebook",
    platform="facebook",
    build=FacebookCollector,
    options=(
        TOKEN,
        APP_SECRET,
        Option(
            "accounts",
            "Halaman yang dibaca: nama pengguna atau nomor halaman, dipisah koma. Akun pribadi "
            "tidak dapat dibaca.",
            required=True,
            check=WordList(r"[A-Za-z0-9.]{1,100}", "pemkotcontoh, 104512345678901", 200),
        ),
        COMMENT_DAYS,
        DAYS,
        VERSION,
    ),
    needs_agreement=True,
    least_seconds=300,
)
