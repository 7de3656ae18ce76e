"""The bot's own identity as another client sees it, and identities that change."""

from __future__ import annotations

import pytest

from bot.errors import StartError
from bot.matrix.fence import mapping
from bot.matrix.identity import Identity
from tests.e2e.conftest import PASSWORD, bots, enter, synapse, unique
from tests.interop.people import js

__all__ = ["bots", "enter", "js", "synapse"]


def default_key(user_id: str) -> str:
    return f"/_matrix/client/v3/user/{user_id}/account_data/m.secret_storage.default_key"


def name_of(user_id: str) -> str:
    return user_id[1:].partition(":")[0]


async def test_another_client_opens_secret_storage_with_the_recovery_key(bots, js) -> None:
    bot = await bots.start()
    key = bot.identity.recovery_file.read_text().strip()
    assert bot.identity.recovery_file.stat().st_mode & 0o077 == 0
    other = await js(user=name_of(bot.session.user_id), signed=False)
    with pytest.raises(Exception, match=r"."):
        await other("recover", recovery_key="EsTc 5rr1 4JhC 6EMd GxnS 9ZSU pRgH 8tXr 9Zjb kMNx b5Ax BEyJ")
    found = await other("recover", recovery_key=key)
    assert found["secrets"] == {"master": True, "self_signing": True, "user_signing": True}
    assert found["device_verified"]
    await bot.check_identity()
    assert await bot.identity.problems() == []  # an honest second device is no alarm


async def test_an_existing_identity_is_never_replaced_and_opens_with_its_recovery_key(bots, js, monkeypatch) -> None:
    owner = await js("existing", recovery=True)
    status = await owner("user_status", user_id=owner.user_id)
    with pytest.raises(StartError) as refused:
        await bots.start(name_of(owner.user_id), register=False)
    assert refused.value.key == "identity-exists"
    monkeypatch.setenv("LIAISON_RECOVERY_KEY", "EsTc 5rr1 4JhC 6EMd")
    with pytest.raises(StartError) as wrong:
        await bots.start(name_of(owner.user_id), register=False)
    assert wrong.value.key == "recovery-key-wrong"
    monkeypatch.setenv("LIAISON_RECOVERY_KEY", owner.recovery_key)
    bot = await bots.start(name_of(owner.user_id), register=False)
    assert bot.identity.master == status["master_key"]
    seen = await owner(
        "device_status", user_id=owner.user_id, device_id=bot.session.device_id, until={"signed_by_owner": True}
    )
    assert seen["signed_by_owner"]
    monkeypatch.delenv("LIAISON_RECOVERY_KEY")
    await bots.stop(bot)
    again = await bots.start(name_of(owner.user_id), register=False)
    assert again.identity.master == status["master_key"]


async def test_somebody_replaces_the_bots_identity(bots, js, enter) -> None:
    sara = await enter("sara")
    staff = [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master}]
    bot = await bots.start(staff=staff)
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    await sara.join(invite.room_id)
    await sara.until_member(invite.room_id, bot.session.user_id)
    before = bot.identity.master
    thief = await js(user=name_of(bot.session.user_id), signed=False)
    await thief("request", method="PUT", path=default_key(bot.session.user_id), body={})
    await thief("bootstrap", password=PASSWORD, reset=True)

    # The desk is told at once, because the bot's own devices changed, but a strict client no longer reads the bot:
    # what counts for us is that the bot knows, and that it does not go along.
    async def alarmed() -> bool:
        return "doctor-master-changed" in await bot.identity.problems()

    assert await alarmed()
    await bots.stop(bot)
    with pytest.raises(StartError) as refused:
        await bots.start(name_of(bot.session.user_id), register=False, staff=staff)
    assert refused.value.key in ("identity-exists", "recovery-key-wrong")
    shown = await sara.http.call("POST", "/keys/query", {"device_keys": {bot.session.user_id: []}})
    master = next(iter(mapping(shown["master_keys"])[bot.session.user_id]["keys"].values()))
    assert master != before


async def test_a_crash_between_the_recovery_file_and_the_last_upload_is_finished(bots, monkeypatch) -> None:
    name = unique("helper")
    put = Identity._put_account_data

    async def dies(self: Identity, kind: str, content: dict[str, object]) -> None:
        if kind == "m.secret_storage.default_key":
            raise KeyboardInterrupt
        await put(self, kind, content)

    monkeypatch.setattr(Identity, "_put_account_data", dies)
    with pytest.raises(KeyboardInterrupt):
        await bots.start(name)
    file = bots.folder / name / "recovery-key.txt"
    kept = file.read_text()
    monkeypatch.setattr(Identity, "_put_account_data", put)
    bot = await bots.start(name, register=False)
    assert file.read_text() == kept
    opened = await bot.identity.open_secret_storage(kept)
    assert opened.master.public == bot.identity.master


async def test_a_recovery_file_that_holds_something_else_is_not_overwritten(bots) -> None:
    name = unique("helper")
    folder = bots.folder / name
    folder.mkdir()
    (folder / "recovery-key.txt").write_text("my shopping list")
    with pytest.raises(StartError) as refused:
        await bots.start(name)
    assert refused.value.key == "recovery-file-exists"
    assert (folder / "recovery-key.txt").read_text() == "my shopping list"
    (folder / "recovery-key.txt").unlink()
    bot = await bots.start(name, register=False)
    assert await bot.identity.problems() == []


async def test_a_participant_with_a_new_identity_starts_again(bots, js) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    alice = await js("alice")
    room = await alice.dm(us)
    await alice.hears(room, "English", sender=us)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "alone", sender=us, after=last)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "Write a number", sender=us, after=last)
    await alice("bootstrap", password=PASSWORD, reset=True)
    last = await alice("send", room_id=room, body="whoami")
    told = await alice.hears(room, "new keys", "English", sender=us, after=last)
    assert "This is what I keep" not in told["content"]["body"]
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "alone", sender=us, after=last)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "Write a number", sender=us, after=last)
    last = await alice("send", room_id=room, body="whoami")
    await alice.hears(room, "This is what I keep", sender=us, after=last)


async def test_a_member_of_staff_with_a_new_identity_waits_for_another_admin(bots, js, enter) -> None:
    sara = await enter("sara")
    tomas = await js("tomas")
    staff = [
        {"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master},
        {"id": "tomas", "accounts": [tomas.user_id], "role": "admin"},
    ]
    bot = await bots.start(staff=staff)
    us = bot.session.user_id
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    desk = invite.room_id
    await sara.join(desk)
    await tomas("join", room_id=desk)
    await tomas("members", room_id=desk, until={us: "join"})
    last = await tomas("send", room_id=desk, body="!bot status")
    await tomas("wait_event", room_id=desk, sender=us, contains="Mode", after_event=last)
    await sara.hears("Mode", room_id=desk)
    await tomas("bootstrap", password=PASSWORD, reset=True)
    await tomas("send", room_id=desk, body="!bot status")
    told = await sara.hears("new keys", tomas.user_id, room_id=desk)
    assert f"people accept {tomas.user_id}" in told.text
    await sara.says(desk, f"!people accept {tomas.user_id}")
    await sara.hears("accept the new keys", room_id=desk)
    await bot.outgoing.idle()
    last = await tomas("send", room_id=desk, body="!bot status")
    await tomas("wait_event", room_id=desk, sender=us, contains="Mode", after_event=last)
