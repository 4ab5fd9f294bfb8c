"""Adding and removing sources; the sample source is offered once to an empty installation."""

import re
from collections.abc import Mapping

from monitor.clock import utcnow
from monitor.collectors import collector_for
from monitor.domain import SYSTEM, Actor, Source, case_label
from monitor.errors import ConflictError, InputError, NotFoundError
from monitor.evidence import custody
from monitor.storage import Connection, case_removal, cases, installation, posts, sources
from monitor.storage.evidence import list_evidence

SAMPLE_NAME = "contoh"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def add_source(
    connection: Connection,
    name: str,
    kind: str,
    *,
    options: Mapping[str, str],
    every_seconds: int,
    by: Actor = SYSTEM,
) -> Source:
    """Add a source, due at once. Without an interval it runs once."""
    if not _NAME.fullmatch(name):
        raise InputError("Nama sumber: huruf kecil, angka, garis; paling banyak 64 karakter.")
    collector_for(kind)
    if sources.find_source(connection, name) is not None:
        raise ConflictError(f"Sumber {name!r} sudah ada; pilih nama lain.")
    now = utcnow()
    installation.claim_sample_offer(connection)
    sources.add_source(
        connection,
        name=name,
        kind=kind,
        options=options,
        every_seconds=every_seconds,
        sample=kind == "sample",
        at=now,
        due_at=now,
    )
    custody.record(connection, by, "source.added", f"source:{name}", {"kind": kind})
    return get_source(connection, name)


def offer_sample(connection: Connection) -> bool:
    """Add `contoh` when no source has ever been added to this installation."""
    if not installation.claim_sample_offer(connection) or sources.has_any_source(connection):
        return False
    add_source(connection, SAMPLE_NAME, "sample", options={}, every_seconds=0)
    return True


def get_source(connection: Connection, name: str) -> Source:
    source = sources.find_source(connection, name)
    if source is None:
        raise NotFoundError(f"Sumber {name!r} tidak ada; lihat `netra sources list`.")
    return source


def remove_source(connection: Connection, name: str, *, with_posts: bool, by: Actor) -> int:
    """Remove a source and return how many posts went with it.

    Only the posts of a sample source may be removed: those of a real one are evidence.
    """
    source = get_source(connection, name)
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
    sources.remove_source(connection, source.id, with_counts=source.sample)
    custody.record(connection, by, "source.removed", f"source:{name}", {"posts": len(ids)})
    return len(ids)
