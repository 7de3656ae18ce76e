"""Signing in: a password once, or an existing token; then one device for life and only the token is kept."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import dataclass

from bot.config import Account
from bot.errors import StartError
from bot.matrix.fence import text
from bot.matrix.http import Http, MatrixError, TokenLost, Unreachable
from bot.store.db import Database, Tx
from bot.store.keys import get_account
from bot.store.meta import get_meta, get_secret, set_meta, set_secret

LOGIN_MINUTES = 6  # after which Synapse lets an account sign in again (rc_login: 0.003 a second, of 5)
PATIENCE_SECONDS = 20.0  # for a server that does not answer at the start


@dataclass(frozen=True)
class Session:
    user_id: str
    device_id: str


async def sign_in(http: Http, db: Database, account: Account, *, password: str | None, token: str | None) -> Session:
    """Have a working token for our one device. Raises StartError with what the operator can do."""
    kept = await db.run(_kept)
    if kept is not None:
        http.token, session = kept["token"], Session(kept["user_id"], kept["device_id"])
        if session.user_id != account.user_id:
            raise StartError("account-differs", kept=session.user_id, config=account.user_id)
        try:
            await _check(http, session)
        except TokenLost as lost:
            if not (lost.soft and password):
                raise StartError("token-lost", code=3) from None
            await sign_in_again(http, db, account, password, session.device_id)
        return session
    if token:
        http.token = token
        session = await _who(http, account)
    elif password:
        session = await _with_password(http, account, password, await db.run(_chosen_device))
    else:
        raise StartError("no-credentials", account=account.user_id, file=str(account.password_file or "-"))
    token_now = http.token
    await db.run(
        lambda tx: set_secret(
            tx,
            "access",
            json.dumps({"token": token_now, "user_id": session.user_id, "device_id": session.device_id}).encode(),
        )
    )
    return session


async def sign_in_again(http: Http, db: Database, account: Account, password: str, device_id: str) -> None:
    """After a soft logout: a new token for the same device."""
    session = await _with_password(http, account, password, device_id)
    kept = {"token": http.token, "user_id": session.user_id, "device_id": session.device_id}
    await db.run(lambda tx: set_secret(tx, "access", json.dumps(kept).encode()))


def _kept(tx: Tx) -> dict[str, str] | None:
    sealed = get_secret(tx, "access")
    found: dict[str, str] | None = None if sealed is None else json.loads(sealed)
    device = get_account(tx)
    if found and device is not None and device.device_id != found["device_id"]:
        raise StartError("device-differs")
    return found


def _chosen_device(tx: Tx) -> str:
    """The id of our device, kept before it is used: a login repeated after a crash must not make a second device.

    Random: a constant one would be another bot's, too (MATRIX.md, C11).
    """
    chosen: str | None = get_meta(tx, "device-chosen")
    if chosen is None:
        chosen = "".join(secrets.choice(string.ascii_uppercase) for _ in range(10))
        set_meta(tx, "device-chosen", chosen)
    return chosen


async def _check(http: Http, session: Session) -> None:
    answer = await _reached(http, "GET", "/account/whoami")
    if (answer.get("user_id"), answer.get("device_id")) != (session.user_id, session.device_id):
        raise StartError("token-of-another")


async def _who(http: Http, account: Account) -> Session:
    try:
        answer = await _reached(http, "GET", "/account/whoami")
    except TokenLost:
        raise StartError("token-lost", code=3) from None
    user_id, device_id = text(answer.get("user_id")), text(answer.get("device_id"))
    if user_id != account.user_id or not device_id or account.device_id not in (None, device_id):
        raise StartError("token-of-another")
    return Session(user_id, device_id)


async def _with_password(http: Http, account: Account, password: str, device_id: str) -> Session:
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": account.user_id},
        "password": password,
        "device_id": device_id,
        "initial_device_display_name": account.device_name,
    }
    try:
        answer = await _reached(http, "POST", "/login", body)
    except MatrixError as error:
        if error.status == 429:
            raise StartError("login-limited", minutes=LOGIN_MINUTES) from None
        if error.status in (400, 401, 403):
            raise StartError("login-refused", account=account.user_id, code=1) from None
        raise
    http.token = text(answer.get("access_token"), 2000)
    return Session(text(answer.get("user_id")), text(answer.get("device_id")))


async def _reached(http: Http, method: str, path: str, body: object = None) -> dict[str, object]:
    try:
        return await http.call(method, path, body, deadline=PATIENCE_SECONDS, patience=PATIENCE_SECONDS)
    except Unreachable as error:
        key = "server-wrong" if error.status else "server-unreachable"
        raise StartError(key, url=http.url) from None
    except MatrixError as error:
        if error.status == 404:  # an address with a path too much, or another kind of server
            raise StartError("server-wrong", url=http.url) from None
        raise
