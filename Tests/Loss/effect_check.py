"""What the receivers did, held against what people decided and what the record says: from outside of the sender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

OPENING = {"review_opened", "decided"}
TAKING_BACK = {"withdrawn", "closed", "reinstated"}
REFERRED, DELIVERED, REFUSED = "item.referred", "dispatch.delivered", "dispatch.refused"
RETRACTED, RECALLED = "referral.retracted", "dispatch.recall_delivered"


@dataclass
class Findings:
    """Numbers first; then what must not be, each with the referral in which it was found."""

    referrals: int = 0
    delivered: int = 0
    retracted: int = 0
    retracted_while_waiting: int = 0
    #: Of these such as arrived nevertheless, which the record says.
    retracted_on_their_way: int = 0
    recalled: int = 0
    effects: int = 0
    repeated: int = 0
    two_effects: list[str] = field(default_factory=list)
    two_effects_for_one_address: list[str] = field(default_factory=list)
    delivered_without_effect: list[str] = field(default_factory=list)
    effect_that_was_never_referred: list[str] = field(default_factory=list)
    not_delivered: list[str] = field(default_factory=list)
    delivered_twice: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    not_as_people_decided: list[str] = field(default_factory=list)
    recall_without_effect: list[str] = field(default_factory=list)
    two_recalls: list[str] = field(default_factory=list)
    recall_that_was_never_asked: list[str] = field(default_factory=list)
    # Retracted while nobody knew whether the provider has it. It does, and was never told.
    retracted_and_not_told: list[str] = field(default_factory=list)

    def faults(self) -> dict[str, list[str]]:
        """What must not be and is."""
        lists = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: found for name, found in lists.items() if isinstance(found, list) and found}


@dataclass
class Decided:
    """What people were told is on record: the items that they referred and those that they took back."""

    referred: set[str] = field(default_factory=set)
    retracted: set[str] = field(default_factory=set)


def check(lines: Iterable[dict[str, Any]], events: Iterable[Any], decided: Decided) -> Findings:
    """Compares `range.jsonl`, the exported journal and what people decided.

    An event has a `type`, a `subject` and `facts`, as `journal export` writes them.
    """
    lines = list(lines)
    by_type: dict[str, list[Any]] = {}
    for event in events:
        by_type.setdefault(event.type, []).append(event)

    def counted(kind: str) -> Counter[str]:
        return Counter(event.facts["referral"] for event in by_type.get(kind, []))

    item_of = {event.facts["referral"]: event.subject for event in by_type.get(REFERRED, [])}
    delivered, recalled, retracted = counted(DELIVERED), counted(RECALLED), counted(RETRACTED)
    opened, taken_back = effects(lines, OPENING), effects(lines, TAKING_BACK)
    early = {event.facts["referral"] for event in by_type.get(RETRACTED, []) if not event.facts["was_delivered"]}
    found = Findings(
        len(item_of), len(delivered), len(retracted), len(early), len(early & set(delivered)), len(recalled),
        opened.total(), sum(line["answer"] == "repeated" for line in lines),
    )

    found.two_effects = more_than_one(opened)
    addresses = Counter((line["provider"], line["locator"]) for line in lines if line["effect"] in OPENING)
    found.two_effects_for_one_address = [" ".join(pair) for pair, count in addresses.items() if count > 1]
    found.delivered_without_effect = sorted(set(delivered) - set(opened))
    found.effect_that_was_never_referred = sorted(set(opened) - set(item_of))
    found.not_delivered = sorted(set(item_of) - set(delivered) - set(retracted))
    found.delivered_twice = more_than_one(delivered)
    found.refused = sorted(counted(REFUSED))

    told = {item_of.get(key, key) for key in retracted}
    found.not_as_people_decided = sorted(set(item_of.values()) ^ decided.referred | told ^ decided.retracted)
    due = set(retracted) & set(delivered)
    found.recall_without_effect = sorted((due | set(recalled)) - set(taken_back))
    found.two_recalls = sorted({*more_than_one(taken_back), *more_than_one(recalled)})
    found.recall_that_was_never_asked = sorted((set(taken_back) | set(recalled)) - set(retracted))
    found.retracted_and_not_told = sorted((set(retracted) & set(opened)) - set(taken_back) - set(delivered))
    return found


def effects(lines: Iterable[dict[str, Any]], kinds: set[str]) -> Counter[str]:
    """How many effects of these kinds there were under each key."""
    return Counter(line["idempotency_key"] for line in lines if line["effect"] in kinds)


def more_than_one(counts: Counter[str]) -> list[str]:
    return sorted(key for key, count in counts.items() if count > 1)
