"""From prediction to case: what is flagged is sealed, queued and announced in one transaction."""

from models.post import Post
from models.prediction import Prediction
from monitor.alerts import outbox
from monitor.clock import utcnow
from monitor.domain import AlertType, CaseStatus, PendingPost
from monitor.evidence.seal import seal_post
from monitor.storage import Connection
from monitor.storage.cases import add_case, find_case
from monitor.storage.columns import canonical_json

_SEARCH_LIMIT = 30_000


def open_case(
    connection: Connection, pending: PendingPost, post: Post, prediction: Prediction
) -> int:
    """Open the case of a flagged post. The post and its prediction are already stored."""
    now = utcnow()
    case_id = add_case(
        connection,
        {
            "post_id": pending.id,
            "version": 1,
            "status": CaseStatus.NEW,
            "risk": prediction.risk,
            "priority": prediction.risk or 0.0,
            "region": pending.region,
            "act": prediction.acts[0].act.value if prediction.acts else "OTHER",
            "sample": pending.sample,
            "search_text": search_text(post),
            "created_at": now,
            "updated_at": now,
        },
    )
    seal_post(
        connection,
        case_id,
        pending.received_json,
        prediction=canonical_json(prediction.to_dict()),
        sample=pending.sample,
    )
    case = find_case(connection, case_id)
    assert case is not None
    outbox.enqueue(connection, AlertType.CASE_OPENED, case)
    return case_id


def search_text(post: Post) -> str:
    """What a reviewer may search a case by, lower-cased; PostgreSQL text cannot hold NUL."""
    parts = (
        post.id,
        post.author.handle,
        post.author.name,
        post.author.bio,
        post.author.location,
        post.text,
        post.media_alt,
        post.url,
    )
    return "\n".join(filter(None, parts)).lower().replace("\x00", " ")[:_SEARCH_LIMIT]
