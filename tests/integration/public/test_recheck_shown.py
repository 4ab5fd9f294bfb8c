"""What became of a post after it was flagged stands on the page of its case."""

from datetime import timedelta

from monitor.clock import utcnow
from monitor.domain import Role
from monitor.pipeline.ingest import ingest
from monitor.pipeline.rechecks import enrol_flagged
from monitor.runtime import Runtime
from monitor.storage import rechecks, sources
from tests.builders import make_post
from tests.public_site import Site, sign_in
from tests.steps import queue, score_all


def test_a_post_that_has_vanished_is_told_with_its_times(runtime: Runtime, site: Site) -> None:
    reader = sign_in(runtime, site, "ana", Role.ANALYST)
    now = utcnow()
    with runtime.database.write() as connection:
        source_id = sources.add_source(
            connection,
            name="panggung",
            kind="bluesky",
            options={},
            every_seconds=0,
            sample=False,
            at=now,
            due_at=None,
        )
        ingest(connection, [make_post()], key=runtime.key, source_id=source_id)
    assert score_all(runtime) == 1
    (case,) = queue(runtime)
    page = f"/kasus/K-{case.id:06d}"
    assert "tidak lagi tampak" not in reader(page).text
    with runtime.database.write() as connection:
        assert enrol_flagged(connection, ["bluesky"], now) == 1
        later = now + timedelta(hours=2)
        due = rechecks.claim_due(connection, token="t", now=later, until=later)
        assert due is not None
        assert rechecks.record_look(
            connection,
            due.post_id,
            "t",
            due_at=later,
            state="missing",
            looks=1,
            first_missing_at=later,
        )
    shown = reader(page).text
    assert "Unggahan ini tidak lagi tampak di platformnya." in shown
    assert later.isoformat() in shown
