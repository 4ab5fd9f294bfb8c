"""The options of a Bluesky source, checked where they are set and read where they are used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.collectors.base import Option
from monitor.collectors.trouble import NotConfigured

SEARCH, HASHTAG, ACCOUNTS, REACTIONS, FOLLOWERS = (
    "search",
    "hashtag",
    "accounts",
    "reactions",
    "followers",
)
MODES = (SEARCH, HASHTAG, ACCOUNTS, REACTIONS, FOLLOWERS)
PUBLIC_SERVER = "https://public.api.bsky.app"
LOGIN_SERVER = "https://bsky.social"
MOST_DAYS = 30
# Every account costs at least one request a run; more belong into a second source.
MOST_ACCOUNTS = 500
# Likes and reposts are walked per post; the bound keeps one source's run within minutes.
MOST_POSTS = 50

_HANDLE = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
_POST = re.compile(
    r"(?:at://(?P<a>[^/\s]+)/app\.bsky\.feed\.post|https://bsky\.app/profile/(?P<b>[^/\s]+)/post)"
    r"/(?P<key>[A-Za-z0-9._~:-]{1,512})"
)


@dataclass(frozen=True, slots=True)
class BlueskyOptions:
    mode: str
    query: str = ""
    hashtag: str = ""
    lang: str = ""
    accounts: tuple[str, ...] = ()
    # Account and record key of each watched post.
    posts: tuple[tuple[str, str], ...] = ()
    days: int = 3
    server: str = PUBLIC_SERVER
    account: str = ""
    app_password: str = ""
    login_server: str = LOGIN_SERVER


def read_options(given: Mapping[str, str]) -> BlueskyOptions:
    """Return the options of a source. Raises NotConfigured saying what to set."""
    try:
        return _checked(given)
    except ValueError as error:
        raise NotConfigured(str(error)) from None


def _checked(given: Mapping[str, str]) -> BlueskyOptions:
    options = BlueskyOptions(
        mode=check_mode(given.get("mode", "")),
        query=given.get("query", "").strip(),
        hashtag=check_hashtag(given["hashtag"]) if given.get("hashtag") else "",
        lang=given.get("lang", "").strip(),
        accounts=check_accounts(given.get("accounts", "")),
        posts=check_posts(given.get("posts", "")),
        days=check_days(given.get("days") or "3"),
        server=check_server(given.get("server") or PUBLIC_SERVER),
        account=given.get("account", "").strip().lstrip("@"),
        app_password=given.get("app_password", "").strip(),
        login_server=check_server(given.get("login_server") or LOGIN_SERVER),
    )
    if options.mode == SEARCH and not options.query:
        raise ValueError("Mode search memerlukan opsi query.")
    if options.mode == HASHTAG and not options.hashtag:
        raise ValueError("Mode hashtag memerlukan opsi hashtag.")
    if options.mode in (ACCOUNTS, FOLLOWERS) and not options.accounts:
        raise ValueError(f"Mode {options.mode} memerlukan opsi accounts.")
    if options.mode == REACTIONS and not (options.accounts or options.posts):
        raise ValueError("Mode reactions memerlukan opsi posts atau accounts.")
    if bool(options.account) != bool(options.app_password):
        raise ValueError("Opsi account dan app_password harus diisi bersama.")
    return options


def check_mode(value: str) -> str:
    if value not in MODES:
        raise ValueError(f"Opsi mode harus salah satu dari: {', '.join(MODES)}.")
    return value


def check_hashtag(value: str) -> str:
    tag = value.strip().lstrip("#")
    if not tag or len(tag) > 64 or re.search(r"\s", tag):
        raise ValueError("Opsi hashtag berisi satu tagar tanpa spasi, paling panjang 64 huruf.")
    return tag


def check_accounts(value: str) -> tuple[str, ...]:
    """Handles or DIDs, separated by commas or white space; each once, in their order."""
    names: dict[str, None] = {}
    for part in re.split(r"[\s,;]+", value.strip()):
        if part:
            names[_account(part)] = None
    if len(names) > MOST_ACCOUNTS:
        raise ValueError(f"Paling banyak {MOST_ACCOUNTS} akun per sumber; bagi menjadi beberapa.")
    return tuple(names)


def check_posts(value: str) -> tuple[tuple[str, str], ...]:
    """Addresses of posts on bsky.app, or at:// addresses, separated by commas or white space."""
    posts: dict[tuple[str, str], None] = {}
    for part in re.split(r"[\s,;]+", value.strip()):
        if not part:
            continue
        found = _POST.fullmatch(part)
        if not found:
            raise ValueError(
                "Opsi posts berisi alamat unggahan, misalnya"
                " https://bsky.app/profile/nama.bsky.social/post/3kabc, dipisahkan koma."
            )
        posts[_account(found["a"] or found["b"]), found["key"]] = None
    if len(posts) > MOST_POSTS:
        raise ValueError(f"Paling banyak {MOST_POSTS} unggahan per sumber.")
    return tuple(posts)


def check_days(value: str) -> int:
    if not value.strip().isdecimal() or not 1 <= int(value) <= MOST_DAYS:
        raise ValueError(f"Opsi days berupa bilangan 1 sampai {MOST_DAYS}.")
    return int(value)


def check_server(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValueError(
            "Alamat server ditulis seperti https://public.api.bsky.app, tanpa lanjutan."
        )
    if parts.username or parts.query or parts.fragment:
        raise ValueError("Alamat server tidak boleh memuat nama pengguna, tanda tanya, atau pagar.")
    return f"{parts.scheme}://{parts.netloc}"


def _account(value: str) -> str:
    name = value.strip().lstrip("@")
    if _DID.fullmatch(name):
        return name
    if _HANDLE.fullmatch(name.lower()):
        return name.lower()
    raise ValueError(
        f"{value[:64]!r} bukan akun Bluesky; tulis seperti nama.bsky.social atau did:plc:…"
    )


OPTIONS = (
    Option(
        "mode",
        "search (kata kunci), hashtag, accounts (umpan akun), reactions (penyuka dan pembagi"
        " unggahan), atau followers (pengikut akun)",
        required=True,
        check=check_mode,
    ),
    Option("query", "kata kunci untuk mode search"),
    Option("hashtag", "tagar untuk mode hashtag, dengan atau tanpa #", check=check_hashtag),
    Option("lang", "batasi pencarian pada satu bahasa, misalnya id"),
    Option(
        "accounts",
        "akun yang dibaca (accounts), yang unggahan terbarunya diawasi (reactions), atau yang"
        f" pengikutnya dibaca (followers); paling banyak {MOST_ACCOUNTS}, dipisahkan koma",
        check=check_accounts,
    ),
    Option(
        "posts",
        f"alamat unggahan yang diawasi (reactions); paling banyak {MOST_POSTS}, dipisahkan koma",
        check=check_posts,
    ),
    Option("days", "berapa hari ke belakang pada pembacaan pertama", default="3", check=check_days),
    Option("server", "server API publik", default=PUBLIC_SERVER, check=check_server),
    Option("account", "akun milik lembaga, bila pencarian memerlukan sesi"),
    Option("app_password", "nama berkas kredensial berisi app password akun itu", credential=True),
    Option(
        "login_server", "server tempat akun lembaga itu", default=LOGIN_SERVER, check=check_server
    ),
)
