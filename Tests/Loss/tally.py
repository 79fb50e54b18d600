"""What a run is asked to do, and what it came to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from effect_check import Findings


@dataclass(frozen=True)
class Plan:
    """What a run is asked to do."""

    seed: str
    referrals: int = 400
    #: How long there is trouble, and people go on referring.
    seconds: float = 50
    loss_percent: int = 30
    #: Nothing is killed and nothing meddled with, but each request comes again under other keys.
    is_planted: bool = False


@dataclass
class Tally:
    """What was done to the messages, and what came of it."""

    seed: str
    seconds: float = 0
    packets: int = 0
    dropped_to_the_range: int = 0
    dropped_to_the_senders: int = 0
    requests: int = 0
    passed_on: int = 0
    overtaken: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    range_kills: int = 0
    sender_kills: int = 0
    retracted_by_people: int = 0
    findings: Findings = field(default_factory=Findings)
    #: What else was wrong: the record is not sound, a process ended by itself.
    unsound: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        """What did not happen at all, without which a run shows nothing."""
        done = {name: getattr(self, name) for name in (
            "dropped_to_the_range", "dropped_to_the_senders", "overtaken", "range_kills", "sender_kills",
        )}
        done |= {fate: self.fates.get(fate, 0) for fate in ("sent_twice", "sent_again_later", "late", "reply_lost")}
        found = self.findings
        done |= {"repeated": found.repeated, "retracted_on_their_way": found.retracted_on_their_way}
        return [name for name, count in done.items() if count == 0]

    def as_json(self, whole: bool = True) -> str:
        """Everything; unless whole, of each fault the number alone."""
        found = dict(vars(self.findings))
        if not whole:
            found |= {name: len(value) for name, value in found.items() if isinstance(value, list)}
        return json.dumps({**vars(self), "findings": found}, sort_keys=True)
