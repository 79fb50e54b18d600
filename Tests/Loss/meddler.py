#!/usr/bin/env python3
"""Stands between the senders and the line and does what networks and proxies do to requests.

    meddler.py --port N --to ADDRESS:PORT --seed TEXT --log FILE [--calm] [--planted]

Requests that are sent twice, at once or later; that are held up, so that others overtake them; that go on after the
sender was told that they failed; whose reply is lost; whose reply comes twice. What becomes of the n-th request is
drawn from the seed and n. The log has a line for each request and for each time that it was passed on.

At the end of its standard input it takes nothing more, passes on what it still holds, and ends with 0. With --calm it
only passes on. With --planted each request comes again under other idempotency keys: a fault, for the check's sake.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import time
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What becomes of so many of a hundred requests.
FATES = {
    "passed_on": 30,
    "sent_twice": 18,
    "sent_again_later": 18,
    "held_up": 10,
    "late": 8,
    "reply_lost": 8,
    "reply_twice": 8,
}
HELD_UP_SECONDS = (0.5, 3.0)
LATER_SECONDS = (1.0, 8.0)
# A sender waits for thirty.
PATIENCE_SECONDS = 25
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
HOST = re.compile(rb"\r\nhost: *([^\r]*)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """A request or a response as it stands on the wire."""

    head: bytes
    body: bytes

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Message:
        head = await reader.readuntil(b"\r\n\r\n")
        found = LENGTH.search(head)
        return cls(head, await reader.readexactly(int(found[1])) if found else b"")

    @property
    def bytes(self) -> bytes:
        return self.head + self.body

    @property
    def host(self) -> str:
        found = HOST.search(self.head)
        return found[1].decode() if found else ""

    def messages(self) -> list[dict[str, Any]]:
        return json.loads(self.body)["messages"] if self.head.startswith(b"POST ") else []

    def rekeyed(self) -> Message:
        """The same under keys that nobody has seen."""
        delivery = json.loads(self.body)
        for message in delivery["messages"]:
            message["idempotency_key"] = str(uuid.uuid4())
        body = json.dumps(delivery).encode()
        return Message(LENGTH.sub(b"\r\nContent-Length: %d\r\n" % len(body), self.head), body)


class Meddler:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        address, port = arguments.to.split(":")
        self.there = (address, int(port))
        self.log = arguments.log.open("a")
        self.began = time.monotonic()
        self.number = 0
        #: Of each host the number of the latest request that was passed on.
        self.latest: dict[str, int] = {}
        self.under_way: set[asyncio.Future[Any]] = set()
        self.write(seed=arguments.seed)

    def write(self, **facts: Any) -> None:
        facts["seconds"] = round(time.monotonic() - self.began, 3)
        self.log.write(json.dumps(facts, sort_keys=True) + "\n")
        self.log.flush()

    def begin(self, work: Awaitable[Any]) -> asyncio.Future[Any]:
        """Does something that is waited for at the end, whoever else waits for it."""
        task = asyncio.ensure_future(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection of a sender."""
        try:
            while True:
                request = await Message.read(reader)
                self.number += 1
                # What was begun is done, though the sender be killed meanwhile.
                await asyncio.shield(self.begin(self.treat(self.number, request, writer)))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def treat(self, number: int, request: Message, writer: asyncio.StreamWriter) -> None:
        chance = random.Random(f"{self.arguments.seed} {number}")
        fate = chance.choices(list(FATES), list(FATES.values()))[0]
        if self.arguments.calm or not request.head.startswith(b"POST "):
            fate = "passed_on"
        keys = [message["idempotency_key"] for message in request.messages()]
        self.write(fate=fate, host=request.host, keys=keys, number=number)
        copies: list[Awaitable[Message | None]] = []
        if self.arguments.planted and keys:
            self.begin(self.pass_on(number, request.rekeyed(), 0.2, "planted"))
        match fate:
            case "late":
                # The sender is told that it failed, and its next try may be there first.
                writer.transport.abort()
                copies.append(self.pass_on(number, request, chance.uniform(*LATER_SECONDS), "late"))
            case "held_up":
                copies.append(self.pass_on(number, request, chance.uniform(*HELD_UP_SECONDS), "held_up"))
            case "sent_twice":
                copies += [self.pass_on(number, request), self.pass_on(number, request, 0, "copy")]
            case "sent_again_later":
                self.begin(self.pass_on(number, request, chance.uniform(*LATER_SECONDS), "copy"))
                copies.append(self.pass_on(number, request))
            case _:
                copies.append(self.pass_on(number, request))
        replies = [reply for reply in await asyncio.gather(*copies) if reply is not None]
        if fate == "reply_lost" or not replies:
            writer.transport.abort()
        elif not writer.transport.is_closing():
            # The other copy's reply has nowhere to go.
            writer.write(replies[0].bytes * (2 if fate == "reply_twice" else 1))
            await writer.drain()

    async def pass_on(self, number: int, request: Message, after: float = 0, why: str = "first") -> Message | None:
        """Sends a request over the line and waits for its reply; nil when there is none."""
        await asyncio.sleep(after)
        latest = self.latest.get(request.host, 0)
        self.latest[request.host] = max(latest, number)
        reply = None
        try:
            reply = await asyncio.wait_for(self.ask(request), PATIENCE_SECONDS)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            # Lost on the way, there or back, or the receiver is down.
            pass
        status = int(reply.head.split(b" ", 2)[1]) if reply else None
        self.write(number=number, overtaken=latest > number, status=status, why=why)
        return reply

    async def ask(self, request: Message) -> Message:
        reader, writer = await asyncio.open_connection(*self.there, limit=1 << 24)
        try:
            writer.write(request.bytes)
            await writer.drain()
            return await Message.read(reader)
        finally:
            writer.transport.abort()

    async def serve(self) -> None:
        server = await asyncio.start_server(self.take, "127.0.0.1", self.arguments.port, limit=1 << 24)
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
        server.close()
        while self.under_way:
            await asyncio.wait(self.under_way)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Meddles with requests on their way.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--calm", action="store_true")
    parser.add_argument("--planted", action="store_true")
    asyncio.run(Meddler(parser.parse_args()).serve())
