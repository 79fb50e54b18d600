"""The work on items over HTTP, as different people: from the report to the outbox."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from support import BAD_INPUT, NO_INPUT, NOT_PERMITTED, OK, USAGE, Description, Response
from test_api import Served, instant

API = "/api/v1"
NO_EXEMPTION = Description.of_sources().examples[f"{API}/assessments", "POST"]["exemptions"]
PEOPLE = {
    "linda": "linguist",
    "rita": "reviewer",
    "simon": "signatory",
    "dora": "deconfliction_officer",
    "carl": "coordinator",
    "petra": "prosecutor",
}
OTHERS = {"bea": "analyst", "bodo": "reviewer", "bert": "deconfliction_officer", "bina": "coordinator"}
OTHER_UNIT = "Second unit"


class Working(Served):
    """Two agencies with their people; every test leaves a record that is sound."""

    tokens: ClassVar[dict[str, str]]

    @classmethod
    def add(cls) -> None:
        cls.served.done("agency", "add", OTHER_UNIT)
        cls.tokens = {"ana": cls.token}
        cls.tokens |= {name: cls.served.token(name, role) for name, role in PEOPLE.items()}
        cls.tokens |= {name: cls.served.token(name, role, agency=OTHER_UNIT) for name, role in OTHERS.items()}

    def tearDown(self) -> None:
        super().tearDown()
        self.assertSound(self.served)

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Response:
        return self.server.request(method, API + path, token=self.tokens[who], body=body)

    def done(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """What a request that must go well replies."""
        answer = self.ask(who, method, path, body)
        self.assertIn(answer.status, (200, 201, 204), answer.body)
        return answer.json() if answer.body else None

    def refused(self, status: int, code: str, who: str, path: str, body: Any) -> str:
        """The reason of a single entry's refusal."""
        answer = self.ask(who, "POST", path, body)
        self.assertEqual((answer.status, answer.json()["type"]), (status, f"urn:cordon:problem:{code}"))
        return answer.json()["detail"]

    def recorded(self, who: str, path: str, body: Any) -> int:
        """The journal index of a single entry that must be recorded."""
        (result,) = self.done(who, "POST", path, body)["results"]
        self.assertEqual((result["item"], result["outcome"]), (body["item"], "recorded"))
        return result["journal_index"]

    def address(self) -> str:
        return f"https://wave.example/watch/{uuid.uuid4().hex[:12]}"

    def reported(self, *addresses: str, by: str = "ana", **terms: Any) -> list[str]:
        """The identifiers of new items."""
        answer = self.server.report(
            self.tokens[by], self.new_key(), *(addresses or [self.address()]), **terms
        )
        return [result["id"] for result in answer.json()["results"]]

    def assessed(self, item: str, by: str = "ana") -> int:
        return self.recorded(by, "/assessments", assessment(item))

    def confirmed(self, item: str, by: str = "ana", second: str = "rita") -> int:
        """Two people found it referable; returns the assessment's index."""
        index = self.assessed(item, by)
        self.recorded(second, "/confirmations", {"item": item, "assessment": index, "agrees": True})
        return index

    def cleared(self, item: str) -> None:
        self.confirmed(item)
        self.recorded("dora", "/deconflictions", {"item": item, "clear": True})

    def queued(self, who: str, step: str, query: str = "") -> list[str]:
        return [
            item["id"] for item in self.done(who, "GET", f"/queue?step={step}&limit=1000{query}")["items"]
        ]

    def dossier(self, item: str, who: str = "ana") -> dict[str, Any]:
        return self.done(who, "GET", f"/items/{item}/history")

    def work(self, item: str, who: str = "ana") -> dict[str, Any]:
        return self.dossier(item, who)["work"]


def assessment(item: str, **more: Any) -> dict[str, Any]:
    return {"item": item, "decision": "refer", "categories": ["INCITE"], "exemptions": NO_EXEMPTION, **more}


class Path(Working):
    def test_whole_path(self) -> None:
        """Report, assess, confirm, deconflict, clear, refer: each by its own person, in turn."""
        (item,) = self.reported(operation="Action day")
        for who, path, body, before, after in (
            ("ana", "/assessments", assessment(item), "assess", "confirm"),
            ("rita", "/confirmations", {"agrees": True}, "confirm", "deconflict"),
            ("dora", "/deconflictions", {}, "deconflict", "clear"),
            ("dora", "/clearances", {}, "clear", "refer"),
            ("simon", "/referrals", {"release": "h_hour", "clause": "3.2"}, "refer", None),
        ):
            with self.subTest(path):
                if path == "/confirmations":
                    body["assessment"] = self.work(item)["assessment"]["journal_index"]
                self.assertIn(item, self.queued(who, before))
                index = self.recorded(who, path, {"item": item, **body})
                self.assertNotIn(item, self.queued(who, before))
                if after is not None:
                    self.assertIn(item, self.queued("carl", after))
                self.assertEqual(self.dossier(item)["history"][-1]["journal_index"], index)
        dossier = self.dossier(item, "simon")
        types = [entry["type"] for entry in dossier["history"]]
        self.assertEqual(
            types,
            "item.reported item.assessed assessment.confirmed item.deconflicted item.cleared item.referred".split(),
        )
        self.assertEqual([entry["actor_name"] for entry in dossier["history"][:2]], ["ana", "ana"])
        self.assertEqual(dossier["work"]["referral"]["state"], "waiting")
        self.assertEqual(dossier["operation"]["name"], "Action day")
        self.assertEqual(dossier["provider"]["pack"], "wave")
        possible = [step["step"] for step in dossier["steps"] if step["obstacle"] is None]
        self.assertEqual(possible, ["retract"])
        waiting = self.served.query("SELECT count(*) FROM referrals WHERE delivered_idx IS NULL")[0][0]
        self.assertGreaterEqual(waiting, 1)

    def test_own_assessment(self) -> None:
        """Of 200 confirmations at once by the assessor none counts; of 200 by others exactly one."""
        self.tokens["both"] = self.served.token("both", "analyst", "reviewer")
        (item,) = self.reported()
        body = {"item": item, "assessment": self.assessed(item, "both"), "agrees": True}
        self.assertNotIn(item, self.queued("both", "confirm"))
        for people, outcome in (["both"], {403: 200}), (["rita", "simon"], {200: 1, 409: 199}):
            with ThreadPoolExecutor(32) as pool:
                answers = list(
                    pool.map(
                        lambda n: self.ask(people[n % len(people)], "POST", "/confirmations", body),
                        range(200),
                    )
                )
            statuses = [answer.status for answer in answers]
            self.assertEqual({status: statuses.count(status) for status in set(statuses)}, outcome)
        types = [entry["type"] for entry in self.dossier(item)["history"]]
        self.assertEqual(types.count("assessment.confirmed"), 1)

    def test_stale_and_twice(self) -> None:
        """What was seen has changed: 409; so is a second confirmation, and a referral without a clearance."""
        (item,) = self.reported()
        first = self.assessed(item)
        self.refused(409, "stale", "ana", "/assessments", assessment(item))
        second = self.recorded("linda", "/assessments", assessment(item, replaces=first))
        confirmation = {"item": item, "assessment": first, "agrees": True}
        self.refused(409, "stale", "rita", "/confirmations", confirmation)
        confirmation["assessment"] = second
        self.recorded("rita", "/confirmations", confirmation)
        self.refused(409, "not-now", "simon", "/confirmations", confirmation)
        self.refused(409, "not-now", "simon", "/referrals", {"item": item})
        self.recorded("dora", "/deconflictions", {"item": item})
        self.refused(409, "not-now", "simon", "/referrals", {"item": item})
        self.assertIsNone(self.work(item)["referral"])

    def test_exemptions(self) -> None:
        """An open exemption, one that applies, and no category: none of them can be referred."""
        (item,) = self.reported()
        for wrong in (
            {"exemptions": {**NO_EXEMPTION, "art": None}},
            {"exemptions": {**NO_EXEMPTION, "journalism": True}},
            {"exemptions": {**NO_EXEMPTION, "journalism": True}, "reasons": "A newspaper's own report"},
            {"exemptions": {}},
            {"categories": []},
        ):
            self.refused(422, "invalid", "ana", "/assessments", {**assessment(item), **wrong})
        rejecting = {"decision": "reject", "reasons": "A newspaper's own report"}
        index = self.recorded(
            "ana",
            "/assessments",
            assessment(item, **rejecting) | {"exemptions": {**NO_EXEMPTION, "journalism": True}},
        )
        self.recorded("rita", "/confirmations", {"item": item, "assessment": index, "agrees": True})
        self.refused(409, "not-now", "dora", "/clearances", {"item": item})

    def test_disagreement(self) -> None:
        """Whoever disagrees says why, and the item is to be assessed anew."""
        (item,) = self.reported()
        body = {"item": item, "assessment": self.assessed(item), "agrees": False}
        self.refused(422, "invalid", "rita", "/confirmations", body)
        self.recorded("rita", "/confirmations", {**body, "reason": "It is satire."})
        self.assertIn(item, self.queued("ana", "assess"))
        self.assertEqual(self.work(item)["assessment"]["state"], "returned")

    def test_lists(self) -> None:
        """Each entry of a list is decided by itself; a list of which nothing was recorded is 409 or 422."""
        items = self.reported(*[self.address() for _ in range(3)])
        unknown = str(uuid.uuid4())
        listed = [assessment(item) for item in [*items, items[0], unknown]]
        results = self.done("ana", "POST", "/assessments", {"entries": listed})["results"]
        self.assertEqual([result["item"] for result in results], [*items, items[0], unknown])
        outcomes = [result.get("code", result["outcome"]) for result in results]
        self.assertEqual(outcomes, ["recorded"] * 3 + ["invalid", "not-found"])
        for entries, status in ([listed[0]], 409), ([listed[0], listed[4]], 409), ([listed[4]], 422):
            answer = self.ask("ana", "POST", "/assessments", {"entries": entries})
            self.assertEqual(answer.status, status, answer.body)
            self.assertEqual(len(answer.json()["results"]), len(entries))
        self.refused(404, "not-found", "ana", "/assessments", listed[4])
        size = self.served.size()
        many = {"entries": [{"item": str(uuid.uuid4())} for _ in range(1_001)], "clear": True}
        self.assertEqual(self.ask("dora", "POST", "/deconflictions", many).status, 400)
        many["entries"].pop()
        self.assertEqual(self.ask("dora", "POST", "/deconflictions", many).status, 422)
        self.assertEqual(self.served.size(), size)

    def test_nonsense(self) -> None:
        """What is misspelt, of a wrong type, not a code or holds NUL is 400 and leaves no trace."""
        (item,) = self.reported()
        size = self.served.size()
        good = assessment(item)
        for path, body in (
            ("/assessments", {**good, "categorys": []}),
            ("/assessments", {**good, "decision": "maybe"}),
            ("/assessments", {**good, "categories": ["INCITE", "INCITE"]}),
            ("/assessments", {**good, "categories": "INCITE"}),
            ("/assessments", {**good, "factors": ["mood"]}),
            ("/assessments", {**good, "exemptions": {"weather": False}}),
            ("/assessments", {**good, "exemptions": {"art": "no"}}),
            ("/assessments", {**good, "reasons": "a\u0000b"}),
            ("/assessments", {**good, "item": "17"}),
            ("/assessments", {**good, "replaces": "17"}),
            ("/assessments", {**good, "entries": [good]}),
            ("/assessments", {"entries": good}),
            ("/assessments", {"entries": []}),
            ("/assessments", {"entries": [good, {**good, "x": 1}]}),
            ("/assessments", [good]),
            ("/assessments", b"{"),
        ):
            answer = self.ask("ana", "POST", path, body)
            self.assertEqual(answer.status, 400, f"{body} {answer.body!r}")
        for release in "soon", "2026-11-23", 7:
            self.assertEqual(
                self.ask("simon", "POST", "/referrals", {"item": item, "release": release}).status, 400
            )
        for query in "", "?step=dance", "?step=assess&operation=x", "?step=assess&limit=0":
            self.assertEqual(self.ask("ana", "GET", f"/queue{query}").status, 400, query)
        self.assertEqual(self.served.size(), size)

    def test_retraction(self) -> None:
        """A referral that waits can be taken back once, with a reason; the item can be referred again."""
        (item,) = self.reported()
        self.refused(409, "not-now", "carl", "/retractions", {"item": item, "reason": "x"})
        self.cleared(item)
        self.recorded("carl", "/referrals", {"item": item, "release": instant(days=1)})
        self.refused(409, "not-now", "carl", "/referrals", {"item": item})
        self.refused(422, "invalid", "carl", "/retractions", {"item": item, "reason": ""})
        self.recorded("carl", "/retractions", {"item": item, "reason": "It documents a crime."})
        self.assertEqual(self.work(item)["referral"]["state"], "retracted")
        self.refused(409, "not-now", "carl", "/retractions", {"item": item, "reason": "Again."})
        self.assertIn(item, self.queued("carl", "refer"))
        self.recorded("carl", "/referrals", {"item": item, "release": instant(days=1)})

    def test_relations(self) -> None:
        """Items that are copies are counted; an item is no copy of itself."""
        name = self.new_key()
        original, copy = self.reported(self.address(), self.address(), operation=name)
        body = {"item": copy, "relation": "copy", "original": original}
        self.refused(422, "invalid", "ana", "/relations", {**body, "original": copy})
        self.refused(404, "not-found", "ana", "/relations", {**body, "original": str(uuid.uuid4())})
        index = self.recorded("ana", "/relations", body)
        operation = self.dossier(copy)["operation"]["id"]
        self.assertEqual(self.done("ana", "GET", f"/operations/{operation}/board")["total"]["copies"], 1)
        page = self.done("ana", "GET", f"/operations/{operation}/figures/copies")
        self.assertEqual(page, {"journal_indexes": [index], "next": None})


class Holds(Working):
    def interest(self, address: str, by: str = "bert", **ahead: float) -> Response:
        return self.ask(
            by, "POST", "/interests", {"address": address, "until": instant(**ahead or {"days": 7})}
        )

    def test_hold(self) -> None:
        """Another agency's interest holds an item and tells nothing of who; a named person may override it."""
        address = self.address()
        (item,) = self.reported(address)
        self.confirmed(item)
        interest = self.interest(address).json()["id"]
        self.recorded("dora", "/deconflictions", {"item": item, "clear": True})
        self.assertIn(item, self.queued("dora", "held"))
        self.assertNotIn(item, self.queued("dora", "clear"))
        check = self.work(item)["deconfliction"]
        self.assertEqual(check["result"], "interest")
        self.refused(409, "not-now", "dora", "/clearances", {"item": item})
        self.refused(409, "not-now", "simon", "/referrals", {"item": item})
        other = self.done("bert", "GET", "/me")
        seen = self.ask("dora", "GET", f"/items/{item}/history").body.decode()
        for secret in interest, other["agency"], other["user"], OTHER_UNIT, "bert":
            self.assertNotIn(secret, seen)
        override = {"item": item, "hold": check["hold"], "reason": "An attack is announced for tonight."}
        self.refused(409, "stale", "carl", "/hold-overrides", {**override, "hold": check["hold"] - 1})
        self.refused(422, "invalid", "carl", "/hold-overrides", {**override, "reason": ""})
        self.assertEqual(self.ask("dora", "POST", "/hold-overrides", override).status, 403)
        self.recorded("carl", "/hold-overrides", override)
        self.refused(409, "not-now", "carl", "/hold-overrides", override)
        self.recorded("dora", "/clearances", {"item": item})
        self.recorded("simon", "/referrals", {"item": item, "release": instant(days=1)})

    def test_own_interest(self) -> None:
        """An agency's own interest does not hold its own items."""
        address = self.address()
        (item,) = self.reported(address)
        self.assertEqual(self.interest(address, "petra").status, 201)
        self.cleared(item)
        self.assertEqual(self.work(item)["deconfliction"]["result"], "none")

    def test_withdrawn(self) -> None:
        """A withdrawn interest holds nothing at the next check; only its agency withdraws it, once."""
        address = self.address()
        (item,) = self.reported(address)
        self.confirmed(item)
        path = f"/interests/{self.interest(address).json()['id']}"
        self.recorded("dora", "/deconflictions", {"item": item})
        self.assertEqual(self.ask("petra", "DELETE", path).status, 404)
        self.assertEqual(self.ask("bert", "DELETE", path).status, 204)
        self.assertEqual(self.ask("bert", "DELETE", path).status, 404)
        self.recorded("dora", "/deconflictions", {"item": item, "clear": True})
        self.assertIn(item, self.queued("carl", "refer"))

    def test_terms(self) -> None:
        """An interest has an end within 90 days, and an address."""
        address = self.address()
        for ahead in {"days": -1}, {"days": 91}:
            self.assertEqual(self.interest(address, **ahead).status, 422)
        self.assertEqual(self.interest("nowhere").status, 422)
        self.assertEqual(self.ask("bert", "POST", "/interests", {"address": address}).status, 400)

    def test_duplicate(self) -> None:
        """What another agency refers already is no more than told, and not cleared."""
        address = self.address()
        (theirs,) = self.reported(address)
        self.cleared(theirs)
        self.recorded("simon", "/referrals", {"item": theirs, "release": instant(days=1)})
        (ours,) = self.reported(address, by="bea")
        self.confirmed(ours, "bea", "bodo")
        self.recorded("bert", "/deconflictions", {"item": ours, "clear": True})
        self.assertEqual(self.work(ours, "bea")["deconfliction"]["result"], "duplicate")
        self.refused(409, "not-now", "bert", "/clearances", {"item": ours})


class Agencies(Working):
    def hidden(self, item: str, operation: str) -> None:
        """For the other agency neither item nor operation is there."""
        unknown = str(uuid.uuid4())
        index = self.work(item)["assessment"]["journal_index"]
        for one in item, unknown:
            answer = self.ask("bea", "GET", f"/items/{one}/history")
            self.assertEqual((answer.status, answer.json()["detail"]), (404, "there is no such item"))
            entry = {"item": one, "assessment": index, "agrees": True}
            self.assertEqual(
                self.refused(404, "not-found", "bodo", "/confirmations", entry), "there is no such item"
            )
        entries = [{"item": one, "assessment": index, "agrees": True} for one in (item, unknown)]
        results = self.ask("bodo", "POST", "/confirmations", {"entries": entries}).json()["results"]
        self.assertEqual(results[0] | {"item": unknown}, results[1])
        self.assertNotIn(item, self.queued("bodo", "confirm"))
        for path in "board", "scorecards", "figures/reported":
            self.assertEqual(self.ask("bea", "GET", f"/operations/{operation}/{path}").status, 404, path)
        listed = self.done("bea", "GET", "/operations")["operations"]
        self.assertNotIn(operation, [one["id"] for one in listed])
        self.assertEqual(self.queued("bodo", "confirm", f"&operation={operation}"), [])

    def test_hidden_until_joined(self) -> None:
        """An item shared in an operation is there for another agency once it takes part, and no sooner."""
        name = f"Joint {self.new_key()}"
        operation = self.done("carl", "POST", "/operations", {"name": name})["id"]
        shared, own = (
            self.reported(operation=name, sharing=sharing)[0] for sharing in ("operation", "owner")
        )
        indexes = {item: self.assessed(item) for item in (shared, own)}
        self.hidden(shared, operation)
        self.assertEqual(
            self.ask("bina", "POST", f"/operations/{operation}/agencies", {"name": OTHER_UNIT}).status, 404
        )
        for _ in range(2):
            self.done("carl", "POST", f"/operations/{operation}/agencies", {"name": OTHER_UNIT})
        self.assertEqual(self.queued("bodo", "confirm", f"&operation={operation}"), [shared])
        board = self.done("bea", "GET", f"/operations/{operation}/board")
        self.assertEqual([agency["name"] for agency in board["participants"]], ["This unit", OTHER_UNIT])
        self.assertEqual((board["total"]["reported"], board["total"]["assessed"]), (1, 1))
        self.assertEqual(self.done("ana", "GET", f"/operations/{operation}/board")["total"]["reported"], 2)
        page = self.done("bea", "GET", f"/operations/{operation}/figures/assessed")
        self.assertEqual(page["journal_indexes"], [indexes[shared]])
        self.assertEqual(self.ask("bea", "GET", f"/items/{own}/history").status, 404)
        self.recorded(
            "bodo", "/confirmations", {"item": shared, "assessment": indexes[shared], "agrees": True}
        )
        # Who takes part works in the operation; the agency that opened it steers it.
        answer = self.ask("bina", "PUT", f"/operations/{operation}/h-hour", {"at": instant(days=1)})
        self.assertEqual(answer.status, 409)

    def test_figures(self) -> None:
        """Every figure of a board has as many journal entries behind it, page by page."""
        name = f"Figures {self.new_key()}"
        items = self.reported(*[self.address() for _ in range(5)], operation=name)
        self.cleared(items[0])
        self.recorded("carl", "/referrals", {"item": items[0], "release": "h_hour"})
        operation = self.dossier(items[0])["operation"]["id"]
        total = self.done("ana", "GET", f"/operations/{operation}/board")["total"]
        self.assertEqual((total["reported"], total["confirmed"], total["referred"]), (5, 1, 1))
        for figure, count in total.items():
            if figure in ("looks", "reports"):
                continue
            indexes: list[int] = []
            after: int | None = -1
            while after is not None:
                page = self.done(
                    "ana", "GET", f"/operations/{operation}/figures/{figure}?limit=2&after={after}"
                )
                indexes += page["journal_indexes"]
                after = page["next"]
            self.assertEqual((len(indexes), indexes), (count, sorted(set(indexes))), figure)
        self.assertEqual(self.ask("ana", "GET", f"/operations/{operation}/figures/beauty").status, 404)
        (card,) = self.done("ana", "GET", f"/operations/{operation}/scorecards")["scorecards"]
        self.assertEqual(
            (card["provider"]["pack"], card["figures"], card["median_seconds_to_answer"]),
            ("wave", total, None),
        )

    def test_operations(self) -> None:
        """A name is taken once, an H-hour lies ahead and can be called off, a stranger takes no part."""
        name = f"Once {self.new_key()}"
        operation = self.done("carl", "POST", "/operations", {"name": name})["id"]
        self.assertEqual(self.ask("carl", "POST", "/operations", {"name": name.upper()}).status, 409)
        self.assertEqual(self.ask("bina", "POST", "/operations", {"name": name}).status, 201)
        path = f"/operations/{operation}"
        self.assertEqual(self.ask("carl", "PUT", f"{path}/h-hour", {"at": instant(days=-1)}).status, 422)
        self.assertEqual(self.ask("carl", "PUT", f"{path}/h-hour", {}).status, 400)
        self.done("carl", "PUT", f"{path}/h-hour", {"at": "2096-11-23T05:00:00+01:00"})
        hour = [
            one["h_hour"]
            for one in self.done("ana", "GET", "/operations")["operations"]
            if one["id"] == operation
        ]
        self.assertEqual(hour, ["2096-11-23T04:00:00.000000Z"])
        self.done("carl", "PUT", f"{path}/h-hour", {"at": None})
        self.assertEqual(self.ask("carl", "POST", f"{path}/agencies", {"name": "Nobody"}).status, 404)
        for wrong in "not-a-uuid", str(uuid.uuid4()):
            self.assertEqual(self.ask("carl", "GET", f"/operations/{wrong}/board").status, 404)

    def test_outlets(self) -> None:
        """Outlets are the agency's own; the last word on a day counts; what is no count is refused."""
        name = f"Beacon {self.new_key()}"
        outlet = self.done("ana", "POST", "/outlets", {"name": name})["id"]
        self.assertEqual(self.ask("ana", "POST", "/outlets", {"name": name}).status, 409)
        path = f"/outlets/{outlet}/observations"
        day = {"day": "2026-11-23", "posts": 3, "accounts": 2, "reach": 1}
        for posts in 3, 4, 4:
            self.done("ana", "POST", path, {"days": [{**day, "posts": posts}]})
        found = [one for one in self.done("ana", "GET", "/outlets")["outlets"] if one["id"] == outlet]
        self.assertEqual(found[0]["days"], [{**day, "posts": 4}])
        for wrong in (
            {"posts": -1},
            {"posts": 1 << 53},
            {"day": "2026-02-30"},
            {"day": "2026-11-23T00:00:00Z"},
            {"x": 1},
        ):
            self.assertEqual(self.ask("ana", "POST", path, {"days": [{**day, **wrong}]}).status, 400, wrong)
        self.assertEqual(self.ask("bea", "POST", path, {"days": [day]}).status, 404)
        self.assertNotIn(outlet, [one["id"] for one in self.done("bea", "GET", "/outlets")["outlets"]])
        self.assertEqual(
            self.ask("ana", "POST", "/outlets", {"name": "x", "operation": str(uuid.uuid4())}).status, 404
        )

    def test_cases(self) -> None:
        """A case is nobody else's; facts lie in the past; the prosecutor is one of the agency."""
        reference = f"UJs {self.new_key()}"
        file = self.done("petra", "POST", "/cases", {"reference": reference, "prosecutor": "petra"})["id"]
        self.assertEqual(self.ask("petra", "POST", "/cases", {"reference": reference}).status, 409)
        self.assertEqual(
            self.ask("petra", "POST", "/cases", {"reference": "x", "prosecutor": "bina"}).status, 404
        )
        fact = {"kind": "arrest", "happened_at": instant(hours=-1), "note": "At the airport"}
        self.done("petra", "POST", f"/cases/{file}/facts", fact)
        later = {**fact, "happened_at": instant(hours=1)}
        self.assertEqual(self.ask("petra", "POST", f"/cases/{file}/facts", later).status, 422)
        self.assertEqual(self.ask("bina", "POST", f"/cases/{file}/facts", fact).status, 404)
        (found,) = [one for one in self.done("carl", "GET", "/cases")["cases"] if one["id"] == file]
        self.assertEqual([one["kind"] for one in found["facts"]], ["arrest"])
        self.assertEqual(
            [one for one in self.done("bina", "GET", "/cases")["cases"] if one["id"] == file], []
        )


class Answers(Working):
    """What providers' desks may send before anything was delivered."""

    @classmethod
    def add(cls) -> None:
        super().add()
        for pack in "wave", "pigeon":
            cls.tokens[pack] = cls.served.token(f"{pack}-desk", "provider")
            cls.served.done("provider", "connect", pack, f"{pack}-desk")

    def answer(self, key: str, **more: Any) -> dict[str, Any]:
        return {"idempotency_key": key, "outcome": "removed", "decided_at": instant(), **more}

    def results(self, who: str, *answers: dict[str, Any]) -> list[str]:
        results = self.done(who, "POST", "/answers", {"answers": answers})["results"]
        self.assertEqual(
            [one["idempotency_key"] for one in results], [one["idempotency_key"] for one in answers]
        )
        return [one["result"] for one in results]

    def test_before_delivery(self) -> None:
        """Not delivered is unexpected, another provider's is unknown; neither leaves a trace."""
        (item,) = self.reported()
        self.cleared(item)
        self.recorded("simon", "/referrals", {"item": item, "release": instant(days=1)})
        referral = self.work(item)["referral"]["id"]
        size = self.served.size()
        self.assertEqual(
            self.results("wave", self.answer(referral), self.answer(str(uuid.uuid4())), self.answer("x")),
            ["unexpected", "unknown", "unknown"],
        )
        self.assertEqual(self.results("pigeon", self.answer(referral)), ["unknown"])
        self.recorded("carl", "/retractions", {"item": item, "reason": "It documents a crime."})
        self.assertEqual(self.results("wave", self.answer(referral)), ["unexpected"])
        self.assertEqual(self.served.size(), size + 1)

    def test_nonsense(self) -> None:
        """A body with one wrong answer is 400 as a whole, and names it."""
        size = self.served.size()
        good = self.answer(str(uuid.uuid4()))
        for wrong in (
            {**good, "outcome": "vanished"},
            {**good, "outcome": None},
            {**good, "decided_at": "yesterday"},
            {**good, "reason": "a\u0000"},
            {**good, "reason": 7},
            {**good, "colour": "red"},
            {"idempotency_key": "x"},
        ):
            answer = self.ask("wave", "POST", "/answers", {"answers": [good, wrong]})
            self.assertEqual(answer.status, 400)
            self.assertIn("answers[1]", answer.json()["detail"])
        for body in (
            {},
            {"answers": []},
            {"answers": [good], "x": 1},
            {"answers": [good] * 1_001},
            [],
            b"\xff",
        ):
            self.assertEqual(self.ask("wave", "POST", "/answers", body).status, 400)
        self.assertEqual(self.results("wave", *[good] * 1_000), ["unknown"] * 1_000)
        self.assertEqual(self.served.size(), size)

    def test_sees_nothing(self) -> None:
        """A provider's desk sees no item, no queue and no figure; a desk that is not connected is told so."""
        for path in "/items", "/providers", "/operations", "/outlets", "/queue?step=refer":
            self.assertEqual(self.ask("wave", "GET", path).status, 403, path)
        self.tokens["loose"] = self.served.token("loose-desk", "provider")
        body = {"answers": [self.answer(str(uuid.uuid4()))]}
        self.assertEqual(self.ask("loose", "POST", "/answers", body).status, 409)
        self.tokens["admin"] = self.served.token("admin", "administrator")
        desk = "/providers/wave/desk"
        self.assertEqual(self.ask("admin", "POST", desk, {"user": "loose-desk"}).status, 204)
        self.assertEqual(self.ask("admin", "POST", desk, {"user": "loose-desk"}).status, 409)
        self.assertEqual(self.ask("admin", "POST", desk, {"user": "ana"}).status, 404)
        self.assertEqual(
            self.ask("admin", "POST", "/providers/nobody/desk", {"user": "loose-desk"}).status, 404
        )
        self.assertEqual(self.ask("loose", "POST", "/answers", body).status, 200)


class CommandLine(Working):
    def run_as(self, who: str, *arguments: str, stdin: str = "") -> Any:
        return self.served.run(*arguments, token=self.tokens[who], stdin=stdin.encode())

    def test_path(self) -> None:
        """The same path on the command line, from queue to queue as lines of JSON."""
        operation = self.run_as("carl", "operation", "open", "By hand").out.strip()
        items = self.reported(self.address(), self.address(), operation="By hand")
        findings = "\n".join(json.dumps(assessment(item)) for item in items)
        ended = self.run_as("ana", "work", "assess", "--json", stdin=findings + "\n\n")
        self.assertEqual([line["outcome"] for line in ended.lines()], ["recorded"] * 2)
        waiting = self.run_as("rita", "queue", "confirm", "--operation", "By hand", "--json").lines()
        self.assertEqual([item["id"] for item in waiting], items)
        for item in waiting:
            members = (
                f"item={item['id']}",
                f"assessment={item['work']['assessment']['journal_index']}",
                "agrees=true",
            )
            self.assertEqual(self.run_as("rita", "work", "confirm", *members).code, OK)
        checks = "\n".join(json.dumps({"item": item, "clear": True}) for item in items)
        self.assertEqual(self.run_as("dora", "work", "deconflict", stdin=checks).code, OK)
        ended = self.run_as("simon", "work", "refer", f"item={items[0]}", "release=h_hour", "clause=3.2")
        self.assertIn("recorded", ended.out)
        ended = self.run_as("simon", "work", "retract", f"item={items[0]}", "reason=It documents a crime")
        self.assertEqual(ended.code, OK, ended.said)
        board = self.run_as("carl", "operation", "board", "By hand", "--json").json()
        self.assertEqual((board["operation"]["id"], board["total"]["confirmed"]), (operation, 2))
        self.assertIn("confirmed 2", self.run_as("carl", "operation", "board", operation).out)
        self.assertEqual(
            len(self.run_as("carl", "operation", "figures", operation, "cleared").out.split()), 2
        )
        history = self.run_as("ana", "item", "history", items[0], "--json").json()
        self.assertEqual(history, self.dossier(items[0]))
        self.assertIn("referral.retracted", self.run_as("ana", "item", "history", items[0]).out)

    def test_endings(self) -> None:
        """A refusal ends with its reason's code; of lines of which one is wrong nothing is recorded."""
        (item,) = self.reported()
        size = self.served.size()
        for who, arguments, stdin, code in (
            ("ana", ["work", "assess"], "", BAD_INPUT),
            ("ana", ["work", "assess"], json.dumps(assessment(item)) + "\n{", BAD_INPUT),
            ("ana", ["work", "assess", "item"], "", USAGE),
            ("ana", ["work", "assess", f"item={item}"], "", USAGE),
            ("ana", ["work", "assess", f"item={item}", "decision=refer"], "", BAD_INPUT),
            ("dora", ["work", "clear", f"item={uuid.uuid4()}"], "", NO_INPUT),
            ("dora", ["work", "clear", f"item={item}"], "", BAD_INPUT),
            ("ana", ["work", "clear", f"item={item}"], "", NOT_PERMITTED),
            ("ana", ["queue", "dance"], "", USAGE),
            ("ana", ["operation", "board", "No such"], "", NO_INPUT),
            ("carl", ["operation", "h-hour", "x"], "", USAGE),
            ("carl", ["case", "fact", "x", "arrest", "--at", "2026-11-23T00:00:00Z"], "", USAGE),
            ("ana", ["item", "history", str(uuid.uuid4())], "", NO_INPUT),
        ):
            ended = self.run_as(who, *arguments, stdin=stdin)
            self.assertEnds(ended, code)
        self.assertEqual(self.served.size(), size)

    def test_operations(self) -> None:
        """Operations, outlets and cases are opened, listed and steered."""
        self.assertEqual(self.run_as("carl", "operation", "open", "Steered").code, OK)
        self.assertEqual(self.run_as("carl", "operation", "open", "Steered").code, BAD_INPUT)
        self.assertEqual(self.run_as("carl", "operation", "join", "steered", OTHER_UNIT).code, OK)
        self.assertEqual(
            self.run_as("carl", "operation", "h-hour", "Steered", "2096-11-23T05:00:00Z").code, OK
        )
        (found,) = [
            one
            for one in self.run_as("bea", "operation", "list", "--json").lines()
            if one["name"] == "Steered"
        ]
        self.assertEqual(found["h_hour"], "2096-11-23T05:00:00.000000Z")
        self.assertEqual(self.run_as("carl", "operation", "h-hour", "Steered", "--off").code, OK)
        outlet = self.run_as("ana", "outlet", "add", "Watched", "--operation", "Steered").out.strip()
        self.assertIn(outlet, [one["id"] for one in self.run_as("ana", "outlet", "list", "--json").lines()])
        file = self.run_as("petra", "case", "open", "By hand 1", "--prosecutor", "petra").out.strip()
        fact = "case", "fact", file, "search", "--at", instant(hours=-1), "--note", "Two phones"
        self.assertEqual(self.run_as("petra", *fact).code, OK)
        self.assertIn("search", self.run_as("petra", "case", "list").out)
