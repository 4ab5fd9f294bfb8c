"""From an article's page to the post object of the contract.

The text is found by trafilatura 2 (trafilatura.readthedocs.io, looked up on 2026-11-23).
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

from models.post import URL_LIMIT
from monitor.collectors.decoding import decode
from monitor.collectors.markup import captions_of
from monitor.collectors.publication import (
    body_of,
    fitting_id,
    line,
    speaker,
    stable_address,
    without_empty,
)
from monitor.collectors.web.metadata import metadata_of
from monitor.net import Answer

_HTML = ("text/html", "application/xhtml+xml", "")
_RAW_LIMIT = 200
# trafilatura knows readers' comments by their English names only.
_COMMENTS = (
    "//*[self::div or self::section or self::ul or self::ol or self::li or self::aside]"
    "[contains(concat(@id, ' ', @class), 'komentar')]"
)

logger = logging.getLogger(__name__)
# They name pages and quote what they stumble over; a page's text is nobody's log.
for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)


def page_of(answer: Answer) -> lxml.html.HtmlElement | None:
    """Return the parsed page, or None where the answer is no HTML at all."""
    content_type = answer.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() not in _HTML:
        return None
    text = decode(answer.body, content_type).text
    if "<" not in text:
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None


def post_of(answer: Answer, region: str) -> dict[str, Any] | None:
    """Return the article, or None where the page has no text that could be one."""
    page = page_of(answer)
    if page is None:
        return None
    metadata = metadata_of(page)
    captions = _captions(page)
    document = _extracted(page, answer.url)
    # "Precision" leaves out what may be menus or readers' comments; some pages give their text
    # in metadata alone.
    text = (document.text if document else "") or metadata.body
    if not text or not text.strip():
        return None
    host = urlsplit(answer.url).hostname or ""
    site = line(document.sitename or host) if document else host
    return without_empty(
        {
            "id": fitting_id(stable_address(answer.url)),
            "platform": "web",
            "text": body_of(line(document.title or "") if document else "", text),
            "author": speaker(
                metadata.byline or (document.author or "" if document else ""),
                site=site,
                host=host,
                bio=metadata.bio,
                location=metadata.location,
            ),
            "url": answer.url if len(answer.url) <= URL_LIMIT else "",
            "posted_at": metadata.published,
            "media_alt": captions,
            "region": region,
            "publication": {"name": site},
            # As the page writes them; a day without a time is evidence, though no moment.
            "raw": without_empty(
                {
                    "published": metadata.given[:_RAW_LIMIT],
                    "updated": metadata.updated[:_RAW_LIMIT],
                    "day": (document.date or "") if document else "",
                }
            ),
        }
    )


def _extracted(page: lxml.html.HtmlElement, url: str) -> Any:
    # Here, since it takes 16 MB and a fifth of a second that other commands need not spend.
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            page,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            favor_precision=True,
            prune_xpath=_COMMENTS,
        )
    except Exception as error:
        # Whatever a strange page provokes in it: one page never stops the others.
        logger.warning("page without text", extra={"error": type(error).__name__})
        return None


def _captions(page: lxml.html.HtmlElement) -> str:
    for path in (".//article", ".//main", ".//*[@itemprop='articleBody']"):
        root = page.find(path)
        if root is not None:
            return captions_of(root)
    alt = page.find(".//meta[@property='og:image:alt']")
    return line(alt.get("content") or "") if alt is not None else ""
