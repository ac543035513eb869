"""The public pages as the outer app serves them, and a count of the statements that reach the database."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from services.public_check.reader import PublicReader, open_reader
from tests.world import World
from ui.public.router import PublicPages, PublicSettings


def app_over(world: World, reader: PublicReader, settings: PublicSettings) -> FastAPI:
    app = FastAPI(openapi_url=None)
    pages = PublicPages(world.door.house.sealer, reader, settings)
    app.include_router(pages.router())
    app.add_middleware(pages.before)
    return app


@asynccontextmanager
async def visitor(world: World, settings: PublicSettings | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a phone, at the world's business time, not throttled unless asked for."""
    settings = settings or PublicSettings(lookups_per_minute=0)
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        app = app_over(world, reader, replace(settings, now=world.door.clock.now))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=("192.0.2.7", 50000)), base_url="http://check.test"
        ) as client:
            yield client
    finally:
        await reader.stop()


def count_statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that reaches either driver from now on."""
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(seen.append)
        return connection

    execute: Callable[..., Any] = psycopg.AsyncConnection.execute

    async def counted(connection: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        seen.append(str(query))
        return await execute(connection, query, *arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", traced)
    monkeypatch.setattr(psycopg.AsyncConnection, "execute", counted)
    return seen
