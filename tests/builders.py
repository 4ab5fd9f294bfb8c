"""Posts for tests: plain functions with good defaults."""

import itertools
from typing import Any

_numbers = itertools.count(1)


def make_post(**changes: Any) -> dict[str, Any]:
    """A post that passes the gate and takes a side: a case when scored."""
    post: dict[str, Any] = {
        "id": f"uji-{next(_numbers)}",
        "platform": "facebook",
        "text": "Ayo coblos nomor 2 tanggal 27 November! Menangkan paslon 02, jangan sampai kalah.",
        "author": {
            "handle": "bu_guru_sari",
            "name": "Sari Wulandari",
            "bio": "PNS, Guru SDN 3 Sragen",
            "location": "Sragen, Jawa Tengah",
        },
        "posted_at": "2024-10-05T19:20:00+07:00",
    }
    post.update(changes)
    return post


def make_neutral_asn_post(**changes: Any) -> dict[str, Any]:
    """A post that passes the gate and takes no side."""
    return make_post(text="Hari ini upacara bendera, anak-anak semangat sekali.", **changes)


def make_citizen_post(**changes: Any) -> dict[str, Any]:
    """A post that the gate stops: its author does not show to be a civil servant."""
    return make_post(
        author={"handle": "rojali", "name": "Rojali", "bio": "jualan bakso keliling"}, **changes
    )
