"""The desk and the team's commands, from the chairs of the team (DESIGN.md, approvals; HUMANE.md, H6 to H8, H34)."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.config import LANGUAGES, Config
from bot.domain import desks, pages, people
from bot.faq.content import SHIPPED
from bot.matrix.outgoing import Outgoing
from bot.message import Trust
from bot.seal import KeyRing
from bot.store.db import Database, Tx
from bot.store.outbox import list_due
from bot.store.tables import audit
from tests.world import BOT, Clock, Person, RoomView, World, staff

MIA = "@mia:example.org"
WHOLE = "Nobody has changed these entries."
TEAM = [
    staff("sara", "admin"),
    {"id": "omar", "accounts": ["@omar:example.org", "@omar-phone:example.org"], "role": "admin"},
    staff("lina"),
    staff("vera", "approver"),
]


class Team:
    """The desk with the team of the config at it, on devices whose identity was compared."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = world.open_desk()
        self.sara, self.omar, self.omar_phone, self.lina, self.vera = (
            self.at(name) for name in ("sara", "omar", "omar-phone", "lina", "vera")
        )

    def at(self, name: str, trust: Trust = Trust.VERIFIED) -> Person:
        person = Person(self.world, f"@{name}:example.org", trust)
        person.room = self.desk
        return person

    def goes_on(self, mode: str) -> None:
        """The mode becomes this one, by whatever takes."""
        self.sara.says(f"!bot mode {mode}")
        if "second person" in self.sara.heard():
            self.omar.says(f"!approve {asked(self.sara)}").heard("Approved and done")
        self.sara.says("!bot mode").heard(f"Mode: {mode}")


@pytest.fixture
def team(make_world: Callable[..., World]) -> Team:
    return Team(make_world(staff=TEAM))


def asked(person: Person) -> str:
    """The reference of what the desk was just asked to approve."""
    found = re.search(r"approve ([A-Z0-9]{4})$", person.room.said[-1].text)
    assert found, person.room.said[-1].text
    return found[1]


def invited(world: World) -> list[str]:
    return [(deed.content or {})["user"] for deed in world.deeds if deed.kind == "invite"]


def made(world: World) -> list[RoomView]:
    return [view for view in world.rooms.values() if view.kind == "desk"]


def starts_with(world: World, members: list[dict[str, Any]]) -> None:
    """The operator changed the config; the program starts again."""
    world.config = Config.model_validate({"staff": members})
    world.restart()
    world.queue(desks.ensure, world.config)
    world.deliver()


# ---- the room -----------------------------------------------------------------------------------------------------


def test_the_desk_is_made_at_first_start_and_each_account_of_the_team_invited_once(team: Team) -> None:
    everybody = [account for member in TEAM for account in member["accounts"]]
    for _ in range(3):
        starts_with(team.world, TEAM)
    assert made(team.world) == [team.desk]
    assert sorted(invited(team.world)) == sorted(everybody)
    team.lina.says("!help").heard("bot status", "approve REF")


async def test_the_room_that_the_server_is_asked_for_is_encrypted_and_invite_only(
    sqlite_url: str, keys: KeyRing
) -> None:
    bodies: list[dict[str, Any]] = []

    class Edge:
        async def call(self, _method: str, _path: str, body: dict[str, Any], **_more: Any) -> dict[str, Any]:
            bodies.append(body)
            return {"room_id": "!desk:example.org"}

        async def commit(self, _cause: str, function: Callable[[Tx], Any]) -> Any:
            return await db.run(function)

    db, config = Database(sqlite_url, keys, Clock()), Config.model_validate({"staff": TEAM[:1]})
    edge: Any = Edge()
    outgoing = Outgoing(edge, db, edge, edge, edge, edge, edge, Clock(), asyncio.Event())
    working = asyncio.create_task(outgoing.run())
    for start in ("first", "second"):
        await db.run_for(start, desks.ensure, config)
        outgoing.wake()
        await outgoing.idle()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await db.close()
    made, invitation = bodies
    state = {event["type"]: event["content"] for event in made["initial_state"]}
    assert state["m.room.encryption"] == {"algorithm": "m.megolm.v1.aes-sha2"}
    assert state["m.room.history_visibility"] == {"history_visibility": "joined"}
    assert (made["preset"], made["visibility"], made["invite"]) == ("private_chat", "private", [])
    assert invitation == {"user_id": "@sara:example.org"}


@pytest.mark.parametrize("deeds", range(4))
def test_a_start_that_ended_in_between_is_finished_and_makes_no_second_desk(
    make_world: Callable[..., World], deeds: int
) -> None:
    world = make_world(staff=TEAM[:1])
    world.queue(desks.ensure, world.config)
    for _ in range(deeds):  # killed after so many
        for row in world.tx(list_due, 1):
            world._do(row)
        world.queue(desks.ensure, world.config)
    world.restart()
    for _ in range(2):
        world.queue(desks.ensure, world.config)
        world.deliver()
    assert len(made(world)) == 1
    assert invited(world) == ["@sara:example.org"]


def test_who_comes_into_the_config_later_is_invited(make_world: Callable[..., World]) -> None:
    world = make_world(staff=TEAM[:1])
    desk = world.open_desk()
    nadia = Person(world, "@nadia:example.org", Trust.SIGNED)
    nadia.room = desk
    nadia.says("!bot status").heard("write to me in private", BOT)
    starts_with(world, [*TEAM[:1], staff("nadia")])
    assert invited(world) == ["@sara:example.org", "@nadia:example.org"]
    nadia.says("!bot status").heard("State:")


def test_who_was_taken_out_of_the_config_is_a_stranger_at_the_desk_and_in_private(team: Team) -> None:
    world = team.world
    in_private = world.person("lina").arrives()
    in_private.says("bot status").heard("State:")
    starts_with(world, [m for m in TEAM if m["id"] != "lina"])
    assert "@lina" not in team.sara.says("!people").heard("Who has a role", "@vera:example.org: approver")
    team.lina.says("!bot status").heard("do not know this here", BOT)
    in_private.says("bot status")
    assert world.asked.pop() == "bot status"
    in_private.says("menu")
    assert "My work" not in in_private.heard("Write a number", "7 More")
    in_private.says("7")
    assert "state" not in in_private.heard("Write a number", "1 Settings")
    starts_with(world, TEAM)
    team.lina.says("!bot status").heard("State:")


def test_an_invitation_of_somebody_who_was_taken_out_counts_as_a_stranger_s(team: Team) -> None:
    def invites_into_a_group() -> RoomView:
        view = team.world.private_room("@lina:example.org")
        view.members.add(MIA)
        team.world.deliver()
        return view

    team.lina.says("!bot status")
    assert invites_into_a_group().room_id not in team.world.left
    starts_with(team.world, [m for m in TEAM if m["id"] != "lina"])
    assert invites_into_a_group().room_id in team.world.left
    starts_with(team.world, TEAM)
    assert invites_into_a_group().room_id not in team.world.left


def test_a_desk_is_only_for_those_whose_desk_it_is(make_world: Callable[..., World]) -> None:
    members = [staff("sara", "admin"), staff("lina", desks=["field"])]
    team = Team(make_world(staff=members, desks=[{"name": "main"}, {"name": "field"}]))
    main, field = made(team.world)
    assert "@lina:example.org" not in main.members
    team.lina.says("!bot status", room=main)
    assert "do not know this here" in main.said[-1].text
    team.lina.says("!bot status", room=field)
    assert "State:" in field.said[-1].text
    team.sara.says("!bot status", room=field)
    assert "State:" in field.said[-1].text, "an admin belongs to each"


def test_what_the_team_says_to_one_another_is_not_answered(team: Team) -> None:
    team.lina.says("bot status", "approve A2B3", "2", "0", "good morning").sends_file()
    team.lina.heard_nothing()
    team.lina.says("helper: bot status", mentions_us=True).heard("State:")
    team.lina.says("!bot status").heard("State:")


# ---- where and from which device ------------------------------------------------------------------------------------


def test_a_team_command_works_in_private_and_elsewhere_is_kindly_refused(team: Team) -> None:
    lina = team.world.person("lina").arrives()
    lina.says("bot status").heard("State:")
    team.world.member(lina.room, MIA, "join")
    team.world.deliver()
    lina.says("bot status")
    lina.heard("Somebody else is in this room now")
    lina.says("!bot status").heard("write to me in private", BOT)
    team.lina.says("!bot status").heard("State:")


def test_somebody_who_is_no_colleague_learns_nothing_of_the_team_s_words(team: Team) -> None:
    alice = team.world.person("alice").arrives()
    for typed in ("bot status", "bot audit", "people", "approve A2B3", "match A2B3"):
        alice.says(typed)
        assert team.world.asked.pop() == typed, "what anybody may say"
        assert not team.world.asked
    alice.says("menu", "1").heard("Choose a number")


@pytest.mark.parametrize("private", [True, False])
def test_a_device_that_its_owner_has_not_signed_is_told_how_to_mend_it(team: Team, private: bool) -> None:
    lina = team.world.person("lina").arrives() if private else team.lina
    prefix = "" if private else "!"
    lina.says(f"{prefix}bot mode paused", trust=Trust.UNSIGNED).heard("confirm this device")
    lina.says(f"{prefix}bot mode", trust=Trust.SIGNED).heard("Mode: listening")


def test_what_exposes_needs_an_identity_that_was_compared(team: Team) -> None:
    ref = asked(team.sara.says(f"!people role {MIA} coordinator"))
    compared = compares(team, "@lina:example.org")
    team.world.new_keys("@sara:example.org")
    for typed, answer in {
        f"!approve {ref}": "Approved and done",
        f"!match {compared}": "count them as compared",
        f"!people role {MIA} member": "second person",
        "!people accept @sara:example.org": "accept the new keys",
    }.items():
        team.omar.says(typed, trust=Trust.SIGNED).heard("must be sure that it is really you", "“!match”")
        team.omar.says(typed).heard(answer)


def test_a_locked_colleague_is_sent_to_the_private_room_and_goes_on_afterwards(team: Team) -> None:
    lina = team.world.person("lina").arrives().says("lock", "green ladder")
    team.world.clock.advance(hours=2)
    team.lina.says("!bot mode paused").heard("unlock", "in private", BOT)
    lina.says("unlock", "green ladder").heard("This is what I keep")
    team.lina.says("!bot mode").heard("Mode: listening")


def test_a_colleague_with_new_keys_is_refused_until_another_admin_has_accepted_them(team: Team) -> None:
    team.omar.says("!bot status", "!bot mode paused", trust=Trust.CHANGED)
    team.omar.heard("new keys", "Ask an admin")
    assert len([s for s in team.desk.said if "The account @omar:example.org has new keys" in s.text]) == 1
    team.omar_phone.says("!people accept @omar:example.org").heard("Somebody else")
    team.lina.says("!people accept @omar:example.org").heard("do not know this")
    team.sara.says("!people accept @nobody:example.org").heard("I do not know this account")
    assert not [deed for deed in team.world.deeds if deed.kind == "accept"]
    team.sara.says("!people accept @omar:example.org").heard("no new keys to accept")
    assert not [deed for deed in team.world.deeds if deed.kind == "accept"]
    team.world.new_keys("@omar:example.org")
    team.sara.says("!people accept @omar:example.org").heard("accept the new keys")
    assert [(d.content or {})["user"] for d in team.world.deeds if d.kind == "accept"] == ["@omar:example.org"]
    team.omar.says("!bot mode", trust=Trust.SIGNED).heard("Mode: listening")
    team.sara.says("!bot audit").heard("identity-accepted · sara")


# ---- comparing ------------------------------------------------------------------------------------------------------


def compares(team: Team, account: str) -> str:
    """Somebody went through the emoji with the bot; the reference that the desk is shown."""
    team.world.queue(people.compared, team.world.config, account, "MASTER", ["🐱", "🔑"])
    team.world.deliver()
    text = team.world.desk_said("comparing emoji", "🐱 🔑", "lina")
    found = re.search(r"match ([A-Z0-9]{4})", text)
    assert found
    return found[1]


def test_a_colleague_s_match_signs_the_identity_and_nobody_does_it_alone(team: Team) -> None:
    lina = "@lina:example.org"
    ref = compares(team, lina)
    team.lina.says(f"!match {ref}").heard("Somebody else has to do that")
    team.sara.says("!match Z9Z9").heard("no comparison Z9Z9")
    assert team.world.signed == []
    team.sara.says(f"!match {ref.lower()}").heard("count them as compared")
    assert team.world.signed == [lina]
    team.omar.says(f"!match {ref}").heard("no comparison", ref)
    assert team.world.signed == [lina]


def test_a_later_comparison_replaces_the_one_before(team: Team) -> None:
    first, second = (compares(team, "@lina:example.org") for _ in range(2))
    team.sara.says(f"!match {first}").heard("no comparison")
    assert team.world.signed == []
    team.sara.says(f"!match {second}").heard("count them as compared")
    assert team.world.signed == ["@lina:example.org"]


# ---- modes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["listening", "open", "paused", "archive"])
def test_what_each_mode_lets_people_do(team: Team, mode: str) -> None:
    alice = team.world.person("alice").arrives()
    if mode != "listening":
        team.goes_on(mode)
    team.lina.says("!bot status").heard(f"Mode: {mode}")
    alice.says("ask")
    alice.heard("I am paused" if mode == "paused" else "Choose a number")
    for word, answer in {"safety": "Menu", "real?": "Do not", "about": "Menu", "whoami": "what I keep"}.items():
        alice.says(word).heard(answer)
    alice.says("forget").chooses("Yes, erase it").heard("It is erased")
    if mode == "paused":
        team.goes_on("listening")
        alice.says("hello").arrives().says("ask").heard("Choose a number")


def test_pausing_takes_one_and_going_back_takes_two(team: Team) -> None:
    team.lina.says("!bot mode paused").heard("The mode is paused now")
    team.lina.says("!bot mode paused").heard("paused already")
    team.lina.says("!bot mode listening").heard("second person")
    ref = asked(team.lina)
    team.lina.says(f"!approve {ref}").heard("Somebody else has to do that")
    team.lina.says("!bot mode").heard("Mode: paused")
    team.vera.says(f"!approve {ref}").heard("Approved and done", ref)
    team.lina.says("!bot mode").heard("Mode: listening")
    team.sara.says("!bot audit").heard("mode:listening · vera", "asked:mode · lina", "mode:paused · lina", WHOLE)


def test_what_was_approved_is_a_step_from_the_mode_of_then(team: Team) -> None:
    team.lina.says("!bot mode open")
    ref = asked(team.lina)
    team.sara.says("!bot mode paused")
    team.omar.says(f"!approve {ref}").heard("nothing called", ref)
    team.omar.says("!bot mode").heard("Mode: paused")
    team.lina.says("!bot mode open")
    team.omar.says(f"!approve {asked(team.lina)}").heard("Approved and done")
    team.omar.says("!bot mode").heard("Mode: open")


def test_a_slip_in_a_team_command_is_explained(team: Team) -> None:
    slips = {"bot": "State:", "bot dance": "Write !help", "bot mode asleep": "The modes are"}
    for typed, answer in (slips | dict.fromkeys(("approve", "refuse", "match"), "Something is missing")).items():
        team.lina.says(f"!{typed}").heard(answer)
        team.lina.says("!bot mode").heard("Mode: listening")


# ---- roles and approvals --------------------------------------------------------------------------------------------


def test_a_role_is_given_by_two_people(team: Team) -> None:
    assert MIA not in team.sara.says("!people").heard("Who has a role", "@sara:example.org: admin")
    team.sara.says(f"!people role {MIA} coordinator").heard("second person")
    ref = asked(team.sara)
    assert MIA not in team.sara.says("!people").heard("Who has a role")
    team.omar.says(f"!approve {ref.lower()}").heard("Approved and done", ref)
    team.lina.says("!people").heard(f"{MIA}: coordinator")
    team.omar.says(f"!approve {ref}").heard("nothing called", ref)
    team.omar.says(f"!people role {MIA} participant")
    team.sara.says(f"!approve {asked(team.omar)}")
    assert MIA not in team.sara.says("!people").heard("Who has a role")


@pytest.mark.parametrize(("asks", "again"), [("sara", "sara"), ("omar", "omar-phone")])
def test_nobody_approves_what_they_asked_for_not_even_with_another_account(team: Team, asks: str, again: str) -> None:
    asker = team.at(asks).says(f"!people role {MIA} member")
    ref = asked(asker)
    team.at(again).says(f"!approve {ref}").heard("Somebody else has to do that")
    assert MIA not in team.lina.says("!people").heard("Who has a role")
    team.vera.says(f"!approve {ref}").heard("Approved and done")
    team.lina.says("!people").heard(f"{MIA}: member")


@pytest.mark.parametrize("who", ["omar", "sara"])
def test_a_request_that_was_refused_is_over(team: Team, who: str) -> None:
    """By somebody else, or taken back by who asked."""
    ref = asked(team.sara.says(f"!people role {MIA} member"))
    team.at(who).says(f"!refuse {ref}").heard("Refused", ref)
    team.omar.says(f"!approve {ref}").heard("nothing called", ref)
    ref = asked(team.sara.says(f"!people role {MIA} member"))
    team.omar.says(f"!approve {ref}").heard("Approved and done")
    team.sara.says("!bot audit").heard(f"refused:role · {who}")


def test_a_request_that_nobody_decided_is_over_after_seven_days(team: Team) -> None:
    ref = asked(team.sara.says(f"!people role {MIA} member"))
    team.world.clock.advance(days=7)
    never_was = team.omar.says("!approve Z9Z9").heard("nothing called Z9Z9")
    assert team.omar.says(f"!approve {ref}").heard().replace(ref, "Z9Z9") == never_was
    ref = asked(team.sara.says(f"!people role {MIA} member"))
    team.world.clock.advance(days=6, hours=23)
    team.omar.says(f"!approve {ref}").heard("Approved and done")


def test_roles_that_cannot_be_given_this_way_are_explained(team: Team) -> None:
    for typed, answer in {
        "role": "Something is missing",
        "role mia member": "@name:example.org",
        "role @mia member": "@name:example.org",
        f"role {MIA} boss": "The roles to give",
        f"role {MIA} staff": "config file",
        f"role {MIA} admin": "config file",
        f"role {MIA} ombud": "config file",
        "role @lina:example.org participant": "config file",
        "accept mia": "@name:example.org",
    }.items():
        team.sara.says(f"!people {typed}").heard(answer)
    team.sara.says(f"!people role {MIA} member").heard("second person")


# ---- the audit ------------------------------------------------------------------------------------------------------


def test_the_audit_shows_when_somebody_changed_the_database(team: Team) -> None:
    team.sara.says("!bot audit").heard("There are no entries yet")
    for mode in ("paused", "listening", "open"):
        team.goes_on(mode)
    team.sara.says("!bot audit").heard(WHOLE)
    third = audit.c.seq == 3
    entry = team.world.tx(lambda tx: tx.one(sa.select(audit).where(third)))
    for name, value in {"act": "mode:open", "actor": "lina", "ref": "A2A2", "at": entry.at.replace(year=2020)}.items():
        team.world.tx(lambda tx, new: tx.execute(sa.update(audit).where(third).values(new)), {name: value})
        team.sara.says("!bot audit").heard("Somebody changed entry 3, or took one out before it.")
        kept = {name: getattr(entry, name)}
        team.world.tx(lambda tx, old: tx.execute(sa.update(audit).where(third).values(old)), kept)
        team.sara.says("!bot audit").heard(WHOLE)


def test_the_audit_is_for_admins_and_names_no_one_but_the_team(team: Team) -> None:
    team.omar.says(f"!approve {asked(team.sara.says(f'!people role {MIA} member'))}")
    team.lina.says("!bot audit").heard("do not know this here")
    team.vera.says("!bot audit").heard("do not know this here")
    vera = team.world.person("vera").arrives().says("bot audit")
    assert team.world.asked == ["bot audit"]
    assert BOT not in vera.heard(), "it is a private room already"
    told = team.omar_phone.says("!bot audit").heard("role:member · omar", "asked:role · sara")
    assert "mia" not in told


# ---- content --------------------------------------------------------------------------------------------------------


def test_reload_shows_what_was_edited_and_names_a_mistake_without_losing_what_was(
    make_world: Callable[..., World], tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(SHIPPED, folder)
    about = folder / "about.yaml"
    team = Team(make_world(staff=TEAM, faq={"content": str(folder)}))
    team.world.queue(pages.tell_changes, team.world.content, team.world.config)  # as the first start does
    alice = team.world.person("alice").arrives().says("call me")
    bashar = team.world.person("bashar").arrives()

    def edited(sentence: str) -> str:
        page = yaml.safe_load(about.read_text())
        page["text"]["en"] += f"\n{sentence}"
        return yaml.safe_dump(page, allow_unicode=True)

    about.write_text(edited("We are open on Mondays."))
    assert "Mondays" not in alice.says("about").heard("Menu")
    bashar.heard_all()
    team.lina.says("!bot reload")
    team.world.desk_said(f"Read again. There are {len(team.world.content.entries)} answers")
    team.world.desk_said("We are open on Mondays.")
    assert "We are open on Mondays." in alice.heard_all()[-1], "she said that we may write first"
    bashar.heard_nothing()
    bashar.says("about").heard("We are open on Mondays.")

    good = about.read_text()
    about.write_text(edited("And on Fridays.") + "txet: wrong\n")
    team.lina.says("!bot reload").heard("I keep what I have", "about.yaml", "txet")
    alice.says("about").heard("We are open on Mondays.")
    assert "Fridays" not in alice.room.said[-1].text
    about.write_text(good.replace("Mondays", "Tuesdays"))
    team.lina.says("!bot reload")
    alice.says("about").heard("We are open on Tuesdays.")


# ---- the team's words in every language -----------------------------------------------------------------------------

ACTS = ("bot-status", "bot-mode", "bot-audit", "people", "people-role", "people-accept", "approve", "refuse", "match")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_team_works_in_its_own_language(team: Team, language: str) -> None:
    words = {act: team.world.texts.word_for(act, language) for act in ACTS}
    names = {name: team.world.texts.sentence(language, name) for name in ("mode-paused", "mode-open", "role-member")}
    team.sara.says(f"!{words['bot-status']}").heard("State:")
    team.sara.says(f"!{words['bot-mode']} {names['mode-paused']}").heard("The mode is paused now.")
    ref = asked(team.sara.says(f"!{words['bot-mode']} {names['mode-open']}"))
    team.omar.says(f"!{words['approve']} {ref}").heard("Approved and done")
    ref = asked(team.sara.says(f"!{words['people-role']} {MIA} {names['role-member']}"))
    team.omar.says(f"!{words['refuse']} {ref}").heard("Refused")
    for act in ("people-accept", "match"):
        team.sara.says(f"!{words[act]} nobody").heard()
        assert "did not understand" not in team.sara.room.said[-1].text
    team.sara.says("!help")
    told = team.world.texts.sentence(language, "desk-help")
    assert all(word in told for word in words.values())


def test_who_is_taken_out_of_the_config_has_no_role_any_more(make_world: Callable[..., World]) -> None:
    world = make_world(staff=[staff("sara", "admin")], people={"members": [MIA], "coordinators": ["@cleo:example.org"]})
    mia, cleo = world.person("mia").arrives(), world.person("cleo").arrives()
    for person, role in ((mia, "member"), (cleo, "coordinator")):
        assert world.tx(people.access_person, world.config, person.account).role == role
    world.config = world.config.model_copy(update={"people": type(world.config.people)()})
    world.restart()
    for person in (mia, cleo):
        person.says("menu")
        assert world.tx(people.access_person, world.config, person.account).role == "participant"
    assert [role for _, role in world.tx(people.list_team, world.config)] == ["admin"]
