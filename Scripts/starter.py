#!/usr/bin/env python3
"""Writes registry/ into Sources/muster/Starter/StarterFiles.swift, so that the binary carries it."""

import pathlib

TOP = pathlib.Path(__file__).resolve().parent.parent
SOURCE = TOP / "registry"
TARGET = TOP / "Sources/muster/Starter/StarterFiles.swift"


def literal(text):
    """`text` as a raw multi-line string literal, with as many # as it takes."""
    marks = "#"
    while f'"""{marks}' in text or f"\\{marks}" in text:
        marks += "#"
    return f'{marks}"""\n{text}\n"""{marks}'


files = sorted(path for path in SOURCE.rglob("*") if path.is_file())
parts = []
for path in files:
    text = path.read_bytes().decode()
    if "\r" in text or "\0" in text:
        raise SystemExit(f"{path}: a literal cannot hold this byte")
    name = path.relative_to(SOURCE).as_posix()
    parts.append(f'    StarterFile(\n        path: "{name}",\n        text: {literal(text)}),\n')

TARGET.write_text(
    "// swift-format-ignore-file\n"
    "// Generated from registry/ by `make starter`.\n\n"
    "extension StarterFile {\n"
    "    /// The files of registry/, by path.\n"
    "    static let all: [StarterFile] = [\n" + "".join(parts).replace("\n", "\n") + "    ]\n}\n"
)
print(f"{len(files)} files written to {TARGET.relative_to(TOP)}")
