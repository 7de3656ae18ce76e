"""The operator's listener, on loopback by default: /live, /ready, /metrics. No identifiers in any label."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

# What the numbers are called; a documentation test reads this table.
METRICS = {
    "liaison_up_seconds": "Seconds since this process started.",
    "liaison_sync_age_seconds": "Seconds since the server last answered a sync.",
    "liaison_sync_answers": "Answers of the server processed since the start.",
    "liaison_outbox_open": "Deeds that wait or are on the way.",
    "liaison_outbox_parked": "Deeds that could not be done.",
    "liaison_outbox_oldest_seconds": "Age of the oldest deed that is not done.",
    "liaison_unread_events": "Events whose keys have not come.",
    "liaison_transactions": "Database transactions since the start.",
    "liaison_refused_inputs": "Malformed inputs of remote users that were refused.",
    "liaison_rate_refusals": "Times that the server said 429.",
    "liaison_rooms": "Rooms that the bot is in.",
}


class Admin:
    """`health()` says whether the loops work; `numbers()` gives the values of METRICS."""

    def __init__(
        self, health: Callable[[], bool], numbers: Callable[[], Mapping[str, float]], host: str, port: int
    ) -> None:
        self._health = health
        self._numbers = numbers
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._registry = CollectorRegistry()
        self._gauges = {name: Gauge(name, text, registry=self._registry) for name, text in METRICS.items()}
        self.port = port

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        app = web.Application()
        app.router.add_get("/live", self._live)
        app.router.add_get("/ready", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _live(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        ready = self._health()
        return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        for name, value in self._numbers().items():
            self._gauges[name].set(value)
        return web.Response(body=generate_latest(self._registry), content_type="text/plain", charset="utf-8")
