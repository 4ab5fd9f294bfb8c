"""Addresses of posts: one spelling, the platform's own id, nothing that is not a public page."""

import pytest

from monitor.reference.post_links import read_link


@pytest.mark.parametrize(
    ("typed", "platform", "post_id"),
    [
        ("https://x.com/a/status/1861398899112233445?s=20&t=abc", "x", "1861398899112233445"),
        ("http://mobile.twitter.com/A_b/statuses/18613988", "x", "18613988"),
        ("youtu.be/dQw4w9WgXcQ?si=zz", "youtube", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?app=1&v=dQw4w9WgXcQ&t=3", "youtube", "dQw4w9WgXcQ"),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ"),
        ("https://www.tiktok.com/@a.b/photo/7301234567890", "tiktok", "7301234567890"),
        ("https://vm.tiktok.com/ZM123/", "tiktok", ""),
        ("https://www.instagram.com/someone/reel/C_ab-1234/?igsh=x", "instagram", ""),
        ("https://www.threads.net/@a.b/post/DA1bc_2", "threads", ""),
        ("https://web.facebook.com/story.php?story_fbid=1&id=2&mibextid=q", "facebook", ""),
        ("https://t.me/s/Desa_Kita/88?single", "telegram", "desa_kita/88"),
        (
            "https://bsky.app/profile/did:plc:abc123/post/3kxyz45",
            "bluesky",
            "at://did:plc:abc123/app.bsky.feed.post/3kxyz45",
        ),
        ("https://bsky.app/profile/a.bsky.social/post/3kxyz45", "bluesky", ""),
        ("https://kabar.contoh.id/berita/1", "web", ""),
    ],
)
def test_platform_and_id(typed: str, platform: str, post_id: str) -> None:
    link = read_link(typed)
    assert link is not None
    assert (link.platform, link.id) == (platform, post_id)


@pytest.mark.parametrize(
    "spellings",
    [
        ("https://x.com/a/status/18613988", "http://www.twitter.com/b/status/18613988/photo/1"),
        ("https://instagram.com/p/C_ab-1234/", "www.instagram.com/a/reel/C_ab-1234?igshid=9"),
        ("https://facebook.com/9/posts/1?fbclid=z", "http://www.facebook.com/9/posts/1"),
        ("https://kabar.id/a?utm_source=wa&id=3", "HTTP://Kabar.ID:80/a?id=3#komentar"),
    ],
)
def test_one_post_has_one_key(spellings: tuple[str, str]) -> None:
    first, second = (read_link(text) for text in spellings)
    assert first is not None
    assert second is not None
    assert first.key == second.key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "halo",
        "javascript:alert(1)",
        "ftp://a.id/x",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://bank.id@jahat.id/x",
        "http://127.0.0.1/x",
        "http://2130706433/",
        "https://localhost/x",
        "http://[::1]/",
        "https://a..id/",
        "https://contoh.id/a b",
        "https://contoh.id/\u202ea",
        "https://contoh.id:99999/",
        "https://contoh.id/" + "a" * 2048,
    ],
)
def test_what_is_no_public_page_is_refused(typed: str) -> None:
    assert read_link(typed) is None
