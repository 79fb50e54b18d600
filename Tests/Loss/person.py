"""A person who refers and takes back while messages are on their way, and keeps what she was told."""

from __future__ import annotations

import random
import secrets
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from effect_check import Decided  # noqa: E402 (the path is set above)
from namespaces import Trouble  # noqa: E402
from range import Attached  # noqa: E402
from test_work import API, assessment  # noqa: E402


class Person:
    """Two of them, in truth: nobody confirms alone."""

    def __init__(self, web: Attached, first: str, second: str, seed: str) -> None:
        self.web = web
        self.first, self.second = first, second
        self.chance = random.Random(f"{seed} person")
        self.decided = Decided()
        self.known: set[str] = set()

    def ask(self, token: str, path: str, body: Any) -> list[dict[str, Any]]:
        answer = self.web.request("POST", API + path, token=token, body=body)
        if answer.status != 200:
            raise Trouble(f"{path} is answered with {answer.status}: {answer.body[:500]!r}")
        return answer.json()["results"]

    def refer(self, addresses: list[str]) -> None:
        """Takes addresses through every step until they wait to leave."""
        answer = self.web.report(self.first, secrets.token_hex(8), *addresses)
        if answer.status not in (200, 201):
            raise Trouble(f"a report is answered with {answer.status}: {answer.body[:500]!r}")
        # Two spellings of an address are one item.
        items = sorted({result["id"] for result in answer.json()["results"]} - self.known)
        self.known |= set(items)
        if not items:
            return
        made = self.ask(self.first, "/assessments", {"entries": [assessment(item) for item in items]})
        agreed = [
            {"item": item, "assessment": result["journal_index"], "agrees": True}
            for item, result in zip(items, made, strict=True)
        ]
        self.ask(self.second, "/confirmations", {"entries": agreed})
        self.ask(self.first, "/deconflictions", {"entries": [{"item": item} for item in items], "clear": True})
        results = self.ask(self.second, "/referrals", {"entries": [{"item": item} for item in items]})
        self.decided.referred |= {result["item"] for result in results if result["outcome"] == "recorded"}

    def state(self, item: str) -> str:
        answer = self.web.request("GET", f"{API}/items/{item}/history", token=self.first)
        return answer.json()["work"]["referral"]["state"]

    def retract_one(self, wanted: str, among: set[str]) -> bool:
        """Takes back a referral that is in this state; none where no such one is found quickly."""
        left = sorted((self.decided.referred & among) - self.decided.retracted)
        for item in self.chance.sample(left, min(8, len(left))):
            if self.state(item) == wanted:
                body = {"entries": [{"item": item, "reason": "It documents a crime."}]}
                (result,) = self.ask(self.second, "/retractions", body)
                if result["outcome"] == "recorded":
                    self.decided.retracted.add(item)
                return True
        return False
