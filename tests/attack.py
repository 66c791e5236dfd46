"""The attack of insiders, as a table: who tried what, what the server said, whether it left a trace.

    python -m tests.attack            every try on a server of its own; exit code 1 when one succeeded or left none
    python -m tests.attack --brief    one line a try instead of one line a person

`tests/security/tries.py` is the list; `tests/security/test_insiders.py` runs the same and what takes several sessions.
"""

import argparse
import sys
from collections.abc import Sequence

import psycopg
from sqlalchemy.engine import make_url

from tests.security.insiders import Outcome, contents, lent_city, owner, run
from tests.security.traces import set_up
from tests.security.tries import ROLES, TRIES, Try
from tests.server import own_server, sqlalchemy_url
from tests.world import make_guarded_world

LINE = "{0:<14} {1:<13} {2:<62} {3:<8} {4}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("--brief", action="store_true", help="one line a try")
    brief = parser.parse_args(arguments).brief
    say(LINE.format("group", "who", "try", "trace", "what the server said"))
    outcomes = [outcome for one in attacked() for outcome in shown(*one, brief)]
    succeeded = sum(not outcome.stopped for outcome in outcomes)
    untraced = sum(not outcome.traced for outcome in outcomes)
    said = sum(bool(outcome.refusal) for outcome in outcomes)
    nothing = len(outcomes) - said - succeeded
    say(
        f"\n{len(TRIES)} tries, {len(outcomes)} by login: {said} refused, {nothing} answered with nothing,"
    )
    say(f"{succeeded} succeeded, {untraced} without a trace in the server's log")
    return 1 if succeeded or untraced else 0


def attacked() -> "list[tuple[Try, dict[str, Outcome]]]":
    """Every try by everybody who makes it, on a fresh server that logs as docs/operations.md says."""
    with own_server() as server:
        url = sqlalchemy_url(server)
        with psycopg.connect(server.get_uri(), autocommit=True) as raw:
            raw.execute("create database guarded_base")
        make_guarded_world(make_url(url).set(database="guarded_base").render_as_string(False))
        set_up(url)
        with lent_city(url) as db, owner(db) as root:
            before = contents(root)
            return [
                (one, {who: run(db, root, before, who, one) for who in one.by}) for one in TRIES
            ]


def shown(one: Try, outcomes: dict[str, Outcome], brief: bool) -> list[Outcome]:
    """Print it. The outcomes again."""
    found = list(outcomes.values())
    if brief:
        said = sorted({outcome.refusal or "nothing" for outcome in found})
        say(row(one, "all" if len(found) > 11 else f"{len(found)} logins", found, said[0]))
    else:
        for who, outcome in outcomes.items():
            say(row(one, ROLES[who], [outcome], outcome.refusal or "nothing"))
    return found


def row(one: Try, who: str, outcomes: list[Outcome], said: str) -> str:
    stopped = all(outcome.stopped for outcome in outcomes)
    traced = all(outcome.traced for outcome in outcomes)
    words = said if stopped else f"SUCCEEDED: {sorted(outcomes[0].changed) or 'told'}"
    return LINE.format(one.group, who, one.what[:62], "yes" if traced else "NO", words[:90])


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    sys.exit(main())
