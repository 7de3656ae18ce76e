"""What is asked about a room before something is said in it: is it encrypted, who is there, who may read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config import Config, Role
from bot.matrix.engine import Circle, Engine
from bot.matrix.fence import listing, mapping
from bot.matrix.http import Http, MatrixError, quoted
from bot.matrix.trust import Device, UserKeys, has_signed, may_hear, trust_of
from bot.message import Audience
from bot.store.db import Database, Tx
from bot.store.people import list_people_by_account
from bot.store.rooms import Room, apply_state, get_room, list_members, replace_members

STATE_TYPES = (
    "m.room.create",
    "m.room.member",
    "m.room.power_levels",
    "m.room.encryption",
    "m.room.history_visibility",
    "m.room.join_rules",
)


@dataclass(frozen=True)
class Listener:
    """Somebody who is in a room, as far as keys are concerned."""

    user_id: str
    role: Role
    accepts_unsigned: bool


@dataclass(frozen=True)
class Scene:
    """A room and who is in it, read in one transaction."""

    room: Room
    listeners: list[Listener]


class Rooms:
    """Questions about rooms, answered from our database or, once, by the server."""

    def __init__(self, http: Http, db: Database, engine: Engine, config: Config) -> None:
        self.http = http
        self.db = db
        self.engine = engine
        self.config = config

    async def scene(self, room_id: str) -> Scene | None:
        """The room with its present members; None when we are not in it (as far as sync has told)."""
        scene = await self.db.run(self._read, room_id)
        if scene is None:
            return None
        room = scene.room
        if not room.encrypted:
            # Asked before anything is said; an encrypted room is remembered as one for ever.
            encryption = await self._state(room_id, "m.room.encryption")
            if encryption is not None:
                event = {"type": "m.room.encryption", "state_key": "", "content": encryption}
                await self.db.run(apply_state, room_id, [event], us=self.engine.user_id)
                scene = await self.db.run(self._read, room_id)
        if scene is not None and not room.members_known:
            await self._fetch_members(room_id, room)
            scene = await self.db.run(self._read, room_id)
        return scene

    def _read(self, tx: Tx, room_id: str) -> Scene | None:
        room = get_room(tx, room_id)
        if room is None or room.membership != "join":
            return None
        # Who is only invited may read only where the history is open to them (spec: m.room.history_visibility).
        memberships = ("join",) if room.history == "joined" else ("join", "invite")
        allowed = self.config.encryption.participants == "any"
        listeners = []
        members = [u for u in list_members(tx, room_id, memberships) if u != self.engine.user_id]
        if room.kind == "desk":  # somebody taken out of the config reads nothing more, although still in the room
            at_desk = self.config.accounts_at(room.name or "")
            members = [u for u in members if u in at_desk]
        people = list_people_by_account(tx, members)
        for user_id in members:
            person = people.get(user_id)
            role: Role = self.config.role_of(user_id) or (person.role if person else "participant")
            accepts = allowed and person is not None and person.accepts_unsigned is not None
            listeners.append(Listener(user_id, role, accepts))
        return Scene(room, listeners)

    async def _state(self, room_id: str, kind: str) -> dict[str, object] | None:
        try:
            return await self.http.call("GET", f"/rooms/{quoted(room_id, 'state', kind)}/")
        except MatrixError as error:
            if error.status == 404:
                return None
            raise

    async def _fetch_members(self, room_id: str, room: Room) -> None:
        answer = await self.http.call("GET", f"/rooms/{quoted(room_id)}/members", deadline=60)
        members: dict[str, str] = {}
        for event in listing(answer.get("chunk")):
            content = mapping(mapping(event).get("content"))
            user_id, membership = mapping(event).get("state_key"), content.get("membership")
            if isinstance(user_id, str) and membership in ("join", "invite", "ban", "knock"):
                members[user_id] = membership
        await self.db.run(replace_members, room_id, members)

    def circle(self, scene: Scene, audience: Audience) -> Circle:
        """Who may read what is said to `audience` in this room."""
        by_user = {listener.user_id: listener for listener in scene.listeners}
        # A third person may be here before we have seen them come: what is a person's own is for that person alone.
        alone = audience == "own" and scene.room.kind == "private" and len(by_user) > 1

        def may_have(user: UserKeys, device: Device) -> bool:
            listener = by_user.get(user.user_id)
            if listener is None or (alone and user.user_id != scene.room.inviter):
                return False
            return may_hear(
                listener.role,
                trust_of(user, device),
                audience,
                scene.room.kind,
                accepts_unsigned=listener.accepts_unsigned and not has_signed(user),
            )

        return Circle(list(by_user), may_have, scene.room.encryption or {})
