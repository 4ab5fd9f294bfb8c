"""Exports of monitoring suites, read through mappings of their columns."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.post import parse_post
from monitor.collectors.filedrop.mapping import choose_mapping
from monitor.collectors.trouble import NotConfigured
from monitor.errors import ConfigurationError
from tests.drop_folder import Drop, jsonl, posts, table

MELTWATER = table(
    ["Date", "Headline", "URL", "Opening Text", "Hit Sentence", "Source", "Influencer",
     "Country", "Tweet Id", "Twitter Screen Name", "Twitter Bio", "Likes"],
    ["26-Nov-2024 06:30PM", "", "https://twitter.com/bu_sari/status/1861398899112233445?s=20",
     "Ayo coblos 02", "coblos 02", "X", "@bu_sari", "Indonesia", '"1861398899112233445"',
     "@bu_sari", "PNS, Guru SDN 3 Sragen", "1,204"],
    delimiter="\t",
)  # fmt: skip


def test_a_meltwater_export_needs_an_agreement_and_is_then_read(drop: Drop) -> None:
    drop.put("m.csv", MELTWATER.encode("utf-16"))
    drop.put("z.jsonl", jsonl(posts(1)))
    items: list[Any] = []
    with pytest.raises(NotConfigured, match="sources agree titipan"):
        items.extend(item for page in drop.pages() for item in page.items)
    # It waits where it lies; the others go on.
    assert drop.left() == ["m.csv"]
    drop.agreement = "Kontrak 12/2026"
    (post,) = drop.run()
    assert post == {
        "id": "1861398899112233445",
        "platform": "x",
        "text": "Ayo coblos 02",
        "url": "https://x.com/i/status/1861398899112233445",
        "author": {"handle": "bu_sari", "name": "@bu_sari", "bio": "PNS, Guru SDN 3 Sragen"},
        "posted_at": "2024-11-26T18:30:00+00:00",
        "likes": 1204,
    }
    assert parse_post(post).posted_at == datetime(2024, 11, 26, 18, 30, tzinfo=UTC)


def test_a_brandwatch_export_is_found_below_the_lines_about_its_query(drop: Drop) -> None:
    drop.agreement = "ada"
    above = "Report:,Bulk Mentions\nBrand:,Netralitas\nFrom:,1 Nov\nTo:,2 Nov\nLabel:,\n\n"
    drop.put(
        "b.csv",
        above
        + table(
            ["Query Id", "Query Name", "Date", "Title", "Snippet", "Url", "Page Type", "Author",
             "Full Text"],
            ["19", "Netralitas", "2024-11-25 03:00:00.0", "t", "s",
             "https://www.facebook.com/permalink.php?story_fbid=77&id=5&fbclid=x", "facebook",
             "Kec. Gondang", "Isi\nlengkap, dua baris"],
        ),
    )  # fmt: skip
    (post,) = drop.run()
    assert post["platform"] == "facebook"
    assert post["text"] == "Isi\nlengkap, dua baris"
    assert post["url"] == "https://facebook.com/permalink.php?story_fbid=77&id=5"
    assert post["id"] == post["url"]
    assert post["posted_at"] == "2024-11-25T03:00:00+00:00"


@pytest.mark.parametrize(
    ("name", "header", "row", "wanted"),
    [
        (
            "talkwalker",
            ["url", "published", "title_snippet", "content", "source_type",
             "extra_author_attributes.name"],
            ["https://www.tiktok.com/@ani.asn/video/7301234567890123456?_r=1",
             "2024-11-20 10:00:00", "", "isi", "SOCIALMEDIA_TIKTOK", "Ani"],
            {"id": "7301234567890123456", "platform": "tiktok",
             "posted_at": "2024-11-20T10:00:00+00:00"},
        ),
        (
            "crowdtangle",
            ["Page Name", "User Name", "Facebook Id", "Post Created", "Type",
             "Total Interactions", "Message", "URL"],
            ["Desa A", "desa.a", "9", "2024-01-09 20:15:00 EST", "Photo", "1,000", "isi",
             "https://www.facebook.com/9/posts/10"],
            {"id": "https://facebook.com/9/posts/10", "platform": "facebook",
             "posted_at": "2024-01-09T20:15:00-05:00"},
        ),
        (
            "mcl_facebook",
            ["id", "creation_time", "text", "statistics.reaction_count",
             "statistics.share_count", "post_owner.name", "mcl_url"],
            ["555", "2024-11-20T10:00:00+00:00", "isi", "12", "3", "Desa A",
             "https://www.facebook.com/transparency-tools/content-library/555"],
            {"id": "mcl:555", "platform": "facebook", "likes": 12, "shares": 3},
        ),
        (
            "mcl_instagram",
            ["id", "creation_time", "text", "statistics.like_count", "post_owner.username"],
            ["556", "2024-11-20T10:00:00+00:00", "isi", "12", "desa_a"],
            {"id": "mcl:556", "platform": "instagram", "author": {"handle": "desa_a"}},
        ),
        (
            "umum",
            ["Tanggal", "Akun", "Isi", "Tautan"],
            ["27/11/2024 08:05", "@pak_camat", "isi", "t.me/desa_kita/88"],
            {"id": "desa_kita/88", "platform": "telegram",
             "posted_at": "2024-11-27T08:05:00+07:00", "author": {"handle": "pak_camat"}},
        ),
    ],
)  # fmt: skip
def test_each_shipped_mapping_is_known_by_its_header(
    drop: Drop, name: str, header: list[str], row: list[str], wanted: dict[str, Any]
) -> None:
    drop.agreement = "ada"
    drop.put(f"{name}.csv", table(header, row))
    (post,) = drop.run()
    assert post["text"] == "isi"
    assert {key: post.get(key) for key in wanted} == wanted
    parse_post(post)


def test_nested_objects_are_mapped_like_dotted_columns(drop: Drop) -> None:
    drop.agreement = "ada"
    item = {
        "id": 557,
        "creation_time": "2024-11-20T10:00:00+00:00",
        "text": "isi",
        "statistics": {"reaction_count": 4, "share_count": 1},
        "post_owner": {"name": "Desa A", "location": {"city": "Sragen"}},
    }
    drop.put("mcl.jsonl", jsonl([item]))
    (post,) = drop.run()
    assert (post["id"], post["likes"]) == ("mcl:557", 4)
    assert post["author"] == {"name": "Desa A", "location": "Sragen"}


def test_an_own_mapping_names_the_columns_of_a_suite_we_do_not_know(
    drop: Drop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = tmp_path_factory.mktemp("peta") / "lokal.toml"
    own.write_text(
        'title = "Rumah data"\nagreement = false\ndetect = ["kode", "ucapan"]\n'
        'default_platform = "facebook"\n[columns]\nid = ["kode"]\ntext = ["ucapan"]\n'
        'posted_at = ["jam"]\n[dates]\nzone = "+09:00"\nformats = ["%d %b %Y %H.%M"]\n',
        encoding="utf-8",
    )
    drop.options |= {"mapping": str(own)}
    drop.put("a.csv", table(["Kode", "Ucapan", "Jam"], ["K1", "isi", "5 Okt 2024 07.30"]))
    assert drop.run() == [
        {
            "id": "K1",
            "platform": "facebook",
            "text": "isi",
            "posted_at": "2024-10-05T07:30:00+09:00",
        }
    ]


def test_options_of_the_source_fill_what_the_file_does_not_say(drop: Drop) -> None:
    drop.options |= {"platform": "threads", "zone": "+08:00"}
    drop.put("a.csv", table(["Link", "Teks", "Tanggal"], ["contoh.id/a", "isi", "2024-10-05"]))
    (post,) = drop.run()
    assert (post["platform"], post["posted_at"]) == ("threads", "2024-10-05T00:00:00+08:00")


def test_a_long_number_matters_only_where_it_is_the_id(drop: Drop) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["id", "link", "teks", "pengikut"])
    book.active.append(["a1", "contoh.id/a", "isi", 1234567890123456789])
    book.active.append([1234567890123456789, "contoh.id/b", "isi", 4])
    stream = io.BytesIO()
    book.save(stream)
    drop.put("a.xlsx", stream.getvalue())
    items = drop.run()
    assert items[0]["id"] == "tabel:a1"
    assert items[1] is None


def test_a_broken_own_mapping_is_named(tmp_path: Path) -> None:
    own = tmp_path / "salah.toml"
    for text in ("title = ", 'title = "a"\ndetect = ["x"]\n[columns]\nbukan = ["x"]\n'):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError, match="salah"):
            choose_mapping(str(own))
