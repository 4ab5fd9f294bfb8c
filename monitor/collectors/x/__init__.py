"""X (Twitter) through the API v2: recent search and account timelines; terms in README.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.collectors.base import Cursor, Kind, Option, Page, Tools
from monitor.collectors.trouble import (
    AnswerChanged,
    CollectorTrouble,
    NotConfigured,
    SourceGone,
)
from monitor.collectors.x.accounts import Accounts, handles_of, look_up
from monitor.collectors.x.actions import FanOut
from monitor.collectors.x.client import API, XClient
from monitor.collectors.x.mapping import FIELDS, Includes, data_of, read_post, read_posts
from monitor.collectors.x.walk import Step, Walk, steps
from monitor.domain import Source

QUERY_LIMIT = 512
_NOT_VISIBLE = ("resource-not-found", "not-authorized-for-resource")
_YES, _NO = "ya", "tidak"


class XCollector:
    def __init__(self, tools: Tools, api: str = API) -> None:
        self._tools = tools
        self._api = api

    def collect(self, source: Source, cursor: Cursor) -> Iterator[Page]:
        client = self._client(source)
        query = source.options.get("query", "").strip()
        handles = _handles(source)
        if not query and not handles:
            raise NotConfigured("Isi query atau accounts untuk sumber X ini.")
        fan_out = FanOut(client, likes=_on(source, "likes"), reposts=_on(source, "reposts"))
        cursor = dict(cursor)
        if query:
            for page in self._search(client, source, query, cursor, fan_out):
                cursor = dict(page.cursor)
                yield page
        if handles:
            yield from self._timelines(client, source, handles, cursor, fan_out)
        if fan_out.trouble:
            raise fan_out.trouble

    def look(self, source: Source, received: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the newest version; None where X shows the post to nobody without a login.

        X tells neither who deleted a post nor, for a closed account, whether it is still there.
        """
        raw = received.get("raw")
        version = str(raw.get("version_id") or "") if isinstance(raw, dict) else ""
        if received.get("action") and not version:
            raise CollectorTrouble("X tidak memberi cara memeriksa satu suka atau pembagian.")
        client = self._client(source)
        version = version or str(received["id"])
        body = _look_up_post(client, version)
        if body is None:
            return None
        item = data_of(body)[0]
        history = item.get("edit_history_tweet_ids")
        newest = history[-1] if isinstance(history, list) and history else item.get("id")
        if isinstance(newest, str) and newest != item.get("id"):
            body = _look_up_post(client, newest)
            if body is None:
                return None
            item = data_of(body)[0]
        post = read_post(item, Includes.of(body), str(received.get("region") or ""))
        if post is None:
            raise AnswerChanged("X menjawab tanpa isi unggahan. Laporkan kepada pengelola Netra.")
        return post

    def _client(self, source: Source) -> XClient:
        name = source.options.get("token", "")
        if not name:
            raise NotConfigured("Sebutkan nama kredensial token X dengan --set token=NAMA.")
        return XClient(self._tools, self._tools.credentials.read(name), self._api)

    def _search(
        self, client: XClient, source: Source, query: str, cursor: Cursor, fan_out: FanOut
    ) -> Iterator[Page]:
        stored = cursor.get("search")
        if not isinstance(stored, dict) or stored.get("query") != query:
            stored = {}  # another question: its pages and its newest post mean nothing here
        walk = Walk.of(stored, _first_posts(source))
        path = "/2/tweets/search/recent"
        for step in steps(client, path, {"query": query}, walk, page_parameter="next_token"):
            following = {**cursor, "search": {"query": query, **step.walk.stored()}}
            yield _page(step, following, source, fan_out)

    def _timelines(
        self,
        client: XClient,
        source: Source,
        handles: Sequence[str],
        cursor: Cursor,
        fan_out: FanOut,
    ) -> Iterator[Page]:
        now = self._tools.now()
        accounts = Accounts.of(cursor)
        missing: list[str] = []
        due = accounts.due(handles, now)
        if due:
            accounts, missing = look_up(client, accounts, due, now)
            cursor = {**cursor, "ids": accounts.ids, "gone": accounts.gone}
            yield Page([], cursor, cost=0)
        for handle in _after_last(handles, str(cursor.get("last") or "")):
            if handle not in accounts.ids:
                continue
            for step in self._timeline(client, source, accounts.ids[handle], cursor, handle):
                if _is_closed(step.body):
                    accounts = accounts.without(handle, now)
                    missing.append(handle)
                    cursor = {**cursor, "ids": accounts.ids, "gone": accounts.gone}
                    yield Page([], cursor, cost=0)
                    break
                walks = {**(cursor.get("walks") or {}), handle: step.walk.stored()}
                cursor = {**cursor, "walks": walks, "last": handle}
                yield _page(step, cursor, source, fan_out)
        if missing or not any(handle in accounts.ids for handle in handles):
            names = ", ".join(f"@{handle}" for handle in missing or handles)
            raise SourceGone(
                f"Akun tidak ada, ditangguhkan, atau terkunci: {names}. Perbarui daftar akunnya."
            )

    def _timeline(
        self, client: XClient, source: Source, account: str, cursor: Cursor, handle: str
    ) -> Iterator[Step]:
        walk = Walk.of((cursor.get("walks") or {}).get(handle), _first_posts(source))
        path = f"/2/users/{account}/tweets"
        return steps(client, path, {}, walk, page_parameter="pagination_token")


def _page(step: Step, cursor: Cursor, source: Source, fan_out: FanOut) -> Page:
    found = data_of(step.body)
    posts = read_posts(step.body, source.region)
    if found and not posts:
        raise AnswerChanged(
            "Tidak satu pun unggahan dari X dapat dibaca. Laporkan kepada pengelola Netra."
        )
    # X counts every post it returns, readable or not.
    return Page(
        [*posts, *fan_out.actions(posts)], cursor, cost=len(found), gap_since=step.gap_since
    )


def _look_up_post(client: XClient, post_id: str) -> dict[str, Any] | None:
    body = client.get("/2/tweets", {"ids": post_id, **FIELDS})
    if data_of(body):
        return body
    if _is_closed(body):
        return None
    raise AnswerChanged("X menjawab tanpa unggahan dan tanpa alasan; dicoba lagi nanti.")


def _is_closed(body: Mapping[str, Any]) -> bool:
    """Whether X says that the very thing asked for does not exist or is not public."""
    errors = body.get("errors")
    if data_of(body) or not isinstance(errors, list):
        return False
    kinds = (str(one.get("type") or "") for one in errors if isinstance(one, dict))
    return any(kind.rsplit("/", 1)[-1] in _NOT_VISIBLE for kind in kinds)


def _after_last(handles: Sequence[str], last: str) -> list[str]:
    """Begin after the account read last, so that a limit never starves the end of the list."""
    start = handles.index(last) + 1 if last in handles else 0
    return [*handles[start:], *handles[:start]]


def _handles(source: Source) -> list[str]:
    try:
        return handles_of(source.options.get("accounts", ""))
    except ValueError as error:
        raise NotConfigured(f"Daftar akun keliru: {error}.") from None


def _on(source: Source, option: str) -> bool:
    return source.options.get(option, _NO) == _YES


def _first_posts(source: Source) -> int:
    text = source.options.get("first_posts", "")
    return int(text) if text.isascii() and text.isdigit() else 500


def _check_query(value: str) -> None:
    if len(value) > QUERY_LIMIT:
        raise ValueError(f"kueri {len(value)} karakter; X menerima paling banyak {QUERY_LIMIT}")


def _check_yes_no(value: str) -> None:
    if value not in (_YES, _NO):
        raise ValueError(f"isi {_YES} atau {_NO}")


def _check_number(value: str) -> None:
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= 100_000):
        raise ValueError("isi bilangan bulat 1 sampai 100000")


X = Kind(
    name="x",
    title="X (Twitter)",
    platform="x",
    build=XCollector,
    needs_agreement=True,
    options=(
        Option(
            "token",
            "Nama berkas kredensial yang berisi Bearer Token aplikasi X.",
            required=True,
            credential=True,
        ),
        Option(
            "query",
            "Kueri pencarian X atas tujuh hari terakhir, mis. '(paslon OR pilkada) lang:in'.",
            check=_check_query,
        ),
        Option("accounts", "Nama akun yang diikuti, dipisahkan koma atau spasi.", check=handles_of),
        Option(
            "first_posts",
            "Paling banyak unggahan lama yang diambil saat sumber pertama kali berjalan.",
            default="500",
            check=_check_number,
        ),
        Option(
            "likes",
            "ya: ambil juga akun yang menyukai (menambah biaya; bergantung paket).",
            default=_NO,
            check=_check_yes_no,
        ),
        Option(
            "reposts",
            "ya: ambil juga akun yang membagikan ulang (menambah biaya; bergantung paket).",
            default=_NO,
            check=_check_yes_no,
        ),
    ),
    least_seconds=120,
    notes={"kuota": "Satu satuan kuota adalah satu unggahan yang dikembalikan X."},
)
