"""Bluesky by its documented public API: words, hashtags, accounts, likes, reposts, followers."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.collectors.base import Cursor, Kind, Page, Tools
from monitor.collectors.bluesky import mapping
from monitor.collectors.bluesky.lists import Listing, Lists
from monitor.collectors.bluesky.options import (
    ACCOUNTS,
    FOLLOWERS,
    HASHTAG,
    MOST_POSTS,
    OPTIONS,
    SEARCH,
    BlueskyOptions,
    read_options,
)
from monitor.collectors.bluesky.walk import walk
from monitor.collectors.bluesky.xrpc import Xrpc, parse_time
from monitor.collectors.trouble import AnswerChanged, Passing, SourceGone
from monitor.domain import Source

# The most a list endpoint gives at once, by its lexicon.
PAGE = 100
# Likes and reposts of so many of an account's newest posts are watched.
RECENT_POSTS = 10
# An account that is gone is told once a day, not at every run; the others go on meanwhile.
_ASK_GONE_AGAIN = timedelta(hours=24)
# Likes and reposts can only be looked for in their list: so many pages, then it stays open.
_LOOK_PAGES = 10


class BlueskyCollector:
    def __init__(self, tools: Tools, page: int = PAGE) -> None:
        self._tools = tools
        self._page = page

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        options = read_options(source.options)
        api = Xrpc(self._tools, options)
        run = _Run(cursor, self._tools.now())
        lists = Lists(api, options, source.region, self._page)
        served = False
        for listing in run.in_turn(_listings(lists, options, run)):
            try:
                for step in walk(listing.fetch, run.state_of(listing), run.now, options.days):
                    run.lists[listing.name] = step.state
                    run.last = listing.name
                    items = listing.items(step.rows)
                    yield Page(items, run.cursor(), api.take_cost(), step.gap_since)
                    served = True
            except SourceGone:
                run.miss(listing.owner or listing.name)
        if run.missing or not served:
            yield Page([], run.cursor(), api.take_cost())
        # Told once a day while others are read; where nothing is left to read, every time.
        missing = run.missing if served else run.gone()
        if missing:
            raise SourceGone(
                "Akun atau unggahan tidak ditemukan, ditutup, atau meminta tidak ditampilkan di"
                f" luar Bluesky: {', '.join(sorted(missing))}. Yang lain tetap dibaca; perbaiki"
                " opsi accounts atau posts."
            )

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        options = read_options(source.options)
        api = Xrpc(self._tools, options)
        lists = Lists(api, options, source.region, PAGE)
        if received.get("action"):
            return _look_at_action(lists, received)
        views = lists.posts([str(received["id"])])
        if not views:
            return None
        found = lists.items(views, hidden=True)
        if not found:
            raise AnswerChanged("Unggahan ini masih ada, tetapi isinya tidak terbaca lagi.")
        return found[0]


class _Run:
    """One run's bookkeeping: the state of each list, whose turn it is, and who is gone."""

    def __init__(self, cursor: Cursor, now: datetime) -> None:
        self.now = now
        self.lists: dict[str, Any] = dict(cursor.get("lists") or {})
        self.last = str(cursor.get("last") or "")
        self._gone: dict[str, str] = dict(cursor.get("gone") or {})
        self.missing: set[str] = set()

    def state_of(self, listing: Listing) -> Mapping[str, Any]:
        state = self.lists.get(listing.name)
        return state if isinstance(state, dict) else {}

    def in_turn(self, listings: list[Listing]) -> list[Listing]:
        """Begin after the list served last, so that a cut run does not always serve the same."""
        names = [listing.name for listing in listings]
        self.lists = {name: state for name, state in self.lists.items() if name in names}
        start = names.index(self.last) + 1 if self.last in names else 0
        turn = listings[start:] + listings[:start]
        return [one for one in turn if not one.owner or self.is_worth_asking(one.owner)]

    def is_worth_asking(self, account: str) -> bool:
        at = parse_time(self._gone.get(account))
        return at is None or self.now - at >= _ASK_GONE_AGAIN

    def miss(self, name: str) -> None:
        """Note an account or post that is not there; one noted today is not told again."""
        if self.is_worth_asking(name):
            self.missing.add(name)
            self._gone[name] = self.now.isoformat()

    def gone(self) -> set[str]:
        return {name for name in self._gone if not self.is_worth_asking(name)}

    def cursor(self) -> dict[str, Any]:
        # A copy: what a page was given must not change under its reader.
        gone = {name: self._gone[name] for name in sorted(self.gone())}
        return {"lists": dict(self.lists), "last": self.last, "gone": gone}


def _listings(lists: Lists, options: BlueskyOptions, run: _Run) -> list[Listing]:
    if options.mode in (SEARCH, HASHTAG):
        return [lists.search()]
    if options.mode == ACCOUNTS:
        return [lists.account(actor) for actor in options.accounts]
    if options.mode == FOLLOWERS:
        found = {name: lists.followers(profile) for name, profile in _named(lists, options, run)}
        return [listing for listing in found.values() if listing]
    watched = _watched(lists, options, run)
    return [make(post) for post in watched for make in (lists.likes, lists.reposts)]


def _named(
    lists: Lists, options: BlueskyOptions, run: _Run
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the profiles of the accounts in the options, and note those that there are not."""
    wanted = [name for name in options.accounts if run.is_worth_asking(name)]
    wanted += [account for account, _ in options.posts if run.is_worth_asking(account)]
    profiles = lists.profiles(dict.fromkeys(wanted))
    by_name = {mapping.text_of(p.get(field)): p for p in profiles for field in ("did", "handle")}
    for name in dict.fromkeys(wanted):
        if name in by_name:
            yield name, by_name[name]
        else:
            run.miss(name)


def _watched(lists: Lists, options: BlueskyOptions, run: _Run) -> list[dict[str, Any]]:
    """Return the posts whose likes and reposts are read: the named ones, then the newest."""
    profiles = dict(_named(lists, options, run))
    dids = {name: mapping.text_of(profile.get("did")) for name, profile in profiles.items()}
    named = [f"at://{dids[a]}/app.bsky.feed.post/{key}" for a, key in options.posts if a in dids]
    uris = list(named)
    for account in options.accounts:
        if account in dids and len(uris) < MOST_POSTS:
            uris += lists.recent(dids[account], RECENT_POSTS)
    posts = lists.items(lists.posts(list(dict.fromkeys(uris))[:MOST_POSTS]))
    for uri in set(named) - {post["id"] for post in posts}:
        run.miss(uri)
    return posts


def _look_at_action(lists: Lists, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Look for a like, share or follow in the list it came from; None only after its end."""
    action, _, rest = str(received["id"]).partition(":")
    subject, _, did = rest.rpartition(":did:")
    listing = _list_of(lists, action, subject)
    if listing is None:
        return None
    token: str | None = None
    for _ in range(_LOOK_PAGES):
        batch = listing.fetch(token)
        for entry in batch.entries:
            if entry.key == received["id"]:
                return next(iter(listing.items([entry.row])), received)
        if batch.token is None or batch.token == token:
            return None
        token = batch.token
    raise Passing(
        f"Daftar {action} ini terlalu panjang untuk mencari akun did:{did} di dalamnya;"
        " periksa dengan tangan."
    )


def _list_of(lists: Lists, action: str, subject: str) -> Listing | None:
    if action == mapping.FOLLOW:
        profiles = lists.profiles([subject])
        return lists.followers(profiles[0]) if profiles else None
    posts = lists.items(lists.posts([subject]))
    if not posts:
        return None
    return lists.likes(posts[0]) if action == mapping.LIKE else lists.reposts(posts[0])


BLUESKY = Kind(
    name="bluesky",
    title="Bluesky",
    platform="bluesky",
    build=BlueskyCollector,
    options=OPTIONS,
    needs_agreement=True,
    least_seconds=60,
)
