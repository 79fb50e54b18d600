"""One effect for each referral, whatever is lost, doubled, overtaken or killed: see docs/exactly-once.md."""

from __future__ import annotations

import os
import signal
import sys
import unittest
from typing import Any

from range import Event
from support import ROOT, EndToEnd
from test_by_hand import awaited
from test_processes import Provider, Together

sys.path.insert(0, str(ROOT / "Tests" / "Loss"))

from effect_check import DELIVERED, RECALLED, REFERRED, RETRACTED, Decided, check  # noqa: E402 (the path is set above)
from loss_run import Run  # noqa: E402
from tally import Plan, Tally  # noqa: E402

SEED = os.environ.get("CORDON_LOSS_SEED", "20261125")
# `Retraction.test_of_what_may_have_arrived` shows it by itself, without chance.
KNOWN = {"retracted_and_not_told"}


class Loss(EndToEnd):
    def conduct(self, plan: Plan) -> Tally:
        record = self.record()
        tally = Run(plan, record, record.directory.parent, lambda _: None).conduct()
        print(f"  {tally.as_json(whole=False)}", flush=True)
        return tally

    def test_one_effect(self) -> None:
        """Three packets of ten are lost, requests doubled and overtaken, both sides killed: one effect each."""
        tally = self.conduct(Plan(SEED))
        self.assertEqual(tally.missing(), [], "a run without it shows nothing")
        found = tally.findings
        self.assertEqual({name: keys for name, keys in found.faults().items() if name not in KNOWN}, {})
        self.assertEqual(tally.unsound, [])
        self.assertGreater(found.referrals, 380)
        self.assertGreater(tally.dropped_to_the_range + tally.dropped_to_the_senders, 0.25 * tally.packets)
        self.assertGreaterEqual(tally.range_kills, 3)
        self.assertGreaterEqual(tally.sender_kills, 4)

    def test_planted(self) -> None:
        """A doubled request under other keys is found: effects that nobody asked for, and two for one address."""
        tally = self.conduct(Plan(SEED, referrals=40, seconds=2, loss_percent=5, is_planted=True))
        found = tally.findings
        self.assertGreater(len(found.effect_that_was_never_referred), 10)
        self.assertGreater(len(found.two_effects_for_one_address), 10)
        # And it is these alone: what the senders did is as it should be.
        self.assertEqual(
            set(found.faults()) - KNOWN, {"effect_that_was_never_referred", "two_effects_for_one_address"}
        )
        # It is not taken for a run, either.
        self.assertIn("range_kills", tally.missing())


class Check(unittest.TestCase):
    """The check itself, on a record of three referrals of which the third was taken back on its way."""

    def setUp(self) -> None:
        self.lines = [self.line(key, "review_opened") for key in "abc"]
        self.lines += [self.line("a", None, answer="repeated"), self.line("c", "withdrawn", "retraction")]
        self.events = [self.event(REFERRED, key) for key in "abc"] + [self.event(DELIVERED, key) for key in "abc"]
        self.events += [self.event(RETRACTED, "c", was_delivered=False), self.event(RECALLED, "c")]
        self.decided = Decided({"item a", "item b", "item c"}, {"item c"})

    @staticmethod
    def line(key: str, effect: str | None, kind: str = "referral", answer: str = "accepted") -> dict[str, Any]:
        return {
            "answer": answer, "effect": effect, "idempotency_key": key, "kind": kind,
            "locator": f"https://wave.example/{key}", "provider": "wave",
        }

    @staticmethod
    def event(kind: str, key: str, **facts: Any) -> Event:
        return Event(0, 0, kind, "", f"item {key}", {"referral": key, **facts}, {})

    def faults(self) -> dict[str, list[str]]:
        return check(self.lines, self.events, self.decided).faults()

    def test_sound(self) -> None:
        """Where nothing is wrong nothing is found, and all of it is counted."""
        found = check(self.lines, self.events, self.decided)
        self.assertEqual(found.faults(), {})
        self.assertEqual((found.referrals, found.delivered, found.effects, found.repeated), (3, 3, 3, 1))
        self.assertEqual((found.retracted, found.retracted_while_waiting, found.recalled), (1, 1, 1))
        self.assertEqual(found.retracted_on_their_way, 1)

    def test_receiver_without_memory(self) -> None:
        """A receiver that takes a repeated key anew has two effects."""
        self.lines[3] = self.line("a", "review_opened")
        self.assertEqual(
            self.faults(), {"two_effects": ["a"], "two_effects_for_one_address": ["wave https://wave.example/a"]}
        )

    def test_lost(self) -> None:
        """A delivery on record that the receiver does not know, and a referral that never left, are found."""
        del self.lines[1]
        self.assertEqual(self.faults(), {"delivered_without_effect": ["b"]})
        self.events = [event for event in self.events if (event.type, event.subject) != (DELIVERED, "item b")]
        self.assertEqual(self.faults(), {"not_delivered": ["b"]})

    def test_recorded_twice(self) -> None:
        """Two deliveries, or two recalls, of one referral on record are found."""
        self.events += [self.event(DELIVERED, "a"), self.event(RECALLED, "c")]
        self.assertEqual(self.faults(), {"delivered_twice": ["a"], "two_recalls": ["c"]})

    def test_recalls(self) -> None:
        """A recall that had no effect, had two, or that nobody asked for is found."""
        withdrawn = self.lines.pop()
        self.assertEqual(self.faults(), {"recall_without_effect": ["c"]})
        self.lines += [withdrawn, withdrawn, self.line("b", "closed", "retraction")]
        self.assertEqual(self.faults(), {"two_recalls": ["c"], "recall_that_was_never_asked": ["b"]})

    def test_decisions(self) -> None:
        """A referral that people were told of and that is not on record is found; so is one that nobody made."""
        self.decided.referred.add("item d")
        self.decided.retracted.add("item b")
        self.assertEqual(self.faults(), {"not_as_people_decided": ["item b", "item d"]})

    def test_retracted_and_not_told(self) -> None:
        """What the receiver has and nobody knows of, and is retracted, is found."""
        del self.lines[4]
        kept = {DELIVERED, RECALLED}
        self.events = [event for event in self.events if event.subject != "item c" or event.type not in kept]
        self.assertEqual(self.faults(), {"retracted_and_not_told": ["c"]})


class Retraction(Together):
    def setUp(self) -> None:
        super().setUp()
        self.provider = Provider()
        self.addCleanup(self.provider.stop)

    @unittest.expectedFailure
    def test_of_what_may_have_arrived(self) -> None:
        """A referral that is taken back after its sender was killed without an answer is taken back there too."""
        self.provider.gate.clear()
        web = self.serve("web", self.provider.address)
        killed = self.serve("dispatch", self.provider.address)
        self.refer(web, ["https://www.wave.example/watch?v=abcdefg1"])
        awaited("a request is under way", lambda: self.provider.running == 1)
        killed.stop(signal.SIGKILL)
        (item,) = self.known
        self.post(web, self.second, "/retractions", [{"item": item, "reason": "It documents a crime."}])
        self.provider.gate.set()
        self.serve("dispatch", self.provider.address)
        awaited("the provider is told", lambda: len(self.provider.keys) == 2, 8)
