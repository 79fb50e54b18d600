"""A minute of `make crashtest`: power cuts, kills and faults of the disk, and that the checks can fail."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, ClassVar

import postgres
from support import ROOT, EndToEnd

sys.path.insert(0, str(ROOT / "Tests" / "Crash"))

import faults  # noqa: E402 (the path is set above)
import kills  # noqa: E402
import powercut  # noqa: E402
import powercut_record  # noqa: E402
from disk import Disk, Everything, materialise  # noqa: E402
from image import Checker, Corrupt, Lost, keys_of  # noqa: E402
from load import Ledger  # noqa: E402
from program import Server, Store, compile_recorder  # noqa: E402
from tracefile import Kind, Record  # noqa: E402

SEED = 20_261_125
SECONDS = 14.0


def silent(_: str) -> None:
    """Says nothing of how far it is."""


class PowerCuts(EndToEnd):
    recording: ClassVar[powercut_record.Recording]

    @classmethod
    def prepare(cls) -> None:
        library = compile_recorder(cls.directory)
        cls.recording = powercut_record.record(cls.directory / "recording", library, 150, 60)

    def replay(self, recording: powercut_record.Recording, **plan: Any) -> powercut.Tally:
        scratch, keep = self.directory / "images", self.directory / "kept"
        return powercut.replay(recording, powercut.Plan(SEED, workers=2, **plan), scratch, keep, silent)

    def test_images(self) -> None:
        """No image after a power cut lacks what was acknowledged, and none is corrupt."""
        tally = self.replay(self.recording, seconds=SECONDS)
        self.assertEqual([(bad.fault, bad.what) for bad in tally.bad[:5]], [])
        self.assertGreater(len(tally.digests), 300)
        self.assertEqual(set(tally.kinds), set(powercut.KINDS))
        self.assertGreater(tally.sampled, 0)

    def test_missing_flush_is_found(self) -> None:
        """If the log's flushes were missing, the same check would find lost acknowledgements."""
        tally = self.replay(Unflushed(self.recording.directory), seconds=SECONDS, sample_share=0, most_images=200)
        self.assertGreater(tally.count("Lost"), 0)

    def test_missing_names_are_found(self) -> None:
        """If directories were never flushed, the same check would find that keys or the record are gone."""
        tally = self.replay(Nameless(self.recording.directory), seconds=SECONDS, sample_share=0, most_images=200)
        self.assertGreater(tally.count("LostFile"), 0)

    def test_changed_image_is_found(self) -> None:
        """A changed page and a changed leaf are corrupt, a removed reply is lost; the image itself is sound."""
        disk = Disk()
        for record in self.recording.records():
            disk.follow(record)
        ledger = Ledger.read(self.recording.ledger)
        files = list(materialise(disk.root, Everything()))
        keys = keys_of(self.recording.root / "record" / "keys")
        required = len(ledger.acknowledged)
        for sql, expected in (
            (None, None),
            ("UPDATE journal SET facts = CAST(replace(facts, 'H0', 'H1') AS BLOB)", Corrupt),
            ("UPDATE journal_head SET root = zeroblob(32)", Corrupt),
            ("UPDATE journal_tiles SET hashes = zeroblob(8192)", Corrupt),
            ("DELETE FROM requests WHERE row = (SELECT max(row) FROM requests)", Lost),
            ("DELETE FROM items WHERE row = (SELECT max(row) FROM items)", Lost),
        ):
            with self.subTest(sql):
                record = self.record()
                powercut.write(files, record.directory)
                if sql is not None:
                    type(record)(record.directory / "record").change(sql)
                try:
                    Checker(ledger, keys).check(record.directory / "record", required)
                    found = None
                except (Corrupt, Lost) as failure:
                    found = type(failure)
                self.assertIs(found, expected)

    def test_no_planted_fault(self) -> None:
        """The program that is delivered is not the one with a planted fault."""
        server = Server(Store.sqlite(self.recording.root / "record"), self.directory / "serve.log").started()
        server.stop()
        self.assertNotIn("PLANTED", server.said())


class Unflushed(powercut_record.Recording):
    """The recording as if the log had never been flushed."""

    def records(self) -> list[Record]:
        return [without_flush(r) if r.path.endswith("-wal") else r for r in super().records()]


class Nameless(powercut_record.Recording):
    """The recording as if no directory had ever been flushed."""

    def records(self) -> list[Record]:
        folders = {"", "record", "record/keys", "record/keys.new"}
        return [without_flush(r) if r.path in folders else r for r in super().records()]


def without_flush(record: Record) -> Record:
    """The record with another in its place that tells nothing, if it is a flush."""
    return replace(record, kind=Kind.COUNT) if record.kind == Kind.SYNC_END else record


class Kills(EndToEnd):
    def test_kills(self) -> None:
        """What was acknowledged is there after each SIGKILL, decisions too, and nothing is doubled."""
        work = self.directory
        done = kills.run(Store.sqlite(work / "record"), work, seconds=4, seed=SEED, say=silent)
        self.assertGreater(done.acknowledged, 100)

    def test_kills_on_postgresql(self) -> None:
        """The same on PostgreSQL, which is not killed itself."""
        work = self.directory
        store = Store.parse(postgres.make_schema(), work / "beside-postgresql")
        done = kills.run(store, work, seconds=4, seed=SEED, say=silent)
        self.assertGreater(done.acknowledged, 20)


class Faults(EndToEnd):
    tally: ClassVar[faults.Tally]

    # Every so many-th point; all of them take minutes.
    EVERY = 24
    RESTART = "a restart verifies clean with everything acknowledged"
    AFTER = ("nothing is acknowledged after the fault", "readiness is red after the fault")

    @classmethod
    def prepare(cls) -> None:
        run = faults.Faults(cls.directory / "faults", compile_recorder(cls.directory))
        cls.tally = run.run_all(run.points(cls.EVERY, SEED), silent)

    def examples(self, *rules: str) -> dict[str, str]:
        return {name: what for name, what in self.tally.examples.items() if name.startswith(rules)}

    def test_restart(self) -> None:
        """After a failed write, flush or open a restart verifies clean, with everything that was acknowledged."""
        self.assertGreater(self.tally.struck, 20)
        self.assertEqual(self.examples(self.RESTART), {})

    def test_after_the_fault(self) -> None:
        """After a failed write or flush nothing more is acknowledged, and readiness is red."""
        self.assertEqual(self.examples(*self.AFTER), {})

    def test_other_rules(self) -> None:
        """A start that fails says why and goes on only with what is there; without a fault readiness is green."""
        others = [rule for rule in self.tally.examples if not rule.startswith((self.RESTART, *self.AFTER))]
        self.assertEqual({rule: self.tally.examples[rule] for rule in others}, {})
