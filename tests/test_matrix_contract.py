"""What we rely on in matrix-nio 0.26 and vodozemac 0.10, checked against the real ones.

Most of it is not documented API: a newer version that changes it must fail here and not in a conversation.
"""

from __future__ import annotations

import inspect
import json
import logging
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import pytest
import vodozemac
from nio.crypto import (
    DeviceStore,
    GroupSessionStore,
    InboundGroupSession,
    Olm,
    OlmAccount,
    OutboundGroupSession,
    Session,
    SessionStore,
)
from nio.events import OlmEvent, ToDeviceEvent
from nio.exceptions import EncryptionError
from nio.responses import KeysUploadResponse

from bot.log import silence_nio
from bot.matrix.engine import _Machine
from bot.matrix.keystore import KeyStore
from bot.matrix.trust import Device
from bot.matrix.verification import EMOJI
from bot.seal import b64, signed_by

ALICE, BOB = "@alice:example.org", "@bob:example.org"
KEY = b"k" * 32


class Machine(_Machine):
    """Our machine with the device that others see of it."""

    def __init__(self, user: str) -> None:
        super().__init__(user, "DEVICE", KeyStore(user, "DEVICE", KEY))

    @property
    def shown(self) -> Device:
        keys = self.account.identity_keys
        return Device(self.user_id, self.device_id, keys["ed25519"], keys["curve25519"], signed=True)

    def meets(self, other: Machine) -> None:
        """Make a session with the other's device, from one of its one-time keys."""
        other.account.generate_one_time_keys(1)
        key = next(iter(other.account.one_time_keys["curve25519"].values()))
        other.account.mark_keys_as_published()
        self.create_session(key, other.shown.curve25519)

    def writes(self, other: Machine, content: Any = None, to: Device | None = None) -> dict[str, Any]:
        session = self.session_store.get(other.shown.curve25519)
        made = self._olm_encrypt(session, to or other.shown, "m.room_key", content or {"a": 1})
        return {"type": "m.room.encrypted", "sender": self.user_id, "content": made}

    def takes(self, event: dict[str, Any]) -> Any:
        parsed = ToDeviceEvent.parse_event(event)
        assert isinstance(parsed, OlmEvent)
        return self.handle_to_device_event(parsed)


@pytest.fixture
def alice() -> Machine:
    return Machine(ALICE)


@pytest.fixture
def bob() -> Machine:
    return Machine(BOB)


def test_the_versions_are_those_that_were_looked_at() -> None:
    assert version("matrix-nio").split(".")[:2] == ["0", "26"]
    assert version("vodozemac").split(".")[:2] == ["0", "10"]


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (Olm.__init__, "self user_id device_id store"),
        (Olm._handle_olm_event, "self sender sender_key payload"),
        (Olm._olm_encrypt, "self session recipient_device message_type content"),
        (Olm.create_session, "self one_time_key curve_key"),
        (Olm.handle_to_device_event, "self event"),
        (Olm.handle_response, "self response"),
        (Olm.share_keys, "self"),
        (Olm.save_account, "self account"),
        (Olm.sign_json, "self json_dict"),
        (OlmAccount.from_pickle, "pickle passphrase shared"),
        (Session.from_pickle, "pickle creation_time passphrase use_time"),
        (InboundGroupSession.from_pickle, "pickle signing_key sender_key room_id passphrase forwarding_chain"),
        (InboundGroupSession.__init__, "self session_key signing_key sender_key room_id forwarding_chain session"),
        (InboundGroupSession.import_session, "session_key signing_key sender_key room_id forwarding_chain"),
        (OutboundGroupSession.from_pickle, "pickle passphrase"),
    ],
)
def test_signatures(function: Any, parameters: str) -> None:
    assert list(inspect.signature(function).parameters) == parameters.split()


# ---- the store ------------------------------------------------------------------------------------------------------


def test_the_machine_asks_its_store_for_nothing_else() -> None:
    calls: list[str] = []

    class Recorded(KeyStore):
        def __getattribute__(self, name: str) -> Any:
            if name.startswith(("load", "save", "add", "get", "remove")):
                calls.append(name)
            return super().__getattribute__(name)

    store = Recorded(ALICE, "DEVICE", KEY)
    _Machine(ALICE, "DEVICE", store)
    assert calls == [
        "load_account",
        "save_account",
        "load_sessions",
        "load_inbound_group_sessions",
        "load_device_keys",
        "load_outgoing_key_requests",
    ]
    calls.clear()
    _Machine(ALICE, "DEVICE", store)  # an account that exists is used and not replaced
    assert "save_account" not in calls


def test_the_machine_keeps_our_store_and_its_own_empty_shelves(alice: Machine) -> None:
    assert alice.session_store is alice.store.sessions
    assert isinstance(alice.inbound_group_store, GroupSessionStore)
    assert isinstance(alice.device_store, DeviceStore)
    assert alice.account is alice.store.account


def test_sessions_are_kept_newest_first_and_can_be_cut(alice: Machine, bob: Machine) -> None:
    for _ in range(5):
        alice.meets(bob)
    kept = alice.session_store[bob.shown.curve25519]
    assert [s.use_time for s in kept] == sorted((s.use_time for s in kept), reverse=True)
    newest = kept[0]
    del kept[2:]
    assert len(alice.session_store[bob.shown.curve25519]) == 2
    assert alice.session_store.get(bob.shown.curve25519) is newest
    assert SessionStore().get("nobody") is None
    assert SessionStore()["nobody"] == []


def test_a_key_without_sessions_can_be_forgotten(alice: Machine) -> None:
    assert alice.session_store["nobody"] == []
    alice.store.drop_empty("nobody")
    assert "nobody" not in dict(alice.session_store.items())


# ---- accounts -------------------------------------------------------------------------------------------------------


def test_what_is_uploaded_first_is_the_device_and_a_full_stock_all_signed(alice: Machine) -> None:
    uploaded = alice.share_keys()
    assert set(uploaded) == {"device_keys", "one_time_keys"}
    device, ed25519 = uploaded["device_keys"], alice.shown.ed25519
    assert device["keys"] == {"curve25519:DEVICE": alice.shown.curve25519, "ed25519:DEVICE": ed25519}
    assert len(uploaded["one_time_keys"]) == alice.account.max_one_time_keys == 50
    assert all(name.startswith("signed_curve25519:") for name in uploaded["one_time_keys"])
    for value in (device, *uploaded["one_time_keys"].values()):
        assert signed_by(value, ALICE, "DEVICE", ed25519)
    assert not alice.account.shared


def test_an_accepted_upload_marks_all_keys_as_published_and_saves(alice: Machine) -> None:
    alice.share_keys()
    alice.account._account.generate_fallback_key()
    alice.store.take()
    alice.handle_response(KeysUploadResponse(0, 50))
    assert alice.account.shared
    assert alice.account.one_time_keys == {"curve25519": {}}
    assert alice.account._account.fallback_key == {}
    assert alice.store.changed


@pytest.mark.parametrize("count", [0, 10, 49])
def test_a_refill_is_what_lacks_to_a_full_stock(alice: Machine, count: int) -> None:
    alice.handle_response(KeysUploadResponse(0, 50))
    alice.uploaded_key_count = count
    assert len(alice.share_keys()["one_time_keys"]) == 50 - count


def test_a_refill_needs_a_known_count_below_the_full_one(alice: Machine) -> None:
    alice.account.shared = True
    alice.uploaded_key_count = None
    with pytest.raises(EncryptionError):
        alice.share_keys()
    alice.uploaded_key_count = 50
    with pytest.raises(ValueError):
        alice.share_keys()


def test_a_fallback_key_is_one_new_key_with_a_name(alice: Machine) -> None:
    account = alice.account._account
    account.generate_fallback_key()
    ((first, key),) = account.fallback_key.items()
    assert isinstance(first, str)
    vodozemac.Curve25519PublicKey.from_base64(key.to_base64())
    account.generate_fallback_key()
    assert set(account.fallback_key) != {first}


# ---- Olm ------------------------------------------------------------------------------------------------------------


def test_what_a_device_writes_comes_back_to_us_as_it_was_and_is_acted_on_by_nobody(
    alice: Machine, bob: Machine
) -> None:
    alice.meets(bob)
    payload = bob.takes(alice.writes(bob, {"a": 1}))
    assert payload == {
        "sender": ALICE,
        "sender_device": "DEVICE",
        "keys": {"ed25519": alice.shown.ed25519},
        "recipient": BOB,
        "recipient_keys": {"ed25519": bob.shown.ed25519},
        "type": "m.room_key",
        "content": {"a": 1},
    }
    assert list(bob.inbound_group_store) == []
    assert bob.outgoing_to_device_messages == []
    assert alice.takes(bob.writes(alice))["sender"] == BOB  # the session works both ways


def test_both_ends_are_changed_and_so_saved(alice: Machine, bob: Machine) -> None:
    alice.meets(bob)
    alice.store.take()
    event = alice.writes(bob)
    assert set(alice.store.take().put) == {"olm_session"}
    bob.store.take()
    bob.takes(event)
    assert set(bob.store.take().put) == {"olm_account", "olm_session"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_id": "@carol:example.org"},
        {"ed25519": "A" * 43},
    ],
)
def test_a_message_for_somebody_else_is_not_taken(alice: Machine, bob: Machine, wrong: dict[str, str]) -> None:
    alice.meets(bob)
    to = Device(**{**vars(bob.shown), **wrong})
    assert bob.takes(alice.writes(bob, to=to)) is None
    assert bob.takes(alice.writes(bob)) is not None


def test_a_message_in_anothers_name_is_not_taken(alice: Machine, bob: Machine) -> None:
    alice.meets(bob)
    assert bob.takes({**alice.writes(bob), "sender": "@carol:example.org"}) is None


def test_a_message_said_twice_or_made_with_a_used_key_is_not_taken_again(alice: Machine, bob: Machine) -> None:
    alice.meets(bob)
    event = alice.writes(bob)
    assert bob.takes(event) is not None
    assert bob.takes(event) is None
    bob.session_store[alice.shown.curve25519].clear()
    try:
        again = bob.takes(event)  # its one-time key is gone
    except vodozemac.SessionCreationException:
        again = None
    assert again is None


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"algorithm": "m.olm.v1.curve25519-aes-sha2"},
        {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": 1, "ciphertext": {}},
        {"algorithm": "m.megolm.v1.aes-sha2", "sender_key": "x", "ciphertext": {}},
    ],
)
def test_what_is_not_an_olm_event_is_not_parsed_as_one(content: dict[str, Any]) -> None:
    event = {"type": "m.room.encrypted", "sender": ALICE, "content": content}
    assert not isinstance(ToDeviceEvent.parse_event(event), OlmEvent)


@pytest.mark.parametrize("key", ["", "AAAA", "A" * 43, "no base64!"])
def test_no_session_is_made_from_a_key_that_is_none(alice: Machine, bob: Machine, key: str) -> None:
    with pytest.raises((vodozemac.KeyException, vodozemac.SessionCreationException)):
        alice.create_session(key, bob.shown.curve25519)
    assert alice.session_store.get(bob.shown.curve25519) is None


# ---- Megolm ---------------------------------------------------------------------------------------------------------


def group() -> OutboundGroupSession:
    session = OutboundGroupSession()
    session.shared = True
    return session


def inbound(session: OutboundGroupSession) -> InboundGroupSession:
    return InboundGroupSession(session.session_key, "ed", "curve", "!room")


def test_a_room_key_reads_from_where_it_was_given_and_tells_the_index() -> None:
    session = group()
    unread = session.encrypt("zero")
    given = inbound(session)
    assert (given.id, given.first_known_index) == (session.id, 1)
    assert (given.ed25519, given.sender_key, given.room_id) == ("ed", "curve", "!room")
    message = session.encrypt("one")
    assert given.decrypt(message) == given.decrypt(message) == ("one", 1)
    with pytest.raises(vodozemac.MegolmDecryptionException) as refused:
        given.decrypt(unread)
    assert "index" in str(refused.value).lower()  # by this word a key that came late is told from a forgery


@pytest.mark.parametrize("text", ["", "AAAA", "no base64!", "A" * 300])
def test_a_message_that_is_none_is_refused_otherwise(text: str) -> None:
    with pytest.raises((vodozemac.MegolmDecryptionException, vodozemac.DecodeException)) as refused:
        inbound(group()).decrypt(text)
    assert "index" not in str(refused.value).lower()


def test_a_message_of_another_session_is_refused_otherwise() -> None:
    with pytest.raises(vodozemac.MegolmDecryptionException) as refused:
        inbound(group()).decrypt(group().encrypt("x"))
    assert "index" not in str(refused.value).lower()


def test_a_room_key_is_exported_from_an_index_on_and_imported_again() -> None:
    session = group()
    given = inbound(session)
    first, second = session.encrypt("zero"), session.encrypt("one")
    later = InboundGroupSession.import_session(given.export_session(1), "ed", "curve", "!room")
    assert (later.id, later.first_known_index) == (session.id, 1)
    assert later.decrypt(second) == ("one", 1)
    with pytest.raises(vodozemac.MegolmDecryptionException):
        later.decrypt(first)


@pytest.mark.parametrize("key", ["", "AAAA", "no base64!"])
def test_a_room_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(vodozemac.SessionKeyDecodeException):
        InboundGroupSession(key, "ed", "curve", "!room")
    with pytest.raises(vodozemac.SessionKeyDecodeException):
        InboundGroupSession.import_session(key, "ed", "curve", "!room")


def test_nios_own_guards_of_a_room_key_are_those_that_we_lift() -> None:
    with pytest.raises(EncryptionError):
        OutboundGroupSession().encrypt("not shared")
    session = group()
    assert (session.max_messages, session.max_age) == (100, timedelta(days=7))
    session.max_messages = 1
    session.encrypt("x")
    with pytest.raises(EncryptionError):
        session.encrypt("worn")
    session.max_messages = 2**62
    session.max_age *= 10_000
    assert session.encrypt("lifted")


# ---- pickles --------------------------------------------------------------------------------------------------------


def test_pickles_keep_everything_and_open_only_with_their_key(alice: Machine, bob: Machine) -> None:
    alice.meets(bob)
    olm, out = alice.session_store.get(bob.shown.curve25519), group()
    given = inbound(out)
    ours, other = KEY.hex(), (b"o" * 32).hex()
    account = OlmAccount.from_pickle(alice.account.pickle(ours), ours, True)
    assert (account.identity_keys, account.shared) == (alice.account.identity_keys, True)
    again = Session.from_pickle(olm.pickle(ours), olm.creation_time, ours, olm.use_time)
    assert (again.id, again.creation_time, again.use_time) == (olm.id, olm.creation_time, olm.use_time)
    assert InboundGroupSession.from_pickle(given.pickle(ours), "ed", "curve", "!room", ours).id == given.id
    out.encrypt("x")
    kept = OutboundGroupSession.from_pickle(out.pickle(ours), ours)
    assert (kept.id, kept.message_index) == (out.id, 1)
    for key in (other, "DEFAULT_KEY", ""):
        with pytest.raises(vodozemac.LibolmPickleException):
            OlmAccount.from_pickle(alice.account.pickle(ours), key)
        with pytest.raises(vodozemac.LibolmPickleException):
            Session.from_pickle(olm.pickle(ours), olm.creation_time, key)
        with pytest.raises(vodozemac.LibolmPickleException):
            InboundGroupSession.from_pickle(given.pickle(ours), "ed", "curve", "!room", key)
        with pytest.raises(vodozemac.PickleException):
            OutboundGroupSession.from_pickle(out.pickle(ours), key)


# ---- verification ---------------------------------------------------------------------------------------------------

SPEC_EMOJI = (
    "🐶🐱🦁🐎🦄🐷🐘🐰🐼🐓🐧🐢🐟🐙🦋🌷🌳🌵🍄🌏🌙☁🔥🍌🍎🍓🌽🍕🎂❤😀🤖"
    "🎩👓🔧🎅👍☂⌛⏰🎁💡📕✏📎✂🔒🔑🔨☎🏁🚂🚲✈🚀🏆⚽🎸🎺🔔⚓🎧📁📌"
)


def test_the_emoji_are_those_of_the_spec_in_its_order() -> None:
    assert "".join(symbol for symbol, _ in EMOJI).replace("\ufe0f", "") == SPEC_EMOJI
    assert len(EMOJI) == 64


def test_two_sides_of_a_comparison_see_the_same() -> None:
    one, other = vodozemac.Sas(), vodozemac.Sas()
    keys = one.public_key.to_base64(), other.public_key.to_base64()
    a = one.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(keys[1]))
    b = other.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(keys[0]))
    seen = [s.bytes("info") for s in (a, b)]
    assert seen[0].emoji_indices == seen[1].emoji_indices
    assert (len(seen[0].emoji_indices), len(seen[0].decimals)) == (7, 3)
    assert all(0 <= i < 64 for i in seen[0].emoji_indices)
    assert all(1000 <= n <= 9191 for n in seen[0].decimals)
    assert a.bytes("info").decimals != a.bytes("other").decimals
    for make in ("calculate_mac", "calculate_mac_invalid_base64"):
        assert getattr(a, make)("key", "info") == getattr(b, make)("key", "info")
        assert getattr(a, make)("key", "info") != getattr(a, make)("other", "info")
    assert a.calculate_mac("key", "info") != a.calculate_mac_invalid_base64("key", "info")


def test_keys_and_signatures_that_are_none_are_refused(alice: Machine) -> None:
    for kind in (vodozemac.Ed25519PublicKey, vodozemac.Curve25519PublicKey):
        for bad in ("", "AAAA", "no base64!", "A" * 100):
            with pytest.raises(vodozemac.KeyException):
                kind.from_base64(bad)
    with pytest.raises(vodozemac.SignatureException):
        vodozemac.Ed25519Signature.from_base64("AAAA")
    key = vodozemac.Ed25519PublicKey.from_base64(alice.shown.ed25519)
    signature = vodozemac.Ed25519Signature.from_base64(alice.account.sign("words"))
    key.verify_signature(b"words", signature)
    with pytest.raises(vodozemac.SignatureException):
        key.verify_signature(b"other words", signature)


def test_nio_logs_nothing_of_what_it_decrypts(
    alice: Machine, bob: Machine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    silence_nio()
    caplog.set_level(logging.DEBUG)
    alice.meets(bob)
    session = alice.session_store.get(bob.shown.curve25519)
    event = alice.writes(bob)
    kind, body = session._session.encrypt(json.dumps({"secret words": ["x"]}).encode()).to_parts()
    hostile = event["content"]["ciphertext"][bob.shown.curve25519]
    hostile |= {"type": kind, "body": b64(body)}
    assert bob.takes(event) is None
    assert not [r for r in caplog.records if r.name.startswith("nio")]
    assert "secret words" not in caplog.text + "".join(capfd.readouterr())
