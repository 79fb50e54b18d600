"""aiohttp on a list of addresses: 100 at a time, one session, keep-alive; prints how many had which status."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

import aiohttp

AT_A_TIME = 100


async def look(path: str) -> Counter[str]:
    with open(path, encoding="ascii") as file:
        waiting = iter(file.read().split())
    seen: Counter[str] = Counter()
    # No limit for one host, and no name is looked up twice: what its documentation says for many requests.
    connector = aiohttp.TCPConnector(limit=AT_A_TIME, limit_per_host=0, ttl_dns_cache=None)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work() -> None:
            for url in waiting:
                async with session.get(url, allow_redirects=False) as reply:
                    await reply.read()
                    seen[str(reply.status)] += 1

        await asyncio.gather(*(work() for _ in range(AT_A_TIME)))
    return seen


def main() -> None:
    if sys.argv[2:] == ["uvloop"]:
        import uvloop

        seen = uvloop.run(look(sys.argv[1]))
    else:
        seen = asyncio.run(look(sys.argv[1]))
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
