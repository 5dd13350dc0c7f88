#!/usr/bin/env python3
"""Runs the system tests: the real program on real repositories, judged by git.

    run.py [--binary PATH] [WORD ...]

Each function `test_*` of the files `test_*.py` is one test, a sentence in its docstring. WORDs choose
those whose file or name holds one. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import importlib
import os
import pathlib
import sys
import time
import traceback

import support

HERE = pathlib.Path(__file__).resolve().parent


def tests(words):
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for name, function in list(vars(module).items()):
            title = f"{path.stem}.{name}"
            if name.startswith("test_") and (not words or any(word in title for word in words)):
                yield title, function


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=HERE.parent.parent / ".build/debug/muster")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    support.BINARY = os.path.abspath(options.binary)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for title, function in tests(options.words):
        start, detail = time.monotonic(), ""
        with support.Scratch() as scratch:
            try:
                function(scratch)
                outcome = "passed"
            except support.Skip as reason:
                outcome, detail = "skipped", f": {reason}"
            except Exception:
                outcome, detail = "failed", "\n" + traceback.format_exc() + scratch.logs()
        counts[outcome] += 1
        sentence = (function.__doc__ or title).split("\n")[0]
        print(f"{outcome.upper()} {title} ({time.monotonic() - start:.1f} s) {sentence}{detail}", flush=True)
    print(", ".join(f"{count} {name}" for name, count in counts.items()), flush=True)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
