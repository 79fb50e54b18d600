"""A served record, and somebody who may write to it."""

from __future__ import annotations

import http.client
import json
import secrets
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from measurement import Missed, Settings, at, output


class Server:
    """`cordon serve` on a free port of this machine, stopped at the end of the `with`."""

    def __init__(
        self, settings: Settings, where: Path | Sequence[str | Path], under: Sequence[str | Path] = (),
    ) -> None:
        """`where` is the record's directory or its options; `under` is what the program is started with, a tracer that leaves it its process number."""
        self.settings = settings
        self.where = at(where)
        self.under = under
        self.ready_after = 0.0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        begun = time.perf_counter()
        # The server chooses the port and says it: one chosen here could be somebody else's server by then.
        self.process = subprocess.Popen(
            [*self.under, self.settings.cordon, "serve", *self.where, "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.port = self.announced_port()
            while not self.is_ready():
                if self.process.poll() is not None or time.perf_counter() - begun > 60:
                    raise Missed("cordon serve does not become ready")
                time.sleep(0.002)
        except BaseException:
            self.stop()
            raise
        self.ready_after = time.perf_counter() - begun
        return self

    def announced_port(self) -> int:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        port = line.strip().rpartition(":")[2]
        if not port.isdigit():
            raise Missed(f"cordon serve does not say where it listens: {line!r}")
        return int(port)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()


def make_token(settings: Settings, where: Path | Sequence[str | Path]) -> str:
    """The token of a fresh analyst and auditor."""
    name = f"bench-{secrets.token_hex(4)}"
    output([settings.cordon, "user", "add", name, "--role", "analyst", "--role", "auditor", *at(where)])
    return output([settings.cordon, "token", "create", "--user", name, *at(where)]).strip()


def count_items(server: Server, token: str) -> int:
    """All items on record, summed over their providers."""
    status, body = server.get("/api/v1/providers", token)
    if status != 200:
        raise Missed(f"GET /api/v1/providers answers {status}: {body[:200]!r}")
    return sum(provider["items"] for provider in json.loads(body)["providers"])


def load(
    server: Server, script: Path, connections: int, seconds: int, environment: dict[str, str],
) -> dict[str, float]:
    """Runs wrk with a script whose last line of output is one JSON object; returns that."""
    threads = min(2, connections)
    done = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), server.url],
        env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missed(f"wrk ended with {done.returncode}: {done.stderr.strip()}")
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
