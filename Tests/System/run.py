#!/usr/bin/env python3
"""Runs the system tests: the real program on real repositories, judged by git.

    run.py [--binary PATH] [--jobs N] [WORD ...]

Each function `test_*` of the files `test_*.py` is one test, a sentence in its docstring. WORDs choose
those whose file or name holds one. As many run at a time as there are processors; those of a file that
says `ALONE = True` come last, one by one. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import collections
import concurrent.futures
import importlib
import os
import pathlib
import sys
import time
import traceback

import support

HERE = pathlib.Path(__file__).resolve().parent


def titles(words):
    """The tests to run, as `file.function`: those that may run beside others, and those that may not."""
    beside, alone = [], []
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for name in vars(module):
            title = f"{path.stem}.{name}"
            if name.startswith("test_") and (not words or any(word in title for word in words)):
                (alone if getattr(module, "ALONE", False) else beside).append(title)
    return beside, alone


def run(title, binary):
    """Runs one test; its outcome, and what there is to say about it."""
    support.BINARY = binary
    module, name = title.split(".")
    function = getattr(importlib.import_module(module), name)
    start, detail = time.monotonic(), ""
    with support.Scratch() as scratch:
        try:
            function(scratch)
            outcome = "passed"
        except support.Skip as reason:
            outcome, detail = "skipped", f": {reason}"
        except Exception:
            outcome, detail = "failed", "\n" + traceback.format_exc() + scratch.logs()
    sentence = (function.__doc__ or title).split("\n")[0]
    return outcome, f"{title} ({time.monotonic() - start:.1f} s) {sentence}{detail}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=HERE.parent.parent / ".build/debug/muster")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many tests run at a time")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    counts = collections.Counter()
    for chosen, jobs in zip(titles(options.words), (options.jobs, 1)):
        with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
            running = {pool.submit(run, title, binary): title for title in chosen}
            for done in concurrent.futures.as_completed(running):
                try:
                    outcome, text = done.result()
                except Exception as error:  # The process has died.
                    outcome, text = "failed", f"{running[done]}: {error}"
                counts[outcome] += 1
                print(f"{outcome.upper()} {text}", flush=True)
    print(", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "skipped")), flush=True)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
