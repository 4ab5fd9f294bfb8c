"""Holds a source while it is run: nobody else runs it, and a killed process frees it by itself."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from monitor.clock import utcnow
from monitor.errors import UnavailableError
from monitor.storage import sources
from monitor.storage.unit_of_work import Database

# After a crash the source is taken over when its claim has run out.
RUN_CLAIM = timedelta(seconds=60)
# A platform may take longer over a page than a claim lasts; renewing it twice may fail.
_RENEW_SECONDS = 20

logger = logging.getLogger(__name__)


@contextmanager
def kept(database: Database, source_id: int, token: str) -> Iterator[None]:
    """Renew the claim from a thread of its own for as long as the block runs."""
    done = threading.Event()
    keeper = threading.Thread(
        target=_keep, args=(database, source_id, token, done), name="claim", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(database: Database, source_id: int, token: str, done: threading.Event) -> None:
    while not done.wait(_RENEW_SECONDS):
        try:
            with database.write() as connection:
                until = utcnow() + RUN_CLAIM
                if not sources.renew_claim(connection, source_id, token=token, until=until):
                    return
        except UnavailableError:
            logger.warning("claim of a source could not be renewed")
