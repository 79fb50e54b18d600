#!/usr/bin/env python3
"""Exactly one effect, at length: see docs/exactly-once.md.

    python3 Tests/Loss/run.py --cordon .build/release/cordon [--minutes 5] [--referrals 2000] [--seed 1] [--json]
        [--store postgresql://…] [--keep DIR]

Progress goes to standard error, the summary to standard output. Ends with 0 when everything held, with 1 when something
did not, and with 2 when the command line is wrong or there could be no run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "EndToEnd")]
sys.dont_write_bytecode = True

from loss_run import Run  # noqa: E402 (the path is set above)
from namespaces import Trouble  # noqa: E402
from support import Record  # noqa: E402
from tally import Plan, Tally  # noqa: E402


def shown(tally: Tally) -> str:
    """The summary as lines of a name and a number."""
    found = tally.findings
    rows = {name: value for name, value in vars(tally).items() if isinstance(value, int | float | str)}
    rows |= {f"requests {name}": count for name, count in tally.fates.items()}
    rows |= {name: value for name, value in vars(found).items() if isinstance(value, int)}
    rows |= {name: f"{len(keys)}: {', '.join(keys[:5])}" for name, keys in found.faults().items()}
    rows |= {"unsound": "; ".join(tally.unsound) or "nothing", "missing": ", ".join(tally.missing()) or "nothing"}
    return "\n".join(f"{name.replace('_', ' '):28} {value}" for name, value in rows.items())


def main() -> int:
    parser = argparse.ArgumentParser(description="Messages that are lost, doubled and overtaken: one effect each.")
    parser.add_argument("--cordon", type=Path, required=True, help="the built program")
    parser.add_argument("--minutes", type=float, default=5, help="how long there is trouble")
    parser.add_argument("--referrals", type=int, default=2_000, help="how many there are")
    parser.add_argument("--seed", default="1", help="what kills, fates and portions are drawn from")
    parser.add_argument("--store", help="an empty PostgreSQL database or schema; a directory unless said")
    parser.add_argument("--planted", action="store_true", help="each request comes again under other keys: must fail")
    parser.add_argument("--keep", type=Path, help="a directory for the record, the range and the logs, not there yet")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    arguments = parser.parse_args()
    if not os.access(arguments.cordon, os.X_OK):
        parser.error(f"{arguments.cordon} is not there: `make build` builds it")
    if arguments.minutes <= 0 or not 20 <= arguments.referrals <= 20_000:
        parser.error("--minutes is more than 0, --referrals is 20 to 20000")
    if arguments.keep and arguments.keep.exists():
        parser.error(f"{arguments.keep} is there already: name a directory that is not")
    os.environ["CORDON"] = str(arguments.cordon.resolve())
    plan = Plan(arguments.seed, arguments.referrals, 60 * arguments.minutes, is_planted=arguments.planted)
    with tempfile.TemporaryDirectory(prefix="cordon-loss-") as scratch:
        directory = arguments.keep or Path(scratch) / "run"
        directory.mkdir()
        record = Record(directory / "record", arguments.store)
        try:
            tally = Run(plan, record, directory, lambda text: print(text, file=sys.stderr)).conduct()
        except (Trouble, AssertionError) as trouble:
            # The second is a command that had to end well: the store has a record, or can't be reached.
            print(trouble, file=sys.stderr)
            return 2
    print(tally.as_json() if arguments.json else shown(tally))
    return 1 if tally.findings.faults() or tally.unsound or tally.missing() else 0


if __name__ == "__main__":
    sys.exit(main())
