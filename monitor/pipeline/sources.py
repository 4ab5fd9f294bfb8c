"""Sources as people manage them: added, agreed to, paused, resumed, removed, tried.

The sample source is offered once to an empty installation.
"""

import re
from dataclasses import asdict
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any

from models.errors import PostError
from models.post import parse_post
from monitor.clock import utcnow
from monitor.collectors import kind_of
from monitor.collectors.base import Tools
from monitor.domain import SYSTEM, Actor, Source, SourceState, case_label
from monitor.errors import ConflictError, InputError, NotFoundError
from monitor.evidence import custody
from monitor.pipeline import source_alarms
from monitor.pipeline.collect import open_collector
from monitor.pipeline.source_plan import SourcePlan, check_agreement, check_plan
from monitor.storage import Connection, case_removal, cases, installation, posts, sources
from monitor.storage.evidence import list_evidence

SAMPLE_NAME = "contoh"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# A source that gives nothing is not asked for ever while a person waits.
_TRIED_PAGES, _SHOWN_POSTS = 3, 5


def add_source(
    connection: Connection,
    name: str,
    kind: str,
    plan: SourcePlan | None = None,
    *,
    zone: tzinfo = UTC,
    by: Actor = SYSTEM,
) -> Source:
    """Add a source, due at once; without interval or crontab it runs once.

    Where its platform's terms ask for an agreement, it is paused until one is recorded.
    """
    if not _NAME.fullmatch(name):
        raise InputError("Nama sumber: huruf kecil, angka, garis; paling banyak 64 karakter.")
    needs_agreement = kind_of(kind).needs_agreement
    checked = check_plan(kind_of(kind), plan or SourcePlan(), zone)
    if sources.find_source(connection, name) is not None:
        raise ConflictError(f"Sumber {name!r} sudah ada; pilih nama lain.")
    now = utcnow()
    installation.claim_sample_offer(connection)
    sources.add_source(
        connection,
        name=name,
        kind=kind,
        sample=kind == "sample",
        status="paused" if needs_agreement and not checked.agreement else "active",
        at=now,
        due_at=now,
        **asdict(checked),
    )
    details = (
        {"kind": kind, "agreement": checked.agreement} if checked.agreement else {"kind": kind}
    )
    custody.record(connection, by, "source.added", f"source:{name}", details)
    return get_source(connection, name)


def offer_sample(connection: Connection) -> bool:
    """Add `contoh` when no source has ever been added to this installation."""
    if not installation.claim_sample_offer(connection) or sources.has_any_source(connection):
        return False
    add_source(connection, SAMPLE_NAME, "sample")
    return True


def get_source(connection: Connection, name: str) -> Source:
    return _found(name, sources.find_source(connection, name))


def lock_source(connection: Connection, name: str) -> Source:
    """As `get_source`, for changing it in this transaction."""
    return _found(name, sources.lock_source(connection, name))


def lacks_agreement(source: Source) -> bool:
    return kind_of(source.kind).needs_agreement and not source.agreement


def agree(connection: Connection, name: str, text: str, *, by: Actor) -> Source:
    """Record under which agreement a source may be read; one that waited for it starts."""
    source = lock_source(connection, name)
    agreement = check_agreement(text)
    sources.set_agreement(connection, source.id, agreement)
    details = {"agreement": agreement, "before": source.agreement}
    if lacks_agreement(source):
        _resume(connection, source)
    custody.record(connection, by, "source.agreed", f"source:{name}", details)
    return get_source(connection, name)


def pause_source(connection: Connection, name: str, *, by: Actor) -> None:
    source = lock_source(connection, name)
    sources.pause(connection, source.id)
    source_alarms.clear_all(connection, source.id, utcnow())
    custody.record(connection, by, "source.paused", f"source:{name}", {})


def resume_source(connection: Connection, name: str, *, by: Actor) -> None:
    """Run again, at once; what needed a person counts as dealt with."""
    source = lock_source(connection, name)
    if lacks_agreement(source):
        raise ConflictError(
            f"Ketentuan {kind_of(source.kind).title} menuntut persetujuan yang belum dicatat."
            f" Catat dulu dengan `netra sources agree {name} NOMOR-ATAU-RUJUKAN`."
        )
    _resume(connection, source)
    custody.record(connection, by, "source.resumed", f"source:{name}", {})


def try_source(source: Source, tools: Tools) -> list[Any]:
    """Fetch a few posts from the source's beginning and keep nothing; raises what is wrong.

    No page is asked for after one with posts: a collector takes that as word that they were
    stored, and moves the file or acknowledges the messages they came from.
    """
    collector, filled = open_collector(source, tools)
    pages = islice(collector.collect(filled, {}), _TRIED_PAGES)
    found = next((page.items for page in pages if page.items), [])
    return found[:_SHOWN_POSTS]


def refusal_of(item: Any) -> str:
    """Return why a post would not be taken in, or '' where it would."""
    try:
        parse_post(item)
    except PostError as error:
        return f"{error.field}: {error.reason}" if error.field else error.reason
    return ""


def remove_source(connection: Connection, name: str, *, with_posts: bool, by: Actor) -> int:
    """Remove a source and return how many posts went with it.

    Only the posts of a sample source may be removed: those of a real one are evidence.
    """
    source = lock_source(connection, name)
    ids = posts.list_ids_of_source(connection, source.id)
    if ids and not (with_posts and source.sample):
        raise ConflictError(
            f"Sumber {name!r} punya {len(ids)} unggahan. "
            + (
                "Tambahkan --with-posts untuk menghapusnya juga."
                if source.sample
                else f"Unggahan sumber nyata adalah bukti; pakai `netra sources pause {name}`."
            )
        )
    for case_id in cases.list_ids_of_posts(connection, ids):
        sealed = [item.log_seq for item in list_evidence(connection, case_id)]
        case_removal.remove_case(connection, case_id)
        details = {"source": name, "evidence_log": sealed}
        custody.record(connection, by, custody.REMOVED, f"case:{case_label(case_id)}", details)
    posts.remove_posts(connection, ids)
    source_alarms.clear_all(connection, source.id, utcnow())
    sources.remove_source(connection, source.id, forget=source.sample)
    custody.record(connection, by, "source.removed", f"source:{name}", {"posts": len(ids)})
    return len(ids)


def _resume(connection: Connection, source: Source) -> None:
    now = utcnow()
    until = source.wait_until if source.state == SourceState.WAITING else None
    if until is not None and until > now:
        # What the platform asked for holds, whoever is in a hurry.
        sources.resume_waiting(connection, source.id)
    else:
        sources.resume(connection, source.id, at=now, due_at=now)
        source_alarms.clear_over(connection, source.id, now)


def _found(name: str, source: Source | None) -> Source:
    if source is None:
        raise NotFoundError(f"Sumber {name!r} tidak ada; lihat `netra sources list`.")
    return source
