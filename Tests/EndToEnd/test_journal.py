"""The journal checked by outsiders: by the document's own program, and by a verifier of ours."""

from __future__ import annotations

import re
import subprocess
import sys
import unittest
from typing import Any, ClassVar

import merkle
from support import BAD_INPUT, NO_INPUT, ROOT, EndToEnd, Record, serving


class Journal(EndToEnd):
    journal: ClassVar[Record]
    older: ClassVar[merkle.Checkpoint]
    lines: ClassVar[list[dict[str, Any]]]

    @classmethod
    def prepare(cls) -> None:
        cls.journal = record = Record(cls.directory / "record")
        lines = [f"https://ä{n % 9}.example/ü/{n}\n" for n in range(700)]
        record.imported("-", stdin="".join(lines).encode())
        cls.older = merkle.Checkpoint.parse(record.done("journal", "checkpoint").out)
        record.done("item", "erase", record.items()[5]["id"], "--basis", "retention")
        record.imported("-", stdin=b"".join(b"https://b.example/%d\n" % n for n in range(1_500)))
        cls.auditor = record.token("otto \u2013 \"A\\B\" \U0001f980", "auditor")
        cls.export = record.done("journal", "export").out
        cls.lines = record.done("journal", "export").lines()
        cls.hashes = [bytes.fromhex(line["leaf_hash"]) for line in cls.lines]
        cls.newer = merkle.Checkpoint.parse(record.done("journal", "checkpoint").out)

    def key(self) -> merkle.VerifierKey:
        return merkle.VerifierKey.parse((self.journal.directory / "keys/journal.vkey").read_text())

    def documented_program(self) -> str:
        text = (ROOT / "docs/journal-format.md").read_text()
        blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        self.assertEqual(len(blocks), 1)
        return blocks[0]

    def run_documented_program(self, export: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-c", self.documented_program()],
            input=export.encode(),
            capture_output=True,
            check=False,
        )

    def test_documented_check(self) -> None:
        """The program in docs/journal-format.md gives the checkpoint's size and root for an export."""
        self.assertLessEqual(len(self.documented_program().splitlines()), 32)
        lines = self.journal.done("journal", "checkpoint").out.split("\n")
        done = self.run_documented_program(self.export)
        self.assertEqual(done.stdout.decode(), f"{lines[1]} {lines[2]}\n", done.stderr)

    def test_documented_check_finds_changes(self) -> None:
        """The same program refuses an export in which something was changed."""
        for old, new in (
            ("https://b.example/77", "https://b.example/78"),
            ("item.reported", "item.sighted"),
            ('"facts_salt":"', '"facts_salt":"00'),
        ):
            self.assertIn(old, self.export)
            done = self.run_documented_program(self.export.replace(old, new, 1))
            self.assertEqual(done.returncode, 1, old)

    def test_documented_example(self) -> None:
        """The example in docs/journal-format.md gives what the document says."""
        text = (ROOT / "docs/journal-format.md").read_text()
        example = re.findall(r"^```jsonl\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[0]
        expected = re.findall(r"^```text\n(\d+ \S+\n)```$", text, re.MULTILINE)[0]
        self.assertEqual(self.run_documented_program(example).stdout.decode(), expected)

    def test_documented_types(self) -> None:
        """Every type in the journal stands in the document."""
        text = (ROOT / "docs/journal-format.md").read_text()
        for kind in sorted({line["type"] for line in self.lines}):
            self.assertIn(f"| `{kind}` |", text)

    def test_export_from(self) -> None:
        """--from gives the end of the same export."""
        self.assertEqual(
            self.journal.done("journal", "export", "--from", "2000").out,
            "".join(self.export.splitlines(keepends=True)[2_000:]),
        )
        self.assertEqual(self.journal.done("journal", "export", "--from", "999999999").out, "")

    def test_proofs(self) -> None:
        """Proofs of the first, the last and some leaves in between lead to the checkpoint's root."""
        size = len(self.lines)
        root = merkle.root(self.hashes)
        for index in sorted({0, 1, 255, 256, 257, 511, 1_024, size // 2, size - 2, size - 1}):
            proof = merkle.Proof.parse(self.journal.done("journal", "prove", str(index)).out)
            self.assertEqual((proof.index, proof.checkpoint.size, proof.checkpoint.root), (index, size, root))
            self.assertTrue(proof.proves(self.hashes[index]), index)
            self.assertFalse(proof.proves(self.hashes[(index + 1) % size]), index)
        for index in str(size), "999999999999":
            ended = self.journal.run("journal", "prove", index)
            self.assertIn(ended.code, (NO_INPUT, BAD_INPUT), ended.said)

    def test_signatures(self) -> None:
        """Checkpoints, alone and in proofs, carry an Ed25519 signature of keys/journal.vkey."""
        if not merkle.can_verify_ed25519():
            raise unittest.SkipTest("neither the cryptography package nor an OpenSSL with Ed25519 is here")
        proof = merkle.Proof.parse(self.journal.done("journal", "prove", "3").out)
        for checkpoint in self.older, self.newer, proof.checkpoint:
            self.assertEqual(checkpoint.origin, self.key().name)
            self.assertTrue(checkpoint.is_signed_by(self.key()))
            changed = merkle.Checkpoint(
                checkpoint.origin,
                checkpoint.size,
                checkpoint.root,
                checkpoint.text.replace(b"\n", b"1\n", 1),
                checkpoint.signatures,
            )
            self.assertFalse(changed.is_signed_by(self.key()))

    def test_consistency(self) -> None:
        """The older checkpoint's tree is the beginning of the newer one's."""
        older, newer = self.older, self.newer
        self.assertLess(older.size, newer.size)
        self.assertEqual(merkle.root(self.hashes[: older.size]), older.root)
        self.assertEqual(merkle.root(self.hashes[: newer.size]), newer.root)
        proof = merkle.consistency_proof(self.hashes[: newer.size], older.size)
        self.assertTrue(merkle.verify_consistency(older.size, newer.size, older.root, newer.root, proof))
        self.assertFalse(merkle.verify_consistency(older.size, newer.size, newer.root, older.root, proof))

    def test_checkpoint_is_stable(self) -> None:
        """Without a new event the checkpoint is the same, letter for letter."""
        self.assertEqual(
            self.journal.done("journal", "checkpoint").out, self.journal.done("journal", "checkpoint").out
        )

    def test_tiles(self) -> None:
        """Every tile over HTTP, whole or partial, is what the leaves give; the root follows from them."""
        with serving(self.journal) as server:

            def fetch(level: int, index: int, width: int) -> bytes:
                path = merkle.tile_path(level, index, width)
                answer = server.request("GET", f"/api/v1/journal/tile/{path}", token=self.auditor)
                self.assertEqual(answer.status, 200, path)
                return answer.body

            expected = merkle.tiles(self.hashes)
            level_0 = b""
            for (level, index), hashes in expected.items():
                self.assertEqual(fetch(level, index, len(hashes) // 32), hashes, (level, index))
                level_0 += hashes if level == 0 else b""
            for width in 1, 17, 255:
                self.assertEqual(fetch(0, 0, width), expected[0, 0][: 32 * width])
            last = max(index for level, index in expected if level == 0)
            too_wide = merkle.tile_path(0, last, len(expected[0, last]) // 32 + 1)
            answer = server.request("GET", f"/api/v1/journal/tile/{too_wide}", token=self.auditor)
            self.assertEqual(answer.status, 404)
        hashes = [level_0[at : at + 32] for at in range(0, len(level_0), 32)]
        self.assertEqual(merkle.root(hashes), self.newer.root)

    def test_owner_and_token_are_told_apart(self) -> None:
        """The journal says who acted: the owner of the file, or the user of the token."""
        record = self.record()
        record.imported("-", stdin=b"https://a.example/1\n")
        token = record.token("ana", "analyst")
        record.imported("-", stdin=b"https://a.example/2\n", token=token)
        reports = [
            line for line in record.done("journal", "export").lines() if line["type"] == "item.reported"
        ]
        user = [line.split()[0] for line in record.done("user", "list").out.splitlines() if "ana" in line][0]
        self.assertNotEqual(reports[0]["actor"], user)
        self.assertEqual(reports[1]["actor"], user)
