"""The first administrator: made once, on an installation where nobody can sign in yet."""

import secrets

from monitor.access import people
from monitor.domain import SYSTEM, Role
from monitor.storage import Connection, users
from monitor.storage.unit_of_work import lock_sequences

ADMIN_NAME = "admin"


def ensure_first_admin(connection: Connection, password: str) -> str:
    """Return the password that was made up and must be shown once; '' when none was."""
    # Of two first starts at the same moment the second waits here, and then sees the first's.
    lock_sequences(connection)
    if users.count_people(connection):
        return ""
    made_up = "" if password else secrets.token_urlsafe(12)
    people.add_user(connection, ADMIN_NAME, Role.ADMINISTRATOR, password or made_up, by=SYSTEM)
    return made_up
