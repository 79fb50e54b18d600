"""Provider packs: the shipped ones, a unit's own, and broken ones."""

from __future__ import annotations

from support import CONFIGURATION, NO_INPUT, OK, EndToEnd, Record, run

RANGE = "chorus depot lantern mosaic pigeon quill scrap strata wave".split()

PACK = """\
name: our-forum
title: Our Forum
service: forum
hosts: [forum.unit.example]
locators:
  - match: ["/thread/{id:digits}", "/t/{id:digits}/*"]
    kind: post
    canonical: "https://forum.unit.example/thread/{id}"
samples:
  - {url: "https://forum.unit.example/t/17/x", canonical: "https://forum.unit.example/thread/17", kind: post}
"""


class Packs(EndToEnd):
    def own(self, **packs: str) -> Record:
        """A record directory with packs of its own."""
        record = self.record()
        record.imported("-", stdin=b"https://first.example/1\n")
        (record.directory / "packs").mkdir()
        for name, text in packs.items():
            (record.directory / "packs" / f"{name}.yaml").write_text(text)
        return record

    def test_check(self) -> None:
        """Every shipped pack passes its own samples."""
        ended = run("provider", "check")
        self.assertEqual(ended.code, OK, ended.said)
        self.assertNotIn("WRONG", ended.out)
        packs = [line for line in ended.out.splitlines() if not line.startswith(" ")]
        self.assertEqual(len(packs), len(run("provider", "list").out.splitlines()))
        self.assertTrue(all(", 0 wrong" in line for line in packs))

    def test_list(self) -> None:
        """The nine providers of the range, and at least twelve kinds of real service."""
        packs = run("provider", "list", "--json").lines()
        names = [pack["name"] for pack in packs]
        self.assertEqual([name for name in RANGE if name not in names], [])
        self.assertEqual(len(names), len(set(names)))
        kinds = {pack["service"] for pack in packs if pack["name"] not in RANGE}
        self.assertGreaterEqual(len(kinds), 12, sorted(kinds))

    def test_show(self) -> None:
        """`show` tells each pack, and says where to look when there is none of the name."""
        for name in [pack["name"] for pack in run("provider", "list", "--json").lines()]:
            self.assertEqual(run("provider", "show", name).code, OK, name)
        self.assertEnds(run("provider", "show", "none"), NO_INPUT, "provider list")
        self.assertEnds(run("provider", "check", "none"), NO_INPUT, "provider list")
        self.assertEnds(run("provider", "check", "./none.yaml"), NO_INPUT, "none.yaml")

    def test_own_pack(self) -> None:
        """A pack in the record's own folder counts for list, locate and import."""
        record = self.own(forum=PACK)
        names = [pack["name"] for pack in record.done("provider", "list", "--json").lines()]
        self.assertIn("our-forum", names)
        located = record.done("locate", "https://forum.unit.example/t/5/x", "--json").lines()[0]
        self.assertEqual((located["provider"], located["kind"]), ("our-forum", "post"))
        record.imported("-", stdin=b"https://forum.unit.example/t/5/x\nhttps://forum.unit.example/thread/5\n")
        self.assertEqual(record.locators()[1:], ["https://forum.unit.example/thread/5"])
        self.assertEqual(record.done("provider", "check", "our-forum").code, OK)
        self.assertSound(record)

    def test_own_pack_replaces(self) -> None:
        """A pack of a shipped name replaces the shipped one."""
        record = self.own(wave=PACK.replace("our-forum", "wave"))
        packs = {pack["name"]: pack for pack in record.done("provider", "list", "--json").lines()}
        self.assertEqual(packs["wave"]["hosts"], ["forum.unit.example"])
        self.assertEqual(run("provider", "show", "wave").code, OK)

    def test_check_of_a_file(self) -> None:
        """`provider check FILE` checks a pack before it is put to use."""
        good = self.file("forum.yaml", PACK)
        self.assertEnds(run("provider", "check", good), OK, "our-forum: 1 samples, 0 wrong")
        wrong = self.file("wrong.yaml", PACK.replace("thread/17\", kind", "thread/18\", kind"))
        self.assertEnds(run("provider", "check", wrong), 1, "WRONG")

    def test_broken_packs(self) -> None:
        """A broken pack is told with its file, its line and a remedy, and ends with 78."""
        broken = {
            "unknown member": (PACK + "colour: red\n", 11),
            "tab": (PACK.replace("  - match", "\t- match"), 6),
            "unknown service": (PACK.replace("service: forum", "service: pub"), 3),
            # In a rule the line is that on which the rule begins.
            "unknown kind": (PACK.replace("kind: post\n", "kind: boat\n"), 6),
            "unknown variable": (PACK.replace("thread/{id}\"", "thread/{other}\""), 6),
            "bad host": (PACK.replace("[forum.unit.example]", '["forum unit"]'), 4),
            "open bracket": (PACK.replace("[forum.unit.example]", "[forum.unit.example"), None),
            "missing title": (PACK.replace("title: Our Forum\n", ""), None),
            "nothing": ("", None),
            "a list": ("- a\n- b\n", None),
            "binary": ("\0\1\2", None),
            "a shipped host": (PACK.replace("[forum.unit.example]", "[www.wave.example]"), None),
        }
        for name, (text, line) in broken.items():
            with self.subTest(name):
                record = self.own(broken=text)
                where = r"broken\.yaml" + (rf"(:| line |, line ){line}\b" if line else "")
                for command in ["provider", "list"], ["import", "-"]:
                    ended = record.run(*command, stdin=b"https://a.example/1\n")
                    self.assertEnds(ended, CONFIGURATION, where)
