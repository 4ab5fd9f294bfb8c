"""Tickets, form tokens and the marks that tell one sender or one reported thing from another.

All are made with the installation key: without it nobody can guess a ticket, forge the time a
form was opened, or try out whose address stands behind a mark.
"""

import base64
import hmac
import ipaddress
import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta

from monitor.errors import FormExpired, FormTooFast
from monitor.reference.post_links import PostLink

# Letters and figures that nobody mistakes for one another when read out on the phone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_TICKET = re.compile(rf"^L-[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{4}}$")
_TOKEN = re.compile(r"^(\d{1,12})\.([A-Za-z0-9_-]{16,64})\.([0-9a-f]{64})$")
LEAST_FILL = timedelta(seconds=3)
MOST_FILL = timedelta(hours=24)


def make_ticket(key: bytes, *parts: str) -> str:
    """Return the ticket of what was sent: the same form sent twice has one ticket."""
    digest = _mac(key, "ticket", *parts)
    letters = "".join(_ALPHABET[byte & 31] for byte in digest[:8])
    return f"L-{letters[:4]}-{letters[4:]}"


def parse_ticket(typed: str) -> str | None:
    """Return a ticket as it is kept, however it was typed, or None when it is none."""
    plain = re.sub(r"[\s.\u2010-\u2015-]", "", typed.upper())
    plain = plain.removeprefix("L") if len(plain) == 9 else plain
    plain = plain.translate(_MISREAD)
    ticket = f"L-{plain[:4]}-{plain[4:]}"
    return ticket if _TICKET.match(ticket) else None


def sender_mark(key: bytes, sender: str, day: date) -> str:
    """Return what is kept of a sender: tells one from many on one day, and names nobody."""
    return _mac(key, "sender", day.isoformat(), sender).hex()


def sender_marks(key: bytes, sender: str, now: datetime) -> tuple[str, str]:
    """Return the marks of today and of yesterday: a limit must not begin anew at midnight."""
    return (
        sender_mark(key, sender, now.date()),
        sender_mark(key, sender, now.date() - timedelta(days=1)),
    )


def sender_of_address(address: str) -> str:
    """Return what counts as one sender: of IPv6 the network, as one house has a whole one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def about_mark(key: bytes, link: PostLink | None, text: str) -> str:
    """Return the same mark for every report of one post, or of one text where no link is given."""
    if link:
        return _mac(key, "about link", link.key).hex()
    return text_mark(key, "", text)


def text_mark(key: bytes, link: str, text: str) -> str:
    """Return a mark of a text as somebody passed it on, wherever spaces and capitals stood."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _mac(key, "about text", link, plain).hex()


def make_form_token(key: bytes, now: datetime) -> str:
    """Return what a form carries to tell when it was opened; it works without cookies."""
    start, nonce = str(int(now.timestamp())), secrets.token_urlsafe(16)
    return f"{start}.{nonce}.{_mac(key, 'form', start, nonce).hex()}"


def check_form_token(key: bytes, token: str, now: datetime) -> str:
    """Return the form's own number; raise when it is not ours, too young or too old."""
    found = _TOKEN.match(token)
    if not found or not hmac.compare_digest(found[3], _mac(key, "form", found[1], found[2]).hex()):
        raise FormExpired("Formulir sudah tidak berlaku. Periksa isinya, lalu kirim sekali lagi.")
    age = timedelta(seconds=now.timestamp() - int(found[1]))
    if age > MOST_FILL:
        raise FormExpired("Formulir dibuka terlalu lama. Periksa isinya, lalu kirim sekali lagi.")
    if age < LEAST_FILL:
        raise FormTooFast("Baca sekali lagi isian Anda, lalu tekan Kirim.")
    return found[2]


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def _mac(key: bytes, purpose: str, *parts: str) -> bytes:
    # Each part with its length: no two lists of parts give one message.
    message = b"".join(
        len(encoded).to_bytes(4, "big") + encoded
        for encoded in (part.encode("utf-8", "surrogatepass") for part in (purpose, *parts))
    )
    return hmac.digest(key, b"netra public report\x00" + message, "sha256")


def content_digest(*parts: str) -> str:
    """Return a short mark of what was filled in; not secret, only equal for equal content."""
    return base64.urlsafe_b64encode(_mac(b"content", "content", *parts)[:15]).decode()
