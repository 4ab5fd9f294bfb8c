"""Scores waiting posts in small steps; what cannot be scored keeps waiting and says why."""

import logging
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.labels import AsnLabel
from models.post import Post, parse_post
from models.prediction import Prediction
from monitor.access.installation_key import make_mark
from monitor.alerts import outbox
from monitor.clock import today, utcnow
from monitor.domain import PendingPost, PostState
from monitor.errors import ModelUnavailable
from monitor.pipeline.classifier import Classifier, ClassifierHolder
from monitor.pipeline.ingest import Claim
from monitor.pipeline.triage import open_case
from monitor.storage import Connection, counts, marks, posts
from monitor.storage.unit_of_work import Database

BATCH = 100
# Stored at once, and the claim on the rest renewed: the slowest posts take some seconds each, and
# a batch of them must not outlast its claim.
PORTION = 10
# Long enough for a portion on a weak machine; after a crash the posts wait no longer than this.
CLAIM = timedelta(seconds=60)
_RETRY_LIMIT = timedelta(hours=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScoreOutcome:
    """`available` is False when the model cannot be used: the posts keep waiting."""

    scored: int = 0
    flagged: int = 0
    failed: int = 0
    available: bool = True


def new_claim() -> Claim:
    return Claim(token=str(uuid.uuid4()), until=utcnow() + CLAIM)


def score_waiting(
    database: Database, holder: ClassifierHolder, key: bytes, *, source_id: int | None = None
) -> ScoreOutcome:
    """Claim one batch of waiting posts (of one source) and score it; says whether it did work."""
    try:
        holder.get()
    except ModelUnavailable:
        return ScoreOutcome(available=False)
    claim = new_claim()
    with database.write() as connection:
        posts.claim_pending(
            connection,
            token=claim.token,
            now=utcnow(),
            until=claim.until,
            limit=BATCH,
            source_id=source_id,
        )
    return score_claimed(database, holder, key, claim.token)


def score_claimed(
    database: Database, holder: ClassifierHolder, key: bytes, token: str
) -> ScoreOutcome:
    """Score what is held under `token`; each portion is stored in one transaction."""
    try:
        classifier = holder.get()
    except ModelUnavailable as error:
        with database.write() as connection:
            posts.release_claims(connection, token, error.detail[:500])
        return ScoreOutcome(available=False)
    with database.read() as connection:
        pending = posts.list_claimed(connection, token)
    if not pending:
        return ScoreOutcome()
    scored = flagged = failed = 0
    for start in range(0, len(pending), PORTION):
        portion = pending[start : start + PORTION]
        parsed = {item.id: parse_post(item.received) for item in portion}
        predictions, failures = _predict(classifier, portion, parsed)
        with database.write() as connection:
            held = posts.lock_claimed(connection, token)
            kept = [item for item in portion if item.id in held and item.id in predictions]
            flagged += _store(connection, kept, parsed, predictions, key)
            for item in portion:
                if item.id in held and item.id in failures:
                    _record_failure(connection, item, failures[item.id])
            posts.renew_claims(connection, token, utcnow() + CLAIM)
        scored += len(kept)
        failed += len(failures)
    return ScoreOutcome(scored=scored, flagged=flagged, failed=failed)


def _predict(
    classifier: Classifier, pending: list[PendingPost], parsed: dict[int, Post]
) -> tuple[dict[int, Prediction], dict[int, str]]:
    """Score a batch; if one post breaks it, score one by one so that only that post waits."""
    try:
        results = classifier.predict([parsed[item.id] for item in pending])
        return dict(zip((item.id for item in pending), results, strict=True)), {}
    except Exception:
        logger.exception("batch could not be scored; trying one by one")
    predictions: dict[int, Prediction] = {}
    failures: dict[int, str] = {}
    for item in pending:
        try:
            predictions[item.id] = classifier.predict([parsed[item.id]])[0]
        except Exception as error:
            failures[item.id] = type(error).__name__
            logger.warning("post could not be scored", extra={"post": item.id, "why": repr(error)})
    return predictions, failures


def _store(
    connection: Connection,
    kept: list[PendingPost],
    parsed: dict[int, Post],
    predictions: dict[int, Prediction],
    key: bytes,
) -> int:
    now = utcnow()
    states: dict[int, PostState] = {}
    numbers: dict[int | None, Counter[str]] = defaultdict(Counter)
    ordinary: list[PendingPost] = []
    for item in kept:
        prediction = predictions[item.id]
        tally = numbers[item.source_id]
        tally["scored"] += 1
        if prediction.asn.label is AsnLabel.NONE:
            ordinary.append(item)
            tally["not_asn"] += 1
            continue
        states[item.id] = PostState.FLAGGED if prediction.flag else PostState.UNFLAGGED
        tally["flagged" if prediction.flag else "unflagged"] += 1
    _forget(connection, [(item.id, parsed[item.id]) for item in ordinary], key)
    posts.add_predictions(
        connection, [_prediction_row(item, predictions[item], now) for item in states]
    )
    posts.record_scored(connection, states, now)
    flagged = [item for item in kept if states.get(item.id) is PostState.FLAGGED]
    for item in flagged:
        open_case(connection, item, parsed[item.id], predictions[item.id])
    if flagged:
        outbox.publish_due(connection)
    # In one order everywhere, as two workers that meet on these rows would else deadlock.
    for source_id in sorted(numbers, key=lambda source: source or counts.NO_SOURCE):
        counts.add_counts(connection, today(), source_id, numbers[source_id])
    return len(flagged)


def _forget(connection: Connection, ordinary: list[tuple[int, Post]], key: bytes) -> None:
    """An author who does not show to be ASN is not kept: only the mark stays."""
    new = [make_mark(key, post.platform, post.id) for _, post in ordinary]
    marks.add_marks(connection, new, today())
    posts.remove_posts(connection, [post_id for post_id, _ in ordinary])


def _prediction_row(post_id: int, prediction: Prediction, now: datetime) -> dict[str, object]:
    return {
        "post_id": post_id,
        "model_version": prediction.model_version,
        "flag": prediction.flag,
        "risk": prediction.risk,
        "body": prediction.to_dict(),
        "predicted_at": now,
    }


def _record_failure(connection: Connection, item: PendingPost, error: str) -> None:
    # Doubling from a minute: a post that breaks the model must not be tried at every tick.
    wait = min(timedelta(minutes=2 ** min(item.attempts, 10)), _RETRY_LIMIT)
    posts.record_failure(connection, item.id, error=error, retry_at=utcnow() + wait)
