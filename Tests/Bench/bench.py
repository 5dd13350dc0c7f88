#!/usr/bin/env python3
"""Measures the given binary, each figure beside its reference of the same run, and prints one table.

    bench.py BINARY [--size N] [--folder DIR] [--seconds N] [--rounds N] [ROW ...]

Server and load generator share this machine: the ratios are worth more than the numbers. Registries are made once
and kept in --folder, which is also the disk that is measured. ROWs choose what is measured; see rows.py.
"""

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
import time

import measure
from registries import Fleet, Past, Registry
from rows import ROWS, Bench

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def table(rows):
    lines = ["| What | Documents | Measured | Reference | Ratio | Goal | |",
             "| --- | ---: | ---: | ---: | ---: | --- | --- |"]
    lines += [f"| {row.what} | {row.documents:,} | {row.measured} | {row.reference} | {row.ratio} | {row.goal} | "
              f"{'' if row.is_met else 'missed'} |" for row in rows]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--size", type=int, help="only registries of this many devices")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "muster-bench"))
    parser.add_argument("--seconds", type=int, default=3, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=5, help="of which the medians are shown")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    options = parser.parse_intermixed_args()
    binary = os.path.abspath(options.binary)
    subprocess.run(["cc", "-O2", "-o", measure.LOAD, measure.HERE / "load.c"], check=True)
    registries = {}

    def registry(size):
        if size not in registries:
            registries[size] = Registry(binary, options.folder, size)
        return registries[size]

    def fleet(size):
        if ("fleet", size) not in registries:
            registries["fleet", size] = Fleet(binary, options.folder, size)
        return registries["fleet", size]

    def past(count):
        if ("past", count) not in registries:
            registries["past", count] = Past(binary, options.folder, count)
        return registries["past", count]

    bench, rows = Bench(binary, registry, fleet, past, options.seconds, options.rounds), []
    for size in [options.size] if options.size else SIZES:
        for name, function in ROWS.items():
            if function.fits(size) and (name in options.rows or not options.rows):
                start = time.monotonic()
                for row in function(bench, size):
                    rows.append(row)
                    print(f"{size:>9,}  {row.measured:>16} {row.reference:>16} {row.ratio:>6}  {row.goal}: {row.what}"
                          + ("" if row.is_met else "  MISSED"), flush=True)
                print(f"           ({name}: {time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    print(f"\n{datetime.date.today()}, {measure.processor()}, server and load generator together; medians of "
          f"{options.rounds} runs of {options.seconds} s\n\n{table(rows)}")


if __name__ == "__main__":
    sys.exit(main())
