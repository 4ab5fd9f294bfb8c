"""Opaque cursors over an order that never changes, so a page neither skips nor repeats."""

import base64
import binascii
import struct

from monitor.errors import InputError
from monitor.storage.cases import QueuePosition

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 200


def encode_position(position: QueuePosition) -> str:
    raw = struct.pack(">dq", position.priority, position.case_id)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_position(cursor: str) -> QueuePosition:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        priority, case_id = struct.unpack(">dq", raw)
    except (binascii.Error, struct.error, ValueError):
        raise InputError(
            "cursor tidak dikenal; pakai next_cursor dari halaman sebelumnya."
        ) from None
    return QueuePosition(priority=priority, case_id=case_id)
