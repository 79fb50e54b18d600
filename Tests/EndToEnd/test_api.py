"""The HTTP API: every endpoint, who may use it, and that a repeated request has one effect."""

from __future__ import annotations

import os
import signal
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

import merkle
from support import NO_INPUT, NOT_PERMITTED, OK, Description, EndToEnd, Record, Server, serving

GOLDEN = Path(__file__).with_name("permissions.golden")
ROLES = (
    "analyst linguist reviewer signatory prosecutor coordinator deconfliction_officer evidence_custodian "
    "redress_officer auditor administrator provider"
).split()
VERBS = "GET POST PUT PATCH DELETE".split()
PASSWORD = "correct horse battery staple"
ITEMS = "/api/v1/items"


def instant(**ahead: float) -> str:
    """A moment so far from now, as it is written."""
    return (datetime.now(timezone.utc) + timedelta(**ahead)).isoformat().replace("+00:00", "Z")


class Served(EndToEnd):
    """A record that is served while the tests of the class run."""

    served: ClassVar[Record]
    server: ClassVar[Server]
    token: ClassVar[str]

    @classmethod
    def prepare(cls) -> None:
        cls.served = Record(cls.directory / "record")
        cls.served.imported("-", stdin=b"https://first.example/1\n")
        cls.token = cls.served.token("ana", "analyst")
        cls.add()
        cls.server = Server(cls.served)
        cls.addClassCleanup(cls.server.stop)

    @classmethod
    def add(cls) -> None:
        """What a class needs besides."""

    def tearDown(self) -> None:
        self.assertEqual(self.server.violations, [])
        self.server.violations.clear()

    def new_key(self) -> str:
        return uuid.uuid4().hex


class Endpoints(Served):
    @classmethod
    def add(cls) -> None:
        cls.auditor = cls.served.token("otto", "auditor")

    def test_service(self) -> None:
        """Health, readiness and the description need no token."""
        for path in "/healthz", "/readyz":
            self.assertEqual(self.server.request("GET", path).status, 200)
        answer = self.server.request("GET", "/openapi.yaml")
        self.assertEqual(answer.status, 200)
        self.assertEqual(Description(answer.body.decode()).operations, Description.of_sources().operations)

    def test_single_report(self) -> None:
        """One address: new, then sighted, and it can be read back."""
        first = self.server.report(self.token, self.new_key(), "hxxps://single[.]example/1", handling="H2")
        self.assertEqual(first.status, 200)
        self.assertEqual(first.json()["items_new"], 1)
        result = first.json()["results"][0]
        self.assertEqual(result["outcome"], "new")
        second = self.server.report(self.token, self.new_key(), "https://single.example/1").json()
        self.assertEqual((second["sightings"], second["results"][0]["id"]), (1, result["id"]))
        item = self.server.request("GET", f"{ITEMS}/{result['id']}", token=self.token).json()
        self.assertEqual((item["locator"], item["handling"]), ("https://single.example/1", "H2"))
        self.assertEqual(item["sightings"], 1)

    def test_thousand_reports(self) -> None:
        """A thousand addresses are one request; one more is refused, and none is no request."""
        addresses = [f"https://many.example/{n}" for n in range(1_001)]
        answer = self.server.report(self.token, self.new_key(), *addresses[:1_000])
        self.assertEqual((answer.status, answer.json()["items_new"]), (200, 1_000))
        self.assertEqual(self.server.report(self.token, self.new_key(), *addresses).status, 400)
        empty = self.server.request("POST", ITEMS, token=self.token, key=self.new_key(), body={"items": []})
        self.assertEqual(empty.status, 400)

    def test_rejected_reports(self) -> None:
        """What is no address is rejected beside the others; all of them rejected is 422."""
        some = self.server.report(self.token, self.new_key(), "https://good.example/1", "not an address")
        self.assertEqual(some.status, 200)
        self.assertEqual([r["outcome"] for r in some.json()["results"]], ["new", "rejected"])
        self.assertEqual(self.server.report(self.token, self.new_key(), "not an address").status, 422)

    def test_pages(self) -> None:
        """Pages follow each other without a gap or a double, to the last one."""
        self.server.report(self.token, self.new_key(), *[f"https://page.example/{n}" for n in range(25)])
        seen: list[str] = []
        after = -1
        while after is not None:
            page = self.server.request("GET", f"{ITEMS}?limit=10&after={after}", token=self.token).json()
            seen += [item["id"] for item in page["items"]]
            after = page["next"]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(seen, [item["id"] for item in self.served.items()])
        for query in "limit=0", "limit=1001", "limit=x", "after=x", "limit=-1", "after=99999999999999999999":
            self.assertEqual(
                self.server.request("GET", f"{ITEMS}?{query}", token=self.token).status, 400, query
            )

    def test_providers_and_me(self) -> None:
        """Providers of whom there are items, and whom the token stands for."""
        providers = self.server.request("GET", "/api/v1/providers", token=self.token).json()["providers"]
        self.assertIn("first.example", [provider["name"] for provider in providers])
        me = self.server.request("GET", "/api/v1/me", token=self.token).json()
        self.assertEqual(me["roles"], ["analyst"])

    def test_journal(self) -> None:
        """Checkpoint, proofs and tiles come over HTTP as they come from the command line."""
        note = self.server.request("GET", "/api/v1/journal/checkpoint", token=self.auditor)
        checkpoint = merkle.Checkpoint.parse(note.body.decode())
        self.assertLessEqual(1, checkpoint.size)
        proof = merkle.Proof.parse(
            self.server.request("GET", "/api/v1/journal/proof/0", token=self.auditor).body.decode()
        )
        line = self.served.done("journal", "export").lines()[0]
        self.assertTrue(proof.proves(bytes.fromhex(line["leaf_hash"])))
        for path in (
            "proof/999999999",
            "proof/-1",
            "proof/x",
            "proof/99999999999999999999",
            "tile/0/000.p/0",
            "tile/0/999",
            "tile/0/000.p/256",
            "tile/8/000",
            "tile/64/000",
            "tile/0/1",
            "tile/0/x",
            "tile/-1/000",
            "tile/0/000/",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/",
            "tile/0/0000",
        ):
            answer = self.server.request("GET", f"/api/v1/journal/{path}", token=self.auditor)
            self.assertEqual(answer.status, 404, path)

    def test_sessions(self) -> None:
        """Signing in gives a token that works until signing out; an API token can't sign out."""
        self.served.done(
            "user", "add", "paula", "--role", "analyst", "--password-stdin", stdin=PASSWORD.encode() + b"\n"
        )
        body = {"name": "paula", "password": PASSWORD}
        session = self.server.request("POST", "/api/v1/sessions", body=body)
        self.assertEqual(session.status, 201)
        token = session.json()["token"]
        self.assertEqual(self.server.request("GET", "/api/v1/me", token=token).status, 200)
        current = "/api/v1/sessions/current"
        self.assertEqual(self.server.request("DELETE", current, token=token).status, 204)
        self.assertEqual(self.server.request("GET", ITEMS, token=token).status, 401)
        self.assertEqual(self.server.request("DELETE", current, token=self.token).status, 422)
        for wrong in {**body, "password": "x"}, {**body, "name": "nobody"}:
            self.assertEqual(self.server.request("POST", "/api/v1/sessions", body=wrong).status, 401)
        self.assertNotIn(PASSWORD, self.server.said())

    def test_signed_out_at_once(self) -> None:
        """A session that was closed is refused at the next request, whatever is asked for."""
        for method, path in ("GET", "/api/v1/me"), ("DELETE", "/api/v1/sessions/current"), ("GET", ITEMS):
            with self.subTest(f"{method} {path}"):
                name = f"out-{self.new_key()}"
                self.served.done(
                    "user",
                    "add",
                    name,
                    "--role",
                    "analyst",
                    "--password-stdin",
                    stdin=PASSWORD.encode() + b"\n",
                )
                body = {"name": name, "password": PASSWORD}
                token = self.server.request("POST", "/api/v1/sessions", body=body).json()["token"]
                self.assertEqual(self.server.request("GET", "/api/v1/me", token=token).status, 200)
                self.assertEqual(
                    self.server.request("DELETE", "/api/v1/sessions/current", token=token).status, 204
                )
                size = self.served.size()
                self.assertEqual(self.server.request(method, path, token=token).status, 401)
                self.assertEqual(self.served.size(), size)

    def test_signing_in_takes_as_long(self) -> None:
        """A wrong password and an unknown name take about as long, so that names can't be tried."""
        self.served.done(
            "user", "add", "slow", "--role", "analyst", "--password-stdin", stdin=PASSWORD.encode() + b"\n"
        )

        def seconds(name: str) -> float:
            started = time.monotonic()
            self.server.request("POST", "/api/v1/sessions", body={"name": name, "password": "wrong"})
            return time.monotonic() - started

        seconds("slow"), seconds("nobody")
        wrong, unknown = [], []
        for _ in range(7):
            wrong.append(seconds("slow"))
            unknown.append(seconds("nobody"))
        ratio = statistics.median(wrong) / statistics.median(unknown)
        self.assertTrue(0.5 < ratio < 2, f"{ratio:.2f}")


class Refusals(Served):
    def test_bad_bodies(self) -> None:
        """What is not a report is refused as a problem, and leaves no trace."""
        size = self.served.size()
        address = '"address":"https://bad.example/1"'
        bodies = {
            "no JSON": b"{",
            "nothing": b"",
            "an array": b"[]",
            "a string": b'"x"',
            "null": b"null",
            "no address": b"{}",
            "unknown member": f'{{{address},"colour":"red"}}'.encode(),
            "unknown member of an item": b'{"items":[{"address":"https://bad.example/1","x":1}]}',
            "item that is a string": b'{"items":["https://bad.example/1"]}',
            "number for a text": b'{"address":1}',
            "unknown kind": f'{{{address},"kind":"boat"}}'.encode(),
            "unknown handling": f'{{{address},"handling":"H9"}}'.encode(),
            "both forms": f'{{{address},"items":[]}}'.encode(),
            "invalid UTF-8": b'{"address":"https://bad.example/\xff"}',
            "lone surrogate": b'{"address":"https://bad.example/\\ud800"}',
            "more behind it": f"{{{address}}} x".encode(),
            "deep": b"[" * 100_000,
            "empty address": b'{"address":""}',
        }
        for name, body in bodies.items():
            with self.subTest(name):
                answer = self.server.request("POST", ITEMS, token=self.token, key=self.new_key(), body=body)
                self.assertIn(answer.status, (400, 422), answer.body)
                self.assertNotEqual(answer.status, 200)
        names = [item["locator"] for item in self.served.items()]
        self.assertFalse([name for name in names if "bad.example" in name])
        # A request whose every address was rejected is answered, and that is kept with its key.
        self.assertLessEqual(self.served.size() - size, 2)

    def test_content_type(self) -> None:
        """A body that says to be something else than JSON is refused."""
        for kind in "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x":
            answer = self.server.request(
                "POST",
                ITEMS,
                token=self.token,
                key=self.new_key(),
                body={"address": "https://a.example/1"},
                headers={"Content-Type": kind},
            )
            self.assertEqual(answer.status, 415, kind)
        answer = self.server.request(
            "POST",
            ITEMS,
            token=self.token,
            key=self.new_key(),
            body={"address": "https://a.example/1"},
            headers={"Content-Type": "Application/JSON; charset=utf-8"},
        )
        self.assertEqual(answer.status, 200)

    def test_large_body(self) -> None:
        """Nine megabytes are refused with 413, here and where somebody signs in."""
        body = b'{"address":"https://a.example/' + b"a" * (9 << 20) + b'"}'
        for path, sent in (ITEMS, body), ("/api/v1/sessions", body[:200_000]):
            answer = self.server.request(
                "POST", path, token=self.token, key=self.new_key(), body=sent, fresh=True
            )
            self.assertEqual(answer.status, 413, path)
        self.assertEqual(self.server.request("GET", "/healthz", fresh=True).status, 200)

    def test_unknown_paths(self) -> None:
        """A wrong path or method is a problem too."""
        for method, path in (
            ("GET", "/nothing"),
            ("GET", "/api/v2/items"),
            ("PUT", ITEMS),
            ("DELETE", ITEMS),
            ("POST", "/healthz"),
            ("GET", "/api/v1/items/not-a-uuid"),
            ("GET", f"/api/v1/items/{uuid.uuid4()}"),
            ("PATCH", "/api/v1/me"),
            ("GET", "/../../etc/passwd"),
            ("GET", "/api/v1/items/..%2f..%2fme"),
            ("GET", "/api/v1/journal"),
        ):
            answer = self.server.request(method, path, token=self.token)
            self.assertIn(answer.status, (404, 405), f"{method} {path}")
            self.assertEqual(answer.headers["content-type"], "application/problem+json", f"{method} {path}")

    def test_tokens(self) -> None:
        """No token, a wrong one, and one in another form are refused alike."""
        for value in (
            None,
            "Bearer",
            "Bearer ",
            "Basic " + self.token,
            self.token,
            "Bearer x",
            f"Bearer {self.token}x",
            f"Bearer {self.token} {self.token}",
            "Bearer " + "a" * 5_000,
        ):
            headers = {} if value is None else {"Authorization": value}
            answer = self.server.request("GET", ITEMS, headers=headers)
            self.assertEqual(answer.status, 401, value)
            self.assertEqual(answer.headers.get("www-authenticate"), "Bearer")

    def revoked(self, path: str) -> int:
        """The status of the first request after the command line has revoked a token that was in use."""
        name = f"rita-{self.new_key()}"
        token = self.served.token(name, "analyst", "auditor")
        self.assertEqual(self.server.request("GET", path, token=token).status, 200)
        user = self.user_of(name)
        tokens = self.served.done("token", "list").out.splitlines()
        self.served.done("token", "revoke", [line.split()[0] for line in tokens if user in line][0])
        self.assertEqual(self.served.run("item", "list", token=token).code, NOT_PERMITTED)
        return self.server.request("GET", path, token=token).status

    def test_revoked_at_once(self) -> None:
        """A token that the command line revokes is refused by the running server at the next request."""
        for path in (
            ITEMS,
            f"{ITEMS}/{self.served.items()[0]['id']}",
            "/api/v1/providers",
            "/api/v1/journal/checkpoint",
            "/api/v1/journal/proof/0",
            "/api/v1/journal/tile/0/000.p/1",
            "/api/v1/operations",
            "/api/v1/outlets",
            "/api/v1/queue?step=assess",
            f"{ITEMS}/{self.served.items()[0]['id']}/history",
        ):
            with self.subTest(path):
                self.assertEqual(self.revoked(path), 401)

    def test_revoked_token_writes_nothing(self) -> None:
        """A revoked token puts nothing on record, nor does it get an earlier reply again."""
        token = self.served.token("wanda", "analyst")
        key = self.new_key()
        self.assertEqual(self.server.report(token, key, "https://wanda.example/1").status, 200)
        user = self.user_of("wanda")
        tokens = self.served.done("token", "list").out.splitlines()
        self.served.done("token", "revoke", [line.split()[0] for line in tokens if user in line][0])
        self.assertEqual(self.server.report(token, key, "https://wanda.example/1").status, 401)
        self.assertEqual(self.server.report(token, self.new_key(), "https://wanda.example/2").status, 401)
        self.assertNotIn("https://wanda.example/2", self.served.locators())

    def test_revoked_at_once_for_me(self) -> None:
        """A revoked token no longer tells whom it stands for."""
        self.assertEqual(self.revoked("/api/v1/me"), 401)

    def test_roles_taken_at_once(self) -> None:
        """A role that the command line takes away no longer counts at the next request."""
        token = self.served.token("rolf", "analyst")
        self.assertEqual(self.server.report(token, self.new_key(), "https://rolf.example/1").status, 200)
        self.served.done("user", "roles", "rolf", "--role", "auditor")
        self.assertEqual(self.server.report(token, self.new_key(), "https://rolf.example/2").status, 403)
        self.assertEqual(self.server.request("GET", "/api/v1/journal/checkpoint", token=token).status, 200)
        self.assertEqual(self.server.request("GET", "/api/v1/me", token=token).json()["roles"], ["auditor"])

    def user_of(self, name: str) -> str:
        return [
            line.split()[0] for line in self.served.done("user", "list").out.splitlines() if name in line
        ][0]

    def test_no_secret_is_told(self) -> None:
        """No token, password or key stands in what the server says."""
        self.server.request("GET", ITEMS, token=self.token)
        self.server.request("GET", ITEMS, token=self.token + "x")
        self.server.request("GET", f"{ITEMS}?token={self.token}", token=self.token)
        self.server.request("POST", "/api/v1/sessions", body={"name": "ana", "password": PASSWORD})
        keys = [path.read_text().strip() for path in (self.served.directory / "keys").glob("*.key")]
        for secret in [self.token, PASSWORD, *keys]:
            self.assertNotIn(secret, self.server.said())
        for stored in self.served.directory.glob("cordon.db*"):
            self.assertNotIn(self.token.encode(), stored.read_bytes())


class Idempotency(Served):
    def test_repeated(self) -> None:
        """The same key and body get the same bytes, say so, and have no second effect."""
        key = self.new_key()
        first = self.server.report(self.token, key, "https://once.example/1", "https://once.example/2")
        size = self.served.size()
        again = self.server.report(self.token, key, "https://once.example/1", "https://once.example/2")
        self.assertEqual((again.status, again.body), (first.status, first.body))
        self.assertEqual(again.headers.get("idempotency-replayed"), "true")
        self.assertNotIn("idempotency-replayed", first.headers)
        self.assertEqual(self.served.size(), size)

    def test_repeated_rejection(self) -> None:
        """A request whose every address was rejected is repeated with the same 422."""
        key = self.new_key()
        answers = [self.server.report(self.token, key, "not an address") for _ in range(2)]
        self.assertEqual([answer.status for answer in answers], [422, 422])
        self.assertEqual(answers[0].body, answers[1].body)

    def test_other_body(self) -> None:
        """The same key with another body is refused and has no effect."""
        key = self.new_key()
        self.server.report(self.token, key, "https://other.example/1")
        answer = self.server.report(self.token, key, "https://other.example/2")
        self.assertEqual(answer.status, 422)
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertNotIn("https://other.example/2", self.served.locators())

    def test_missing_key(self) -> None:
        """A report without a key, with an empty one or one too long is refused."""
        body = {"address": "https://keyless.example/1"}
        self.assertEqual(self.server.request("POST", ITEMS, token=self.token, body=body).status, 400)
        for key in "", "k" * 256:
            self.assertEqual(
                self.server.request("POST", ITEMS, token=self.token, key=key, body=body).status, 400
            )
        self.assertEqual(
            self.server.request("POST", ITEMS, token=self.token, key="k" * 255, body=body).status, 200
        )

    def test_another_caller(self) -> None:
        """A key is the caller's own: another user's same key is another request."""
        key, other = self.new_key(), self.served.token("karl", "analyst")
        self.server.report(self.token, key, "https://mine.example/1")
        answer = self.server.report(other, key, "https://theirs.example/1")
        self.assertEqual((answer.status, answer.json()["items_new"]), (200, 1))

    def test_at_the_same_time(self) -> None:
        """Sixty-four requests at once with one key have one effect and one answer."""
        key = self.new_key()
        with ThreadPoolExecutor(64) as pool:
            answers = list(
                pool.map(lambda _: self.server.report(self.token, key, "https://crowd.example/1"), range(64))
            )
        self.assertEqual({(answer.status, answer.body) for answer in answers}, {(200, answers[0].body)})
        self.assertEqual(sum("idempotency-replayed" not in answer.headers for answer in answers), 1)
        item = [item for item in self.served.items() if item["locator"] == "https://crowd.example/1"]
        self.assertEqual([found["sightings"] for found in item], [0])

    def test_same_address_at_the_same_time(self) -> None:
        """Sixty-four reports at once of one address make one item and sixty-three sightings."""
        with ThreadPoolExecutor(64) as pool:
            answers = list(
                pool.map(
                    lambda n: self.server.report(self.token, f"same-{n}", "https://same.example/1"), range(64)
                )
            )
        outcomes = [answer.json()["results"][0]["outcome"] for answer in answers]
        self.assertEqual((outcomes.count("new"), outcomes.count("sighted")), (1, 63))
        item = [item for item in self.served.items() if item["locator"] == "https://same.example/1"]
        self.assertEqual([found["sightings"] for found in item], [63])


class Permissions(Served):
    """Who may do what, held against a golden copy."""

    @classmethod
    def add(cls) -> None:
        cls.tokens = {"none": None} | {role: cls.served.token(f"user-{role}", role) for role in ROLES}
        cls.served.done("agency", "add", "Second unit")
        cls.served.done("provider", "connect", "wave", "user-provider")
        cls.ids = {
            "items": cls.served.items()[0]["id"],
            "operations": cls.served.done("operation", "open", "Matrix").out.strip(),
            "outlets": cls.served.done("outlet", "add", "Matrix").out.strip(),
            "cases": cls.served.done("case", "open", "Matrix").out.strip(),
            "interests": str(uuid.uuid4()),
        }
        cls.item = cls.ids["items"]
        cls.description = Description.of_sources()

    def matrix(self) -> str:
        """One line for each path and verb, one column for each role."""
        lines = [" ".join(["# verb path:", *self.tokens])]
        for path in self.description.paths:
            for verb in VERBS:
                statuses = [str(self.status(verb, path, token)) for token in self.tokens.values()]
                lines.append(f"{verb} {path}: {' '.join(statuses)}")
        return "\n".join(lines) + "\n"

    def status(self, verb: str, path: str, token: str | None) -> int:
        identifier = self.ids.get(path.removeprefix("/api/v1/").split("/")[0], "")
        values = {"id": identifier, "index": "0", "path": "0/000.p/1", "figure": "reported", "pack": "wave"}
        target = path.format(**values) + ("?step=assess" if path.endswith("/queue") else "")
        body = self.body(verb, path) if verb in ("POST", "PUT", "PATCH") else None
        return self.server.request(verb, target, token=token, key=self.new_key(), body=body).status

    def body(self, verb: str, path: str) -> dict[str, Any]:
        """What openapi.yaml gives as the example, with moments and names that hold whenever and however often."""
        if path.endswith("/sessions"):
            return {"name": "nobody"}
        body = dict(self.description.examples.get((path, verb), {"address": "https://matrix.example/1"}))
        for member, days in ("at", 1), ("until", 1), ("happened_at", -1):
            if member in body:
                body[member] = instant(days=days)
        for member in "name", "reference":
            if member in body and "{id}" not in path:
                body[member] = f"{body[member]} {self.new_key()}"
        return body

    def test_matrix(self) -> None:
        """Every path and verb gives every role the status of permissions.golden."""
        matrix = self.matrix()
        if os.environ.get("CORDON_WRITE_GOLDEN"):
            GOLDEN.write_text(matrix)
        self.assertTrue(GOLDEN.exists(), "make it with run.py --write-golden, and read it")
        self.maxDiff = None
        self.assertEqual(matrix.splitlines(), GOLDEN.read_text().splitlines())

    def test_command_line(self) -> None:
        """With a token, the commands allow and refuse what the API does."""
        for role, command, code in [
            ("analyst", ["item", "list"], OK),
            ("analyst", ["journal", "checkpoint"], NOT_PERMITTED),
            ("analyst", ["user", "list"], NOT_PERMITTED),
            ("auditor", ["journal", "export"], OK),
            ("administrator", ["item", "list"], NOT_PERMITTED),
            ("administrator", ["user", "list"], OK),
            ("auditor", ["item", "erase", self.item, "--basis", "led-16"], NOT_PERMITTED),
            ("analyst", ["user", "add", "eve", "--role", "administrator"], NOT_PERMITTED),
            ("analyst", ["token", "create", "--user", "user-administrator"], NOT_PERMITTED),
            ("analyst", ["agency", "add", "Mine"], NOT_PERMITTED),
            ("provider", ["item", "list"], NOT_PERMITTED),
            ("provider", ["queue", "assess"], NOT_PERMITTED),
            ("auditor", ["queue", "assess"], OK),
            ("reviewer", ["item", "history", self.item], OK),
            ("administrator", ["item", "history", self.item], NOT_PERMITTED),
            ("reviewer", ["work", "clear", f"item={self.item}"], NOT_PERMITTED),
            ("analyst", ["operation", "open", "Of an analyst"], OK),
            ("prosecutor", ["operation", "open", "Of a prosecutor"], NOT_PERMITTED),
            ("analyst", ["operation", "join", self.ids["operations"], "Second unit"], NOT_PERMITTED),
            ("analyst", ["case", "list"], NOT_PERMITTED),
            ("linguist", ["outlet", "add", "Of a linguist"], NOT_PERMITTED),
            ("coordinator", ["provider", "connect", "wave", "nobody"], NOT_PERMITTED),
        ]:
            ended = self.served.run(*command, token=self.tokens[role])
            self.assertEqual(ended.code, code, f"{role} {command}: {ended.said}")
        self.assertEqual(self.served.run("item", "list", token="wrong").code, NOT_PERMITTED)


class Visibility(Served):
    """What one agency has on record does not exist for another."""

    @classmethod
    def add(cls) -> None:
        cls.served.done("agency", "add", "Second unit")
        roles = ("analyst", "redress_officer")
        cls.other = cls.served.token("bea", *roles, agency="Second unit")

    def test_hidden(self) -> None:
        """An item of another agency is not found, not listed, not counted; reporting it is new."""
        mine = self.server.report(self.token, self.new_key(), "https://hidden.example/1").json()["results"][
            0
        ]["id"]
        self.assertEqual(self.server.request("GET", f"{ITEMS}/{mine}", token=self.other).status, 404)
        listed = self.server.request("GET", f"{ITEMS}?limit=1000", token=self.other).json()["items"]
        self.assertNotIn(mine, [item["id"] for item in listed])
        providers = self.server.request("GET", "/api/v1/providers", token=self.other).json()["providers"]
        self.assertNotIn("hidden.example", [provider["name"] for provider in providers])
        self.assertEqual(self.served.run("item", "show", mine, token=self.other).code, NO_INPUT)
        self.assertNotIn("https://hidden.example/1", self.served.locators(self.other))
        counts = self.served.imported("-", stdin=b"https://hidden.example/1\n", token=self.other)
        self.assertEqual((counts["items_new"], counts["sightings"]), (1, 0))
        item = self.server.request("GET", f"{ITEMS}/{mine}", token=self.token).json()
        self.assertEqual(item["sightings"], 0)
        erased = self.served.run("item", "erase", mine, "--basis", "led-16", token=self.other)
        self.assertEqual(erased.code, NO_INPUT, erased.said)
        self.assertEqual(self.served.locators().count("https://hidden.example/1"), 1)

    def test_hidden_looks_like_missing(self) -> None:
        """The answer for a hidden item is the answer for one that never was."""
        mine = self.server.report(self.token, self.new_key(), "https://alike.example/1").json()["results"][0][
            "id"
        ]
        answers = [
            self.server.request("GET", f"{ITEMS}/{one}", token=self.other) for one in (mine, uuid.uuid4())
        ]
        self.assertEqual(answers[0].body, answers[1].body)

    def test_shared(self) -> None:
        """A shared item is seen by every agency, and erased by its owner alone."""
        mine = self.server.report(
            self.token, self.new_key(), "https://shared.example/1", sharing="installation"
        ).json()["results"][0]["id"]
        answer = self.server.request("GET", f"{ITEMS}/{mine}", token=self.other)
        self.assertEqual((answer.status, answer.json()["locator"]), (200, "https://shared.example/1"))
        erased = self.served.run("item", "erase", mine, "--basis", "led-16", token=self.other)
        self.assertIn(erased.code, (NO_INPUT, NOT_PERMITTED), erased.said)
        again = self.server.request("GET", f"{ITEMS}/{mine}", token=self.token).json()
        self.assertEqual(again["locator"], "https://shared.example/1")


class Stopping(EndToEnd):
    def test_signals(self) -> None:
        """SIGTERM and SIGINT end the server with 0, and the record is sound."""
        record = self.record()
        for number in signal.SIGTERM, signal.SIGINT:
            with serving(record) as server:
                self.assertEqual(server.request("GET", "/healthz").status, 200)
                self.assertEqual(server.stop(number), 0, server.said())
        self.assertSound(record)
