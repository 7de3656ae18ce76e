"""History that the server left out of a sync: what was said between what we handled and what we were shown."""

from __future__ import annotations

from bot.matrix import incoming
from bot.matrix.fence import listing, text
from bot.matrix.http import Http, MatrixError, TokenLost, Unreachable, quoted
from bot.store import inbox
from bot.store.db import Database

MOST_BACKFILL = 2_000
PAGE = 100
PATIENCE = 10.0  # seconds until a page that does not come is left for later: meanwhile nobody else is read


class History:
    """Pages of `/messages` of the rooms of one account (`us`)."""

    def __init__(self, http: Http, db: Database, us: str) -> None:
        self.http = http
        self.db = db
        self.us = us

    async def _page(self, room_id: str, token: str) -> tuple[list[incoming.Event], str]:
        answer = await self.http.call(
            "GET",
            f"/rooms/{quoted(room_id)}/messages",
            query={"dir": "b", "from": token, "limit": str(PAGE)},
            deadline=60,
            patience=PATIENCE,
        )
        events = [e for e in (incoming.event(raw) for raw in listing(answer.get("chunk"))) if e]
        return events, text(answer.get("end"), 2000)

    async def before(self, room_id: str, token: str) -> list[incoming.Event]:
        """What was said between the last event that we handled and the point `token`, oldest first.

        Raises Unreachable when the server does not give it now.
        """
        found: list[incoming.Event] = []
        while token and len(found) < MOST_BACKFILL:
            try:
                events, token = await self._page(room_id, token)
            except MatrixError as error:
                if isinstance(error, Unreachable | TokenLost) or error.status == 429:
                    raise
                break  # forbidden by now: what we may not read we cannot answer
            handled = await self.db.run(inbox.list_seen, [e.event_id for e in events])
            for event in events:
                if event.event_id in handled:
                    token = ""
                    break
                if event.state_key is None:
                    found.append(event)
            if not events:
                break
        return found[::-1]

    async def since_invited(
        self, room_id: str, events: list[incoming.Event], token: str, limited: bool
    ) -> list[incoming.Event]:
        """Of a room that we just joined: its state, and what was said since we were invited.

        The history before is not for us.
        """
        state = [e for e in events if e.state_key is not None]
        earlier: list[incoming.Event] = []
        while True:
            everything = earlier + events
            for number in range(len(everything) - 1, -1, -1):
                event = everything[number]
                ours = event.type == "m.room.member" and event.state_key == self.us
                if ours and event.content.get("membership") == "invite":
                    said = everything[number:]
                    return [e for e in state if e not in said] + said
            if not limited or not token or len(earlier) >= MOST_BACKFILL // 4:
                break
            try:
                page, token = await self._page(room_id, token)
            except TokenLost:
                raise
            except MatrixError:
                break  # what came with the invitation is answered by the greeting
            if not page:
                break
            earlier = page[::-1] + earlier
        joined = next(
            (n for n, e in enumerate(events) if e.type == "m.room.member" and e.state_key == self.us), len(events)
        )
        said = events[joined:]
        return [e for e in state if e not in said] + said
