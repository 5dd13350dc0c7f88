#!/usr/bin/env python3
"""Torture: a server is killed and hindered under load, and must lose nothing that it has answered.

    run.py [--binary PATH] [--short] [--rounds N] [--seed N] [--series N] [KIND ...]

A series is a few rounds on one registry. Without KINDs a series draws its rounds at random; `--short` plays
each kind once. The last line is `N passed, N failed, N skipped` (rounds). A series that fails says how it is
played again; what threads and the kernel do in it differs from time to time.
"""

import argparse
import collections
import os
import pathlib
import random
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "System"))

import support
from rounds import KINDS
from sabotage import check_the_checker
from series import Series

# How often each kind comes in a long run; most rounds are a kill.
WEIGHTS = {"kill": 30, "kill_at_start": 12, "kill_at_stop": 4, "kill_packing": 2, "kill_resharding": 3, "power_cut": 12,
           "kill_beside_people": 12,
           "kill_beside_gc": 10, "kill_beside_locks": 6, "kill_among_faults": 12, "people": 2, "gc": 2,
           "locks": 2, "flush_fails": 5, "writes_fail": 5, "renames_fail": 3, "disk_full": 3}


class Run:
    def __init__(self):
        self.counts = collections.Counter(passed=0, failed=0, skipped=0)
        self.kinds, self.kills, self.packings = collections.Counter(), 0, 0
        self.packs = self.loose = 0
        self.commands = self.again = 0  # git commands of people, and how often one had to be typed again

    def series(self, seed, kinds, options):
        """Plays the rounds of one series until one fails."""
        with support.Scratch() as scratch:
            name = "the start"
            try:
                series = Series(scratch, seed, options.clients, small="disk_full" in kinds)
                with series.bounds:
                    for name in kinds:
                        self.round(series, name)
                assert series.server.stop() == 0
            except Exception:
                self.counts["failed"] += 1
                command = f"{sys.argv[0]} --binary {support.BINARY} --seed {seed} {' '.join(kinds)}"
                print(f"FAILED {name} of series {seed}; to play it again:\n  {command}\n"
                      + shortened(traceback.format_exc()) + scratch.logs(), flush=True)
                return

    def sabotage(self, seed, options):
        """One round of its own: the checker finds what was put wrong."""
        with support.Scratch() as scratch:
            try:
                series = Series(scratch, seed, options.clients)
                check_the_checker(series)
                self.counts["passed"] += 1
                print("passed: the checker notices what is wrong", flush=True)
            except Exception:
                self.counts["failed"] += 1
                print("FAILED: the checker\n" + shortened(traceback.format_exc()) + scratch.logs(), flush=True)

    def round(self, series, name):
        start = time.monotonic()
        try:
            series.round(name)
            outcome = "passed"
        except support.Skip as reason:
            outcome = f"skipped ({reason})"
        self.counts[outcome.split()[0]] += 1
        self.packs = max(self.packs, series.bounds.packs)
        self.loose = max(self.loose, series.bounds.loose)
        self.packings += series.packings
        series.packings = 0
        if series.people and name.endswith("people"):
            self.commands += series.people[-1].commands
            self.again += series.people[-1].again
        self.kinds[name] += 1
        self.kills += KINDS[name].kills
        commits = len(series.ledger.logged)
        print(f"{outcome} {name} (series {series.seed}, {time.monotonic() - start:.1f} s, "
              f"{commits} writes so far): {KINDS[name].__doc__}", flush=True)


def shortened(text, limit=6_000):
    """git can say very much about one fault."""
    return text if len(text) <= limit else f"{text[:limit // 2]}\n ... \n{text[-limit // 2:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=HERE.parent.parent / ".build/debug/muster")
    parser.add_argument("--short", action="store_true", help="each kind once")
    parser.add_argument("--rounds", type=int, default=1, help="of kill -9, at least")
    parser.add_argument("--series", type=int, default=10, help="rounds of a series")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    options = parser.parse_args()
    support.BINARY = os.path.abspath(options.binary)
    run, start = Run(), time.monotonic()
    if options.short:
        run.sabotage(options.seed + 2, options)
        names = list(KINDS)
        run.series(options.seed, [name for name in names if name != "disk_full"], options)
        run.series(options.seed + 1, ["disk_full"], options)
    elif options.kinds:
        run.series(options.seed, options.kinds, options)
    else:
        seed = options.seed
        while run.kills < options.rounds and run.counts["failed"] < 5:
            draw = random.Random(seed)
            run.series(seed, draw.choices(list(WEIGHTS), WEIGHTS.values(), k=options.series), options)
            seed += 1
    print(f"{run.kills} rounds of kill -9, {run.packings} of them while git packed; at most {run.packs} packs and "
          f"{run.loose} loose objects; {run.commands} git commands of people, {run.again} typed again; "
          f"seed {options.seed}; {time.monotonic() - start:.0f} s\n"
          + ", ".join(f"{count} {name}" for name, count in run.kinds.items()))
    print(", ".join(f"{count} {name}" for name, count in run.counts.items()), flush=True)
    return 1 if run.counts["failed"] or not run.counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
