"""What one person heard is for that person: a third one in the room, a crowd at the door, somebody's open question."""

from __future__ import annotations

from bot.matrix.devices import Device, UserKeys
from bot.matrix.rooms import Listener, Rooms, Scene
from bot.store.rooms import apply_state, get_room, set_room
from tests.world import BOT, World


def test_who_comes_into_a_private_room_finds_nothing_of_before(world: World) -> None:
    alice = world.person("alice").arrives().says("whoami")
    said = len(alice.room.said)
    world.member(alice.room, "@mallory:example.org", "invite")
    world.deliver()
    assert all(s.redacted for s in alice.room.said[:said])
    assert "This is what I keep" not in "".join(s.text for s in alice.room.said if not s.redacted)
    again = world.person("alice2").arrives()
    again.says("whoami").heard("This is what I keep")


def test_a_third_person_that_reading_missed_is_noticed_at_the_next_message(world: World) -> None:
    alice = world.person("alice").arrives()
    come = {"type": "m.room.member", "state_key": "@mallory:example.org", "content": {"membership": "join"}}
    world.tx(apply_state, alice.room.room_id, [come | {"sender": "@mallory:example.org"}], us=BOT)
    alice.says("whoami")
    assert "This is what I keep" not in "".join(alice.heard_all())
    found = world.tx(get_room, alice.room.room_id)
    assert found is not None and found.kind == "group"
    alice.room = world.private_room(alice.account)
    world.deliver()
    alice.says("1", "1", "whoami").heard("This is what I keep")


def test_what_is_ones_own_is_encrypted_for_that_one_alone(world: World) -> None:
    alice = world.person("alice").arrives()
    room = world.tx(get_room, alice.room.room_id)
    assert room is not None
    rooms = Rooms(None, world.db, None, world.config)  # type: ignore[arg-type]  # it asks nobody anything here
    everybody = [Listener(u, "participant", False) for u in (alice.account, "@mallory:example.org")]

    def has_key(user: str, audience: str, listeners: list[Listener]) -> bool:
        device = Device(user, "D", "c", "e", signed=True)
        keys = UserKeys(user, master="m", pinned="m", devices={"D": device})
        return rooms.circle(Scene(room, listeners), audience).may_have(keys, device)  # type: ignore[arg-type]

    assert has_key(alice.account, "own", everybody)
    assert not has_key("@mallory:example.org", "own", everybody)
    assert has_key("@mallory:example.org", "public", everybody)
    assert has_key(alice.account, "own", everybody[:1])


def test_an_open_question_of_one_person_is_not_repeated_to_another(world: World) -> None:
    alice = world.person("alice").arrives().says("whoami")
    bob = world.person("bob").arrives()
    world.member(alice.room, alice.account, "leave")
    world.tx(set_room, alice.room.room_id, kind="private", membership="join")
    before = len(alice.room.said)
    world.member(alice.room, bob.account, "join")
    bob.room = alice.room
    bob.sends_file()
    assert "This is what I keep" not in "".join(s.text for s in alice.room.said[before:])
    bob.says("menu").heard("Write a number:")


def test_somebody_who_invites_all_the_time_shuts_the_door_for_nobody_else(world: World) -> None:
    for _ in range(70):
        world.private_room("@mallory:example.org")
    world.deliver()
    assert len(world.declined) > 50
    world.person("victim").heard("English")
    world.clock.advance(hours=1)
    world.person("mallory").heard("English")


def test_any_number_of_unreadable_messages_gets_a_few_answers(world: World) -> None:
    alice = world.person("alice").arrives()
    for number in range(100):
        world.queue(world.core.unreadable, alice.room.room_id, alice.account, f"no-key{number}")
    world.deliver()
    assert 0 < len(alice.heard_all()) <= world.config.limits.messages
    alice.says("menu").heard("Write a number:")
