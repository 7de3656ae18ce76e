"""What a timestamp service (RFC 3161) says of a head of the custody log: that it existed at that time.

The service sees a hash of the head and nothing else. What it answered is kept whole, as `openssl ts -verify` reads it.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import datetime

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerificationError, VerifierBuilder
from rfc3161_client import decode_timestamp_response as decode

from bot.errors import UserError
from bot.seal import certificates

LARGEST = 256 * 1024  # bytes of an answer
PATIENCE = 20.0  # seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The operator named one service; nobody else is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def fetch(url: str, data: bytes) -> bytes:
    """Ask the service at `url` for a token over `data`. To be called in a thread.

    Raises UserError `timestamp-refused` when it does not answer, or answers something else.
    """
    if not url.startswith(("https://", "http://")):
        raise UserError("timestamp-refused")
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, asked.as_bytes(), headers)  # noqa: S310  # http or https, seen above
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=PATIENCE) as answer:
            raw: bytes = answer.read(LARGEST + 1)
        found = decode(raw)
        fits = len(raw) <= LARGEST and found.status == 0 and found.tst_info.nonce == asked.nonce
        fits = fits and found.tst_info.message_imprint.message == asked.message_imprint.message
    except (OSError, urllib.error.URLError, http.client.HTTPException, ValueError) as error:
        raise UserError("timestamp-refused") from error
    if not fits:
        raise UserError("timestamp-refused")
    return raw


def check(answer: bytes, data: bytes, ca: bytes) -> datetime:
    """When the service saw `data`, by its answer and the certificates (PEM) that are trusted; without network.

    Raises UserError `timestamp-bad`.
    """
    try:
        roots, others = certificates(ca)
        builder = VerifierBuilder(roots=roots, intermediates=others)
        found = decode(answer)
        builder.build().verify_message(found, data)
        return found.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise UserError("timestamp-bad") from error
