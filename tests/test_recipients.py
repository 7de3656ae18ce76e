"""The list of keys that the bot seals to: signed, current, at least two; anything else closes intake and says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import recipients
from bot.errors import UserError
from bot.recipients import Recipient, Recipients
from bot.seal import SigningKey, new_age_key

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SIGNER = SigningKey.new()
KEYS = [new_age_key()[1] for _ in range(4)]
HOLDER = SigningKey.new()


def make(path: Path, *more: Recipient) -> Recipients:
    first = (Recipient(name="registrar", age=KEYS[0], identity=True), Recipient(name="analyst-2", age=KEYS[1]))
    recipients.save(path, recipients.changed(recipients.load(path), (*first, *more)))
    return recipients.sign(path, SIGNER, today=NOW.date())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make(tmp_path / "recipients.json", Recipient(name="deputy", age=KEYS[2], identity=True, signs=HOLDER.public))
    return tmp_path / "recipients.json"


def read(path: Path, **more: Any) -> Recipients:
    return recipients.read(path, **{"signer": SIGNER.public, "now": NOW, **more})


def refused(path: Path, **more: Any) -> str:
    with pytest.raises(UserError) as found:
        read(path, **more)
    return found.value.key


def edit(path: Path, change: Callable[[Any], None]) -> None:
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def test_a_signed_list_says_to_whom_everything_and_to_whom_identities_are_sealed(path: Path) -> None:
    found = read(path)
    assert found.version == 1
    assert found.keys == tuple(KEYS[:3])
    assert found.identity_keys == (KEYS[0], KEYS[2])
    assert found.holder(HOLDER.public) == "deputy"
    assert found.holder(SIGNER.public) is None


def test_each_reason_for_which_intake_closes_has_its_name_and_the_list_of_before_opens_it_again(path: Path) -> None:
    whole = path.read_text()
    cases: list[tuple[str, Callable[[Any], None]]] = [
        ("recipients-unsigned", lambda v: v.pop("signatures")),
        ("recipients-altered", lambda v: v["recipients"].pop()),
        ("recipients-altered", lambda v: v["recipients"][0].update(age=KEYS[3])),
        ("recipients-altered", lambda v: v["recipients"][1].update(identity=True)),
        ("recipients-altered", lambda v: v.update(version=9)),
        ("recipients-altered", lambda v: v.update(expires="2099-01-01")),
        ("recipients-altered", lambda v: v.update(note="x")),
        ("recipients-altered", lambda v: v.update(signatures={})),
        ("recipients-altered", lambda v: v["signatures"]["signer"].update({"ed25519:list": "x"})),
        ("recipients-altered", lambda v: v.update(signatures=[1])),
    ]
    for reason, change in cases:
        edit(path, change)
        assert refused(path) == reason
        path.write_text(whole)
        assert read(path).version == 1
    for broken in ("", "[]", "{", "[" * 100_000, "null", " " * 70_000 + whole):
        path.write_text(broken)
        assert refused(path) == "recipients-broken"
    path.unlink()
    assert refused(path) == "recipients-missing"
    path.write_text(whole)
    assert refused(path, signer=None) == "recipients-no-signer"
    assert refused(path, signer=SigningKey.new().public) == "recipients-altered"
    assert refused(path, signer="nonsense") == "recipients-altered"
    assert read(path).version == 1


def test_a_list_of_before_is_not_taken_again(path: Path) -> None:
    old = path.read_text()
    recipients.sign(path, SIGNER, today=NOW.date())
    assert read(path, seen=1).version == 2
    path.write_text(old)
    assert refused(path, seen=2) == "recipients-rolled-back"
    assert read(path, seen=1).version == 1


def test_a_list_and_each_key_in_it_end_on_their_day(path: Path, tmp_path: Path) -> None:
    assert read(path, now=NOW + timedelta(days=364)).version == 1
    assert refused(path, now=NOW + timedelta(days=365)) == "recipients-expired"
    other = tmp_path / "other.json"
    make(other, Recipient(name="short", age=KEYS[2], expires=date(2026, 12, 1)))
    assert len(read(other).keys) == 3
    assert read(other, now=datetime(2026, 12, 1, tzinfo=UTC)).keys == tuple(KEYS[:2])


def test_fewer_than_two_valid_keys_close_intake(tmp_path: Path) -> None:
    path = tmp_path / "recipients.json"
    two = (Recipient(name="a", age=KEYS[0]), Recipient(name="b", age=KEYS[1], expires=date(2026, 12, 1)))
    recipients.save(path, recipients.changed(Recipients(), two))
    recipients.sign(path, SIGNER, today=NOW.date())
    assert len(read(path).keys) == 2
    assert refused(path, now=NOW + timedelta(days=10)) == "recipients-few"
    recipients.save(path, recipients.changed(recipients.load(path), two[:1]))
    with pytest.raises(UserError, match="recipients-few"):
        recipients.sign(path, SIGNER, today=NOW.date())
    recipients.save(path, recipients.changed(recipients.load(path), two))
    assert recipients.sign(path, SIGNER, today=NOW.date()).version == 2


def test_a_key_or_a_name_cannot_count_twice(path: Path) -> None:
    found = recipients.load(path)
    for twice in (Recipient(name="other", age=KEYS[0]), Recipient(name="registrar", age=KEYS[3])):
        with pytest.raises(UserError, match="recipients-broken"):
            recipients.changed(found, (*found.recipients, twice))
    assert len(recipients.changed(found, (*found.recipients, Recipient(name="x", age=KEYS[3]))).keys) == 4


def test_a_change_takes_the_signature_away_until_the_list_is_signed_again(path: Path) -> None:
    before = read(path).fingerprint
    found = recipients.load(path)
    recipients.save(path, recipients.changed(found, found.recipients[:2]))
    assert refused(path) == "recipients-unsigned"
    after = recipients.sign(path, SIGNER, today=NOW.date())
    assert after.version == 2
    assert read(path) == after
    assert after.fingerprint != before


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": "Anna Example", "age": KEYS[0]}, "recipients-bad-name"),
        ({"name": "anna", "age": "age1nothing"}, "recipients-bad-key"),
        ({"name": "anna", "age": "ssh-ed25519 AAAA"}, "recipients-bad-key"),
        ({"name": "anna", "age": KEYS[0], "signs": "x"}, "recipients-bad-key"),
    ],
)
def test_what_is_no_key_and_what_may_be_a_persons_name_is_refused(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        recipients.recipient(**values)
    assert recipients.recipient(name="anna-1", age=KEYS[0]).fingerprint.count(" ") == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_byte_of_a_list_is_taken_for_it(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    whole, before = bytes(raw), read(path)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    try:
        assert read(path) == before, "a space, or the same sign written otherwise"
    except UserError as error:
        assert error.key in ("recipients-altered", "recipients-broken", "recipients-unsigned")
    finally:
        path.write_bytes(whole)
