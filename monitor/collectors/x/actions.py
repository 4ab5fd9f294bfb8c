"""Likes and reposts that X lists publicly, as acts of the accounts that did them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from monitor.collectors.trouble import CollectorTrouble, NeedsPerson, NotConfigured
from monitor.collectors.x.client import XClient
from monitor.collectors.x.mapping import USER_FIELDS, action_post, data_of
from monitor.errors import NetraError

# 75 requests per 15 minutes and list (docs.x.com/x-api/fundamentals/rate-limits, 2026-11-23):
# of each page only the posts most liked or reposted are asked about, one page of accounts each.
POSTS_PER_PAGE = 5
ACCOUNTS_PER_POST = 100


class FanOut:
    """Asks who liked and reposted, and stops for this run when X says no; posts go on."""

    def __init__(self, client: XClient, *, likes: bool, reposts: bool) -> None:
        self._client = client
        self._lists: list[tuple[Literal["like", "share"], str, str]] = []
        if likes:
            self._lists.append(("like", "liking_users", "likes"))
        if reposts:
            self._lists.append(("share", "retweeted_by", "shares"))
        self._stopped = False
        self.trouble: CollectorTrouble | None = None

    def actions(self, posts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for action, listing, count in self._lists:
            counted = [post for post in posts if post.get(count) and "action" not in post]
            counted.sort(key=lambda post: -int(post[count]))
            for post in counted[:POSTS_PER_PAGE]:
                found += self._accounts(action, listing, post)
        return found

    def _accounts(
        self, action: Literal["like", "share"], listing: str, post: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        if self._stopped:
            return []
        try:
            body = self._client.get(
                f"/2/tweets/{post['raw']['version_id']}/{listing}",
                {**USER_FIELDS, "max_results": str(ACCOUNTS_PER_POST)},
            )
        except NetraError as error:
            # A limit passes; a plan without these lists is told at the end of the run.
            self._stopped = True
            if isinstance(error, NeedsPerson):
                self.trouble = NotConfigured(
                    "X tidak memberi daftar penyuka atau pembagi pada paket ini. Matikan dengan "
                    "--set likes=tidak --set reposts=tidak, atau ganti paket."
                )
            return []
        users = data_of(body)[:ACCOUNTS_PER_POST]
        acted = (action_post(action, user, post) for user in users)
        return [one for one in acted if one is not None]
