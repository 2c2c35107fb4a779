#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which branches of the redaction core the tests take: of scanner/redact, and of the search for
copies.

    tests/coverage/branches.py BUILD [--missed] [FILE...]

BUILD is a tree of the preset coverage in which tests have run. A branch counts where the code
decides something: its line has an if, a loop, a switch or case, a ?, && or ||. What the compiler
adds does not count: edges that throw, and blocks that only an exception reaches, such as the
destructors of what was being made. Of templates and of headers a branch is taken where any
copy of it is. --missed prints the lines, of FILEs where some are named. Needs gcov (GCC)."""
import argparse
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASURED = re.compile(r"scanner/(?:redact/|scan/propagate)[^/]*$")
DECISION = re.compile(r"\b(?:if|for|while|switch|case|default)\b|\?|&&|\|\|")
LINE = re.compile(r"\s*([^:\s]+):\s*(\d+):(.*)")
BLOCK = re.compile(r"\s*([^:\s]+):\s*(\d+)-block\s+\d+")
BRANCH = re.compile(r"branch\s+\d+ (?:taken (\d+)|never executed)(.*)")


def code_of(line):
    """Without literals and comments."""
    return re.sub(r"//.*", "", re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'', "", line))


class Source:
    def __init__(self, path):
        self.lines = (ROOT / path).read_text().split("\n")
        self.copies = defaultdict(list)  # line -> lists of counts, one for each copy of its code

    def branches(self):
        """line -> how often each branch was taken."""
        merged = {}
        for line, copies in self.copies.items():
            if line > len(self.lines) or not DECISION.search(code_of(self.lines[line - 1])):
                continue
            longest = max(len(copy) for copy in copies)
            same = [copy for copy in copies if len(copy) == longest]
            if longest:
                merged[line] = [max(counts) for counts in zip(*same)]
        return merged


def read(text, build, sources):
    """One answer of gcov: the sources, each line, its blocks, and behind each block its branches."""
    source, line, counted, section = None, 0, False, 0
    copies = {}
    for row in text.split("\n"):
        if "0:Source:" in row:
            if source:
                flush(copies, source)
            path = os.path.relpath((build / row.split("0:Source:")[1]).resolve(), ROOT)
            source = sources.setdefault(path, Source(path)) if MEASURED.match(path) else None
            section = 0
        elif row.startswith("------------------"):
            section += 1
        elif source and (found := BLOCK.match(row)):
            line = int(found.group(2))
            counted = not found.group(1).startswith("$")
            copies.setdefault((line, section), [])
        elif source and (found := LINE.match(row)):
            line, counted = int(found.group(2)), False
        elif source and counted and (found := BRANCH.match(row)) and "(throw)" not in row:
            copies.setdefault((line, section), []).append(int(found.group(1) or 0))
    if source:
        flush(copies, source)


def flush(copies, source):
    """A function that there are several copies of is told as a whole first, in no section."""
    in_section = {line for line, section in copies if section}
    for (line, section), counts in copies.items():
        if section or line not in in_section:
            source.copies[line].append(counts)
    copies.clear()


def measured(build):
    sources = {}
    for data in sorted(build.glob("scanner/**/*.gcda")):
        answer = subprocess.run(["gcov", "-t", "-a", "-b", "-c", data], cwd=build, check=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        read(answer.stdout, build, sources)
    return sources


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_intermixed_args()
    all_taken = all_there = 0
    rows = []
    for path, source in measured(options.build.resolve()).items():
        branches = source.branches()
        taken = sum(count > 0 for counts in branches.values() for count in counts)
        there = sum(map(len, branches.values()))
        all_taken, all_there = all_taken + taken, all_there + there
        rows.append((taken - there, path, taken, there, source, branches))
    for _, path, taken, there, source, branches in sorted(rows, key=lambda row: row[:2]):
        if there and (not options.files or any(name in path for name in options.files)):
            print(f"{taken:5} of {there:5}  {100 * taken / there:5.1f} %  {path}")
            for line, counts in sorted(branches.items()):
                if options.missed and 0 in counts:
                    print(f"{'':9}{sum(map(bool, counts))} of {len(counts)}  {line}: {source.lines[line - 1].strip()}")
    if all_there == 0:
        sys.exit("no test has run in this tree")
    print(f"{all_taken:5} of {all_there:5}  {100 * all_taken / all_there:5.1f} %  of all branches")


if __name__ == "__main__":
    main()
