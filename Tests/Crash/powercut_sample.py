"""Hands an image to the program itself: verification with replay, then the API with the keys that were answered."""

from __future__ import annotations

import http.client
from pathlib import Path
from random import Random

from load import Acknowledged, Ledger
from program import Client, Failure, Server, Store

ASKED = 12


class Refused(Failure):
    """The program does not take up the image, or answers otherwise than before the cut."""


def ask_program(record: Path, ledger: Ledger, required: int, chance: Random) -> None:
    """Throws unless the program opens the image, finds it sound, and repeats its replies byte for byte."""
    store = Store.sqlite(record)
    try:
        if required == 0:
            # Nothing was promised yet: then the directory must be good for a beginning.
            store.done("import", "-", stdin=b"https://first.example/1\n")
        store.verify()
        if required and ledger.tokens:
            _ask_server(store, ledger, required, chance)
    except (Failure, OSError, http.client.HTTPException) as error:
        raise Refused(f"{error}") from error


def _ask_server(store: Store, ledger: Ledger, required: int, chance: Random) -> None:
    acknowledged = ledger.in_order()[:required]
    if not any(one.command == ("token", "ana") for one in acknowledged):
        return
    server = Server(store, store.directory.parent / "serve.log").started()
    try:
        client = Client(server.port, ledger.tokens["ana"])
        _repeat(client, [one for one in acknowledged if one.key is not None], chance)
        fresh = client.report(f"after-{required}", f"https://after.example/{required}")
        if fresh.status != 200 or fresh.json()["items_new"] != 1:
            raise Failure(f"a new report was answered with {fresh.status}: {fresh.body.decode()}")
    finally:
        server.stop()
    store.verify()


def _repeat(client: Client, reports: list[Acknowledged], chance: Random) -> None:
    """The last ones, which a cut endangers most, and some of the others."""
    asked = reports[-ASKED:] + chance.sample(reports, min(ASKED, len(reports)))
    for one in asked:
        (address,) = one.reports
        reply = client.report(one.key or "", address)
        if (reply.status, reply.body.decode(), reply.replayed) != (200, one.reply, True):
            raise Failure(f"the key {one.key} is answered with {reply.status}, {reply.body.decode()}, not {one.reply}")
