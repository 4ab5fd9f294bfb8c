"""People of a test network, who act through the real client (the atproto SDK from PyPI)."""

import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable
from typing import Any

from atproto import Client, Request, client_utils, models  # type: ignore[import-untyped]

from tests.fakes.bluesky_network.start import BlueskyNetwork

PASSWORD = "sandi-uji-123"


class Person:
    """One account on the test's own personal data server."""

    def __init__(self, network: BlueskyNetwork, handle: str, name: str, bio: str) -> None:
        self.handle = handle
        # The client's own five seconds are too few where many tests share a processor.
        self.client = Client(f"{network.pds}/xrpc", request=Request(timeout=60))
        self.client.com.atproto.server.create_account(
            {"handle": handle, "email": f"{handle}@contoh.example", "password": PASSWORD}
        )
        # The client asks for its own profile when it logs in.
        wait_until(lambda: _is_known(network.appview, handle))
        self.client.login(handle, PASSWORD)
        assert self.client.me is not None
        self.did: str = self.client.me.did
        self.describe(name, bio)

    def close(self) -> None:
        self.client.request.close()

    def describe(self, name: str, bio: str, *, hidden: bool = False) -> None:
        labels = [{"val": "!no-unauthenticated"}] if hidden else []
        record: dict[str, Any] = {
            "$type": "app.bsky.actor.profile",
            "displayName": name,
            "description": bio,
        }
        if labels:
            record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": labels}
        self.client.com.atproto.repo.put_record(
            {
                "repo": self.did,
                "collection": "app.bsky.actor.profile",
                "rkey": "self",
                "record": record,
            }
        )

    def post(self, text: str, **further: Any) -> Any:
        return self.client.send_post(text, **further)

    def post_tagged(self, text: str, tag: str) -> Any:
        return self.client.send_post(
            client_utils.TextBuilder().text(f"{text} ").tag(f"#{tag}", tag)
        )

    def answer(self, text: str, to: Any) -> Any:
        ref = models.create_strong_ref(to)
        reply = models.AppBskyFeedPost.ReplyRef(parent=ref, root=ref)
        return self.client.send_post(text, reply_to=reply)

    def quote(self, text: str, of: Any) -> Any:
        embed = models.AppBskyEmbedRecord.Main(record=models.create_strong_ref(of))
        return self.client.send_post(text, embed=embed)

    def show(self, text: str, picture: bytes, alt: str) -> Any:
        with warnings.catch_warnings():
            # The SDK hands bytes to httpx in a way that httpx calls deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            return self.client.send_image(text=text, image=picture, image_alt=alt)

    def edit(self, post: Any, text: str) -> None:
        """Replace the record of a post, which keeps its address."""
        key = post.uri.rsplit("/", 1)[1]
        record = self.client.app.bsky.feed.post.get(self.did, key).value
        self.client.com.atproto.repo.put_record(
            {
                "repo": self.did,
                "collection": "app.bsky.feed.post",
                "rkey": key,
                "record": {**record.model_dump(by_alias=True, exclude_none=True), "text": text},
            }
        )

    def post_many(self, texts: list[str]) -> None:
        """Write posts in one commit, a second apart, the last one now."""
        now = time.time()
        writes = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": "app.bsky.feed.post",
                "value": {
                    "$type": "app.bsky.feed.post",
                    "text": text,
                    "createdAt": time.strftime(
                        "%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now - len(texts) + number)
                    ),
                },
            }
            for number, text in enumerate(texts)
        ]
        self.client.com.atproto.repo.apply_writes({"repo": self.did, "writes": writes})

    def follow(self, other: "Person") -> None:
        self.client.follow(other.did)


def _is_known(appview: str, handle: str) -> bool:
    try:
        urllib.request.urlopen(f"{appview}/xrpc/app.bsky.actor.getProfile?actor={handle}").close()
    except urllib.error.HTTPError as error:
        error.close()
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    """The app view hears of everything over the firehose, a moment later."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the app view did not take it in"
        time.sleep(0.1)
