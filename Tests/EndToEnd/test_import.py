"""`cordon import`: every format, counts that add up, and nothing that changes unasked."""

from __future__ import annotations

import json
from pathlib import Path

from support import OK, EndToEnd

LIST = "https://a.example/1\nhttps://a.example/2\n\nnot an address\nhttps://a.example/1\n"


class Import(EndToEnd):
    def test_list(self) -> None:
        """A plain list: one address a line, and every line is counted once."""
        record, path = self.record(), self.file("list.txt", LIST)
        first = record.imported(path)
        self.assertEqual(
            (first["lines"], first["items_new"], first["sightings"], first["rejected"], first["blank"]),
            (5, 2, 1, 1, 1),
        )
        self.assertEqual(record.locators(), ["https://a.example/1", "https://a.example/2"])
        self.assertSound(record)

    def test_second_import(self) -> None:
        """A second import of the same file adds sightings and no item."""
        record, path = self.record(), self.file("list.txt", LIST)
        first, items = record.imported(path), record.locators()
        second = record.imported(path)
        self.assertEqual(second["items_new"], 0)
        self.assertEqual(second["sightings"], first["items_new"] + first["sightings"])
        self.assertEqual(record.locators(), items)
        self.assertEqual([item["sightings"] for item in record.items()], [3, 1])
        self.assertSound(record)

    def test_tables(self) -> None:
        """CSV and TSV: columns are told on standard error, quoted fields and headers are understood."""
        for name, text in {
            "report.csv": 'note,address\nfirst,https://a.example/1\n"two, ""quoted""",https://a.example/2\n',
            "report.tsv": "note\taddress\nfirst\thttps://a.example/1\nsecond\thttps://a.example/2\n",
            "semicolon.csv": "note;address\nfirst;https://a.example/1\nsecond;https://a.example/2\n",
        }.items():
            with self.subTest(name):
                record = self.record()
                ended = record.done("import", self.file(name, text))
                self.assertRegex(ended.err, r'column 2 "address" → address')
                self.assertRegex(ended.err, r'column 1 "note" → note')
                self.assertEqual(ended.out, "3 lines: 2 items new, 0 sighted again, 0 rejected, 1 blank\n")
                self.assertEqual(record.locators(), ["https://a.example/1", "https://a.example/2"])
                self.assertIn("first", record.done("journal", "export").out)

    def test_columns(self) -> None:
        """--columns says which column is what, also where there is no header."""
        record = self.record()
        path = self.file("bare.csv", "7,https://a.example/1,seen\n8,https://a.example/2,seen\n")
        counts = record.imported(path, "--columns", "address=2,note=3")
        self.assertEqual((counts["items_new"], counts["rejected"]), (2, 0))

    def test_jsonl(self) -> None:
        """JSON Lines: objects and strings, and a line that is no JSON is rejected."""
        record = self.record()
        path = self.file(
            "feed.jsonl",
            '{"url":"https://a.example/1","note":"n"}\n"https://a.example/2"\nnope\n{"other":1}\n',
        )
        counts = record.imported(path)
        self.assertEqual((counts["lines"], counts["items_new"], counts["rejected"]), (4, 2, 2))

    def test_text(self) -> None:
        """Free text: every link of a line, the defanged ones too."""
        record = self.record()
        path = self.file(
            "letter.txt",
            "See hxxps://b[.]example/x, and (https://a.example/1).\nNothing.\nAlso hxxp://c[dot]example/y!\n",
        )
        counts = record.imported(path, "--format", "text")
        self.assertEqual((counts["lines"], counts["items_new"]), (3, 3))
        self.assertEqual(
            record.locators(), ["https://b.example/x", "https://a.example/1", "http://c.example/y"]
        )
        self.assertSound(record)

    def test_standard_input(self) -> None:
        """Standard input is read like a file, and nothing of it stays in the data directory."""
        record = self.record()
        counts = record.imported("-", stdin=b"https://a.example/1\nhttps://a.example/2\n")
        self.assertEqual((counts["lines"], counts["items_new"]), (2, 2))
        self.assertEqual([path.name for path in record.directory.glob("spool*")], [])

    def test_line_ends(self) -> None:
        """CRLF, a missing last line feed and a byte order mark change nothing."""
        expected = ["https://a.example/1", "https://a.example/2"]
        for name, data in {
            "crlf": b"https://a.example/1\r\nhttps://a.example/2\r\n",
            "no last line feed": b"https://a.example/1\nhttps://a.example/2",
            "byte order mark": b"\xef\xbb\xbfhttps://a.example/1\nhttps://a.example/2\n",
        }.items():
            with self.subTest(name):
                record = self.record()
                counts = record.imported(self.file("list.txt", data))
                self.assertEqual((counts["lines"], counts["rejected"], counts["blank"]), (2, 0, 0))
                self.assertEqual(record.locators(), expected)

    def test_empty(self) -> None:
        """An empty file is no fault."""
        record = self.record()
        counts = record.imported(self.file("empty.txt", ""))
        self.assertEqual((counts["lines"], counts["items_new"], counts["rejected"]), (0, 0, 0))
        self.assertSound(record)

    def test_two_files(self) -> None:
        """The same address in two files, written in two ways, is one item."""
        record = self.record()
        record.imported(self.file("a.txt", "https://a.example/1?utm_source=x\nhttps://a.example/2\n"))
        counts = record.imported(self.file("b.txt", "HTTPS://A.example:443/1#top\nhttps://a.example/3\n"))
        self.assertEqual((counts["items_new"], counts["sightings"]), (1, 1))
        self.assertEqual(len(record.items()), 3)

    def test_dry_run(self) -> None:
        """--dry-run counts like the import itself and changes nothing."""
        record, path = self.record(), self.file("list.txt", LIST)
        record.imported(self.file("first.txt", "https://a.example/2\n"))
        size = record.size()
        counts = record.imported(path, "--dry-run")
        self.assertTrue(counts["dry_run"])
        self.assertIsNone(counts["import"])
        self.assertEqual(record.size(), size)
        self.assertEqual(record.locators(), ["https://a.example/2"])
        real = record.imported(path)
        for name in "lines", "items_new", "sightings", "rejected", "blank":
            self.assertEqual(counts[name], real[name], name)

    def test_rejects(self) -> None:
        """Rejects go to a file with line, reason and text, and are gone when nothing is rejected any more."""
        record = self.record()
        path = self.file("list.txt", "https://a.example/1\nnot an address\nhttps://exa mple/\n")
        counts = record.imported(path)
        rejects = Path(counts["rejects_file"])
        self.assertEqual(rejects, path.with_name("list.txt.rejects.jsonl"))
        lines = [json.loads(line) for line in rejects.read_text().splitlines()]
        self.assertEqual([line["line"] for line in lines], [2, 3])
        self.assertEqual([line["text"] for line in lines], ["not an address", "https://exa mple/"])
        self.assertTrue(all(line["reason"] and line["code"] for line in lines))
        named = self.directory / "named.jsonl"
        self.assertEqual(record.imported(path, "--rejects", named)["rejects_file"], str(named))
        self.assertEqual(named.read_text(), rejects.read_text())
        path.write_text("https://a.example/1\n")
        self.assertIsNone(record.imported(path)["rejects_file"])
        self.assertFalse(rejects.exists())

    def test_rejected_table_rows_keep_their_text(self) -> None:
        """A rejected row of a table shows the address as it stands there."""
        path = self.file("report.csv", "address,note\nhttps://a.example/1,n\nnot an address,n\n")
        rejects = Path(self.record().imported(path)["rejects_file"])
        self.assertEqual(json.loads(rejects.read_text())["text"], "not an address")

    def test_operation_and_terms(self) -> None:
        """--operation is opened once; handling and sharing go on record."""
        record = self.record()
        for name in "a", "b":
            record.imported(
                self.file("list.txt", f"https://a.example/{name}\n"),
                "--operation",
                "Action day",
                "--handling",
                "h2",
                "--sharing",
                "installation",
            )
        items = record.items()
        self.assertEqual(len({item["operation"] for item in items} - {None}), 1)
        self.assertEqual({(item["handling"], item["sharing"]) for item in items}, {("H2", "installation")})
        self.assertEqual(record.query("SELECT count(*) FROM operations"), [(1,)])
        self.assertSound(record)

    def test_json(self) -> None:
        """--json prints one object on standard output and nothing beside it."""
        ended = self.record().done("import", self.file("list.txt", LIST), "--json")
        self.assertEqual(ended.code, OK)
        self.assertEqual(ended.out.count("\n"), 1)
        counts = ended.json()
        self.assertEqual(
            counts["lines"], sum(counts[name] for name in ("items_new", "sightings", "rejected", "blank"))
        )
