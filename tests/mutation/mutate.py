#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes one small thing in a source file, rebuilds, runs the tests that cover it, and says which
changes no test noticed. Works in a copy of the tree, so that the real one is never touched.

    tests/mutation/mutate.py [--build DIR] [--sample N] [--seed N] [--list] [FILE...]

Which tests cover which file stands in tests/mutation/coverage.json. Ends with 1 when a change
survived that is not listed there, with the reason why a test could not see it."""
import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

# What is tried: a name, a pattern, and what it becomes. Applied to code only, at one place a time.
RULES = [
    ("negated condition", r"\bif \((?!const |auto )(.+)\)(?=( \{)?$)", r"if (!(\1))"),
    ("< for <=", r"(?<=[\w)\]] )<=(?= [\w(*])", "<"),
    ("<= for <", r"(?<=[\w)\]] )<(?= [\w(*])", "<="),
    ("> for >=", r"(?<=[\w)\]] )>=(?= [\w(*])", ">"),
    (">= for >", r"(?<=[\w)\]] )>(?= [\w(*])", ">="),
    ("!= for ==", r"(?<=[\w)\]] )==(?= [\w(*'\"])", "!="),
    ("== for !=", r"(?<=[\w)\]] )!=(?= [\w(*'\"])", "=="),
    ("|| for &&", r"&&", "||"),
    ("&& for ||", r"\|\|", "&&"),
    ("one more", r" \+ 1\b", " + 2"),
    ("no - 1", r" - 1\b", ""),
    ("no increment", r"\+\+(?=[\w(*])", ""),
    ("- for +=", r"(?<=\w )\+=(?= )", "-="),
    ("true for false", r"\bfalse\b", "true"),
    ("false for true", r"\btrue\b", "false"),
    ("no statement", r"^( +)(?!return|continue|using|const |auto |case |break|\}|#|[\w:<>]+ \w+( |;|\())[\w(*][^{}]*;$", r"\1;"),
    ("no return", r"^( +)(return|continue|break)( [^;{}]*)?;$", None),
]


def code_lines(text):
    """Lines that hold code, with the number of each; comments and literals are no place to change."""
    inside = False
    for number, line in enumerate(text.split("\n")):
        bare = line.strip()
        if bare.startswith("/*"):
            inside = True
        if not inside and bare and not bare.startswith(("//", "#", "constexpr", "template", "using", "namespace")):
            yield number, line
        if "*/" in bare:
            inside = False


def quoted(line, position):
    return line[:position].count('"') % 2 == 1 or "//" in line[:position]


def mutants(path):
    text = (ROOT / path).read_text()
    lines = text.split("\n")
    for number, line in code_lines(text):
        for name, pattern, replacement in RULES:
            for found in re.finditer(pattern, line):
                if quoted(line, found.start()):
                    continue
                changed = changed_line(lines, number, line, name, found, replacement)
                if changed is not None and changed != line:
                    yield {"file": path, "line": number + 1, "rule": name, "was": line, "now": changed}


def changed_line(lines, number, line, name, found, replacement):
    if name == "no return":
        # The last statement of a function is no early return: without it anything may happen.
        before = lines[number - 1]
        nested = len(before) - len(before.lstrip()) < len(found.group(1)) and before.strip() != "{"
        return found.group(1) + ";" if nested else None
    if "for (" in line and ";" in line and name == "no statement":
        return None
    return line[: found.start()] + found.expand(replacement) + line[found.end():]


def identity(mutant):
    """What names a mutant in the list of those without effect; line numbers would not last."""
    return f"{mutant['file']}: {mutant['rule']}: {mutant['was'].strip()}"


class Tree:
    """A copy of the sources with a build folder of its own."""

    def __init__(self, folder, jobs):
        self.folder = Path(folder)
        self.jobs = jobs
        files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                               capture_output=True, text=True).stdout.split("\n")
        for name in filter(None, files):
            source, target = ROOT / name, self.folder / name
            if source.is_file() and not (target.is_file() and target.read_bytes() == source.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        self.build = self.folder / "build" / "mutation"
        flags = "-O1 -g0 -w" # fast to compile; warnings would stop nothing but time
        self.run(["cmake", "--preset", "release", "-B", self.build, "-DCOREDACT_WERROR=OFF",
                  f"-DCMAKE_CXX_FLAGS_RELWITHDEBINFO={flags}"], 600)

    def run(self, command, timeout):
        """0 where the command succeeded in time; it is ended with everything that it started."""
        process = subprocess.Popen([str(part) for part in command], cwd=self.folder, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                                   env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return -1

    def make(self, tests):
        targets = [f"tst_{test}" for test in tests]
        return self.run(["ninja", "-C", self.build, f"-j{self.jobs}", *targets], 3600) == 0

    def passes(self, test, timeout):
        return self.run([self.build / "bin" / f"tst_{test}"], timeout) == 0


def time_limits(tree, tests):
    """Five times what each test takes on the unchanged tree: an endless loop is noticed too."""
    limits = {}
    for test in tests:
        begin = time.monotonic()
        if not tree.passes(test, 600):
            sys.exit(f"{test} fails on the unchanged tree")
        limits[test] = 20 + 5 * (time.monotonic() - begin)
    return limits


def outcome(tree, mutant, tests, limits):
    path = tree.folder / mutant["file"]
    original = path.read_text()
    lines = original.split("\n")
    lines[mutant["line"] - 1] = mutant["now"]
    path.write_text("\n".join(lines))
    try:
        if not tree.make(tests[:1]):
            return "does not compile"
        for test in tests:
            if not tree.make([test]) or not tree.passes(test, limits[test]):
                return f"noticed by {test}"
        return "survived"
    finally:
        path.write_text(original)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="default: all of coverage.json")
    parser.add_argument("--build", help="folder for the copy of the tree, kept between runs")
    parser.add_argument("--sample", type=int, help="so many mutants of each file, not all")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    options = parser.parse_args()
    coverage = json.loads((HERE / "coverage.json").read_text())
    files = options.files or list(coverage["tests"])
    chosen = []
    for file in files:
        all_of_file = list(mutants(file))
        if options.sample and options.sample < len(all_of_file):
            all_of_file = random.Random(options.seed).sample(all_of_file, options.sample)
        chosen += sorted(all_of_file, key=lambda mutant: mutant["line"])
    if options.list:
        for mutant in chosen:
            print(f"{mutant['file']}:{mutant['line']}: {mutant['rule']}: {mutant['now'].strip()}")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return try_all(Tree(options.build or temporary, options.jobs), chosen, coverage)


def try_all(tree, chosen, coverage):
    harmless = set(coverage["withoutEffect"])
    wanted = sorted({test for mutant in chosen for test in coverage["tests"][mutant["file"]]})
    if not tree.make(wanted):
        sys.exit("the unchanged tree cannot be built")
    limits = time_limits(tree, wanted)
    counts = {"noticed": 0, "survived": 0, "without effect": 0, "does not compile": 0}
    for mutant in chosen:
        result = "without effect" if identity(mutant) in harmless \
            else outcome(tree, mutant, coverage["tests"][mutant["file"]], limits)
        counts["noticed" if result.startswith("noticed") else result] += 1
        print(f"{result}: {mutant['file']}:{mutant['line']}: {mutant['rule']}: {mutant['now'].strip()}", flush=True)
        if result == "survived":
            print(f"    {json.dumps(identity(mutant))}", flush=True)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
