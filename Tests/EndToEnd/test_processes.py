"""Several processes on one record: each piece of work once, whoever is killed, stopped, or stands still."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from range import Attached, Event, Exercise, Range, effects, reported
from support import OK, ROOT, USAGE, EndToEnd, Record, environment, program
from test_by_hand import awaited
from test_work import API, assessment

WORLD, ITEMS = "processes", 9_000
#: Providers that take messages by an API of their own, without a credential.
PACKS = ("wave", "chorus", "strata")
LEASE = "3"


class Provider(ThreadingHTTPServer):
    """Every host of the range at once: takes what comes, and holds requests back while it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.keys: list[str] = []
        self.running = self.most = 0
        self.lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()
        self.retry_after: int | None = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.gate.set()
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Provider

    def do_POST(self) -> None:  # noqa: N802
        messages = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"]
        with self.server.lock:
            self.server.keys += [message["idempotency_key"] for message in messages]
            self.server.running += 1
            self.server.most = max(self.server.most, self.server.running)
        self.server.gate.wait(60)
        with self.server.lock:
            self.server.running -= 1
        results = [
            {"idempotency_key": message["idempotency_key"], "reference": "T-1", "status": "accepted"}
            for message in messages
        ]
        status = 429 if self.server.retry_after else 200
        self.reply(status, json.dumps({"results": results}).encode())

    def do_GET(self) -> None:  # noqa: N802
        self.server.gate.wait(60)
        self.reply(200, b"<title>A page</title>")

    def reply(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", str(self.server.retry_after))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # The other side was killed meanwhile.
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class Together(EndToEnd):
    """A record of its own for each test, and processes with roles."""

    lease = LEASE

    def setUp(self) -> None:
        self.unit = self.record()
        self.unit.imported("-", stdin=b"https://first.example/1\n")
        self.token = self.unit.token("ana", "analyst", "deconfliction_officer")
        self.second = self.unit.token("rita", "reviewer", "coordinator")
        self.processes: list[Attached] = []
        self.known: set[str] = set()
        self.addCleanup(self.stop_all)

    def stop_all(self) -> None:
        for served in self.processes:
            if served.process.poll() is None:
                served.process.kill()
                served.process.wait()

    def serve(self, roles: str, address: str, *more: str) -> Attached:
        log = self.unit.directory.parent / f"serve-{len(self.processes)}.log"
        command = ["serve", *self.unit.where, "--port", "0", "--roles", roles]
        command += ["--range", address, "--lease-seconds", self.lease, *more]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [program(), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment(),
            )
        served = Attached(self.unit, process, log)
        self.processes.append(served)
        return served

    def post(self, web: Attached, token: str, path: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer = web.request("POST", API + path, token=token, body={"entries": entries})
        self.assertEqual(answer.status, 200, answer.body)
        results = answer.json()["results"]
        self.assertEqual({result["outcome"] for result in results}, {"recorded"})
        return results

    def refer(self, web: Attached, addresses: list[str]) -> int:
        """Takes addresses through every step until they wait to leave; returns how many items they are."""
        found: set[str] = set()
        for start in range(0, len(addresses), 500):
            answer = web.report(self.token, secrets.token_hex(8), *addresses[start : start + 500])
            self.assertEqual(answer.status, 200, answer.body)
            found |= {result["id"] for result in answer.json()["results"]}
        # Two spellings of an address are one item.
        items = sorted(found - self.known)
        self.known |= found
        for start in range(0, len(items), 1_000):
            page = items[start : start + 1_000]
            made = self.post(web, self.token, "/assessments", [assessment(item) for item in page])
            confirmed = [
                {"item": item, "assessment": result["journal_index"], "agrees": True}
                for item, result in zip(page, made)
            ]
            self.post(web, self.second, "/confirmations", confirmed)
            body = {"entries": [{"item": item} for item in page], "clear": True}
            self.assertEqual(web.request("POST", f"{API}/deconflictions", token=self.token, body=body).status, 200)
            self.post(web, self.second, "/referrals", [{"item": item} for item in page])
        return len(items)

    def delivered(self) -> int:
        return self.unit.query("SELECT count(*) FROM referrals WHERE delivered_idx IS NOT NULL")[0][0]

    def lanes(self) -> dict[str, bytes]:
        """Who has which lane now."""
        now = int(time.time() * 1e6)
        found = self.unit.query("SELECT name, holder FROM leases WHERE until > ? AND name LIKE 'dispatch/%'", now)
        return dict(found)

    def events(self, kind: str) -> list[Event]:
        return [event for event in Exercise(self.unit.directory, self.unit.store).events() if event.type == kind]

    def figures(self, served: Attached) -> dict[str, float]:
        """The samples of /metrics, by name with labels."""
        answer = served.request("GET", "/metrics")
        self.assertEqual(answer.status, 200, answer.body)
        lines = [line for line in answer.body.decode().splitlines() if line and not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def check_deliveries(self, referrals: int) -> None:
        """Each referral has exactly one delivery on record, and the record is sound."""
        counted = Counter(event.facts["referral"] for event in self.events("dispatch.delivered"))
        self.assertEqual((len(counted), set(counted.values())), (referrals, {1}))
        self.assertSound(self.unit)


class FourProcesses(Together):
    addresses: ClassVar[list[str]]

    @classmethod
    def prepare(cls) -> None:
        found = {report["address"] for report in reported(cls.directory / "still", WORLD, ITEMS)}
        cls.addresses = sorted(a for a in found if any(f"{pack}.example" in a for pack in PACKS))

    def test_each_once(self) -> None:
        """Four processes, one of them killed at work: one delivery, one effect and one look for each referral."""
        real = Range(self.unit.directory.parent / "range", WORLD, ITEMS, "--real-time")
        self.addCleanup(real.stop)
        address = f"127.0.0.1:{real.port}"
        web = self.serve("web", address)
        killed = self.serve("dispatch,looks", address)
        others = [self.serve("dispatch", address), self.serve("dispatch,looks,deadlines,checkpoints", address)]
        half = len(self.addresses) // 2
        referrals = self.refer(web, self.addresses[:half])
        awaited("the first deliveries", lambda: self.delivered() > 0, 60)
        killed.stop(signal.SIGKILL)
        referrals += self.refer(web, self.addresses[half:])
        awaited("all deliveries", lambda: self.delivered() == referrals, 240)
        taken = effects(real.directory)
        self.assertEqual(len(taken), len(set(taken)), "a provider did something twice")
        self.assertEqual(len(taken), referrals)
        self.look_at_everything(referrals, others)
        for served in [web, *others]:
            self.assertEqual(served.violations, [])
            self.assertEqual(served.stop(), OK, served.said())
        self.check_deliveries(referrals)

    def look_at_everything(self, referrals: int, others: list[Attached]) -> None:
        """The first look falls due for all of them at once."""
        self.serve("looks", f"127.0.0.1:{self.range_port(others[0])}")
        self.unit.change("UPDATE watches SET next_look_at = delivered_at")
        query = "SELECT count(*) FROM watches WHERE looks = 1"
        awaited("all looks", lambda: self.unit.query(query)[0][0] == referrals, 240)
        looked = Counter(item for event in self.events("looks.made") for item in event.facts["items"])
        self.assertEqual((len(looked), set(looked.values())), (referrals, {1}))

    @staticmethod
    def range_port(served: Attached) -> str:
        words = Path(f"/proc/{served.process.pid}/cmdline").read_bytes().split(b"\0")
        return words[words.index(b"--range") + 1].decode().split(":")[1]


class HandingOver(Together):
    def setUp(self) -> None:
        super().setUp()
        self.provider = Provider()
        self.addCleanup(self.provider.stop)

    def begun(self, count: int = 3) -> tuple[Attached, Attached, int]:
        """A server and a dispatcher that waits for a provider's reply."""
        self.provider.gate.clear()
        web = self.serve("web", self.provider.address)
        first = self.serve("dispatch", self.provider.address)
        referrals = self.refer(web, [f"https://www.wave.example/watch?v=abcdefg{n}" for n in range(count)])
        awaited("a request is under way", lambda: self.provider.running == 1)
        return web, first, referrals

    def test_new_work_leaves_at_once(self) -> None:
        """What is referred in the same process leaves without waiting for the next poll."""
        web = self.serve("web,dispatch", self.provider.address)
        self.refer(web, ["https://www.wave.example/watch?v=abcdefg0"])
        took: list[float] = []
        for number in range(1, 6):
            began = time.monotonic()
            self.refer(web, [f"https://www.wave.example/watch?v=abcdefg{number}"])
            awaited("it has left", lambda: len(self.provider.keys) == number + 1)
            took.append(time.monotonic() - began)
        # Five steps of a person are in each; a poll alone would add half a second on average.
        self.assertLess(sorted(took)[2], 0.6, took)

    def test_one_request_at_a_time(self) -> None:
        """Three dispatchers have one request under way at one provider."""
        web, _, _ = self.begun()
        for _ in range(2):
            self.serve("dispatch", self.provider.address)
        time.sleep(1.5)
        self.refer(web, [f"https://www.wave.example/watch?v=hijklmn{n}" for n in range(3)])
        self.provider.gate.set()
        awaited("all deliveries", lambda: self.delivered() == 6)
        self.assertEqual(self.provider.most, 1)
        self.check_deliveries(6)

    def test_stopped(self) -> None:
        """SIGTERM ends within ten seconds whatever is under way, with 0; others go on at once."""
        # Longer than anything here waits: a lane that was not handed back would be missed.
        self.lease = "60"
        _, first, referrals = self.begun()
        began = time.monotonic()
        first.process.send_signal(signal.SIGTERM)
        self.assertEqual(first.process.wait(timeout=15), OK, first.said())
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.lanes(), {})
        self.provider.gate.set()
        self.serve("dispatch", self.provider.address)
        awaited("all deliveries", lambda: self.delivered() == referrals)
        self.check_deliveries(referrals)

    def test_stopped_idle(self) -> None:
        """A process without work ends within two seconds."""
        served = self.serve("web,dispatch,looks,deadlines,checkpoints", self.provider.address)
        awaited("lanes are held", lambda: self.unit.query("SELECT 1 FROM leases WHERE name = 'checkpoints'"))
        began = time.monotonic()
        self.assertEqual(served.stop(), OK, served.said())
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual(self.unit.query("SELECT name FROM leases WHERE until > 0"), [])

    def test_second_signal(self) -> None:
        """A second signal ends at once."""
        _, first, _ = self.begun()
        first.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        self.assertIsNone(first.process.poll())
        began = time.monotonic()
        first.process.send_signal(signal.SIGTERM)
        self.assertEqual(first.process.wait(timeout=5), 128 + signal.SIGTERM)
        self.assertLess(time.monotonic() - began, 1)

    def test_killed(self) -> None:
        """The lanes of a killed process are taken over once they have run out, and not before."""
        _, first, referrals = self.begun()
        second = self.serve("dispatch", self.provider.address)
        lease = "SELECT fence, until FROM leases WHERE name LIKE 'dispatch/%'"
        ((fence, _),) = self.unit.query(lease)
        first.stop(signal.SIGKILL)
        ((still, until),) = self.unit.query(lease)
        self.assertEqual(still, fence)
        self.provider.gate.set()
        awaited("all deliveries", lambda: self.delivered() == referrals, 3 * int(LEASE))
        # By the record's own times, however slow or fast the machine is: not before the lease had run out.
        self.assertGreater(min(event.at for event in self.events("dispatch.delivered")), until / 1e6)
        self.assertEqual(len(self.provider.keys), 2 * referrals)
        self.assertEqual(self.figures(second)['cordon_deliveries_total{result="delivered"}'], referrals)
        self.check_deliveries(referrals)

    def test_standing_still(self) -> None:
        """A process that stood still past its lease records nothing of what it had begun."""
        _, first, referrals = self.begun()
        os.kill(first.process.pid, signal.SIGSTOP)
        self.provider.gate.set()
        self.serve("dispatch", self.provider.address)
        awaited("all deliveries", lambda: self.delivered() == referrals, 3 * int(LEASE) + 5)
        size = self.unit.size()
        os.kill(first.process.pid, signal.SIGCONT)
        lost = 'cordon_leases_lost_total{role="dispatch"}'
        awaited("it notices", lambda: self.figures(first)[lost] == 1)
        time.sleep(0.5)
        self.assertEqual(self.unit.size(), size)
        self.assertEqual(self.figures(first)['cordon_deliveries_total{result="delivered"}'], 0)
        self.check_deliveries(referrals)

    def test_retry_after_holds_for_all(self) -> None:
        """A provider that said when to come again is left in peace by a restarted process and by others."""
        self.provider.retry_after = 600
        web = self.serve("web", self.provider.address)
        first = self.serve("dispatch", self.provider.address)
        self.refer(web, ["https://www.wave.example/watch?v=abcdefg1"])
        query = "SELECT failures, next_try_at FROM leases WHERE name LIKE 'dispatch/%' AND next_try_at IS NOT NULL"
        ((failures, again),) = awaited("it is to wait", lambda: self.unit.query(query))
        self.assertEqual(failures, 1)
        self.assertGreater(again / 1e6 - time.time(), 500)
        self.assertEqual(first.stop(), OK)
        self.provider.retry_after = None
        for _ in range(2):
            self.serve("dispatch", self.provider.address)
        time.sleep(2.5)
        self.assertEqual((len(self.provider.keys), self.delivered()), (1, 0))
        self.unit.change("UPDATE leases SET next_try_at = 1 WHERE next_try_at IS NOT NULL")
        awaited("it is tried again", lambda: self.delivered() == 1)
        self.check_deliveries(1)

    def test_roles(self) -> None:
        """A process without `web` serves its health and its figures alone; a role that is none is refused."""
        served = self.serve("checkpoints", self.provider.address)
        self.assertEqual(served.request("GET", "/healthz").status, 200)
        self.assertEqual(served.request("GET", "/readyz").status, 200)
        self.assertIn("cordon_journal_entries", self.figures(served))
        for path in "/", "/api/v1/me", "/board":
            self.assertEqual(served.request("GET", path, fresh=True).status, 404, path)
        for roles in "mail", "", "web,", "web;looks":
            self.assertEnds(self.unit.run("serve", "--port", "0", "--roles", roles), USAGE, "--roles takes")
        both = self.unit.run("serve", "--port", "0", "--roles", "web", "--without-workers")
        self.assertEnds(both, USAGE, "one of the two")

    def test_metrics_are_not_public(self) -> None:
        """What came through a proxy is told that there are no figures; labels hold no path that was asked for."""
        served = self.serve("web", self.provider.address)
        for name in "X-Forwarded-For", "Forwarded", "Via", "X-Real-IP":
            answer = served.request("GET", "/metrics", headers={name: "127.0.0.1"})
            self.assertEqual(answer.status, 404, name)
        served.request("GET", "/secret-path-of-somebody", fresh=True)
        served.request("GET", f"{API}/items/01980000-0000-7000-8000-000000000009", token=self.token)
        answer = served.request("GET", "/metrics")
        self.assertEqual(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        text = answer.body.decode()
        self.assertNotIn("secret-path", text)
        self.assertNotIn("01980000", text)
        self.assertRegex(text, r'cordon_http_requests_total\{route="/api/v1/items/[:{]id}?",method="GET",status="404"\} 1')

    def test_foreign_parser(self) -> None:
        """Prometheus' own Python client reads every family, with the types that docs/metrics.md tells."""
        for packages in (ROOT / ".tools/venv/lib").glob("python3*/site-packages"):
            sys.path.append(str(packages))
        from prometheus_client.parser import text_string_to_metric_families

        served = self.serve("web,dispatch,looks,deadlines,checkpoints", self.provider.address)
        self.refer(served, ["https://www.wave.example/watch?v=abcdefg1"])
        awaited("delivered", lambda: self.delivered() == 1)
        text = served.request("GET", "/metrics").body.decode()
        families = {family.name: family for family in text_string_to_metric_families(text)}
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
        # The client takes the ending of counters away.
        told = {name.removesuffix("_total") if kind == "counter" else name: kind for name, kind in rows}
        self.assertEqual({name: family.type for name, family in families.items()}, told)
        for name in ("cordon_write_commits", "cordon_journal_entries", "process_resident_memory_bytes"):
            self.assertGreater(families[name].samples[0].value, 0, name)
        self.assertLess(abs(families["process_start_time_seconds"].samples[0].value - time.time()), 60)
        delivered = [s.value for s in families["cordon_deliveries"].samples if s.labels["result"] == "delivered"]
        self.assertEqual(delivered, [1])
        for family in families.values():
            if family.type == "histogram":
                for sample in family.samples:
                    self.assertGreaterEqual(sample.value, 0, sample)
