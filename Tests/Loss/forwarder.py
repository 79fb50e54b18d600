#!/usr/bin/env python3
"""Carries connections from the line to the range, which listens on loopback alone.

    forwarder.py ADDRESS PORT

Takes them on ADDRESS:PORT and passes their bytes to 127.0.0.1:PORT and back. Ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        # One of the two is gone: so is the connection.
        writer.transport.abort()


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    try:
        back, forth = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        # The range is down just now. A reset says so at once.
        writer.transport.abort()
        return
    try:
        await asyncio.gather(carry(reader, forth), carry(back, writer))
    finally:
        forth.close()
        writer.close()


async def main(address: str, port: int) -> None:
    server = await asyncio.start_server(lambda r, w: take(r, w, port), address, port)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
