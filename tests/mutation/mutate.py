#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes one small thing in a source file, runs the tests that cover it, and says which changes no
test noticed. Works in a copy of the tree, so that the real one is never touched. Changes of a file
are compiled together, each behind a switch, wherever that can be (schemata.py).

    tests/mutation/mutate.py [--build DIR] [--state FILE [--only-added]] [--sample N] [--seed N] [--list] [FILE...]

With --state, what is known of a file stays known until the file or a test changes: a run that was
stopped goes on. Which tests cover which file stands in tests/mutation/coverage.json. Ends with 1
when a change survived that is not listed there, with the reason why a test could not see it."""
import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import schemata

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
    ("no statement", r"^( +)(?!.* = delete;|return|continue|using|const |auto |case |break|\}|#|[\w:]+(?:<[^;=]*>)?[&*]? [&*]?\w+( |;|\())[\w(*][^{}]*;$", r"\1;"),
    ("no return", r"^( +)(return|continue|break)( [^;{}]*)?;$", None),
]

# Before what is compiled: a step behind a container's end is noticed, warnings are none, and it is
# soon done.
HEAD = '#define _GLIBCXX_ASSERTIONS\n#pragma GCC system_header\n#pragma GCC optimize("O0")\n'


def code_lines(text):
    """Lines that hold code, with the number of each; comments and literals are no place to change."""
    inside = False
    for number, line in enumerate(text.split("\n")):
        bare = line.strip()
        if bare.startswith("/*"):
            inside = True
        if not inside and bare and not bare.startswith(("//", "#", "constexpr", "static_assert", "template", "using",
                                                            "namespace")):
            yield number, line
        if "*/" in bare:
            inside = False


def quoted(line, position):
    return line[:position].count('"') % 2 == 1 or "//" in line[:position]


def mutants(path):
    text = (ROOT / path).read_text()
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for number, line in code_lines(text):
        for name, pattern, replacement in RULES:
            for found in re.finditer(pattern, line):
                if quoted(line, found.start()):
                    continue
                changed = changed_line(lines, number, line, name, found, replacement)
                if changed is not None and changed != line:
                    yield {"file": path, "line": number + 1, "rule": name, "was": line, "now": changed} \
                        | difference(starts[number], line, changed)


def difference(start, was, now):
    """What of the text is replaced, by offsets."""
    front = len(os.path.commonprefix([was, now]))
    back = len(os.path.commonprefix([was[front:][::-1], now[front:][::-1]]))
    return {"begin": start + front, "end": start + len(was) - back, "replacement": now[front:len(now) - back]}


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


def end(process):
    """With everything that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Tree:
    """A copy of the sources with a build folder of its own, compiled as the release preset does, so
    that ccache has most of it."""

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
        (self.folder / "mutantswitch.h").write_text(schemata.HEADER)
        self.build = self.folder / "build" / "mutation"
        self.run(["cmake", "--preset", "release", "-B", self.build], 600)

    def run(self, command, timeout, mutant=0):
        """0 where the command succeeded in time; it is ended with everything that it started."""
        return self.output_of(command, timeout, mutant)[0]

    def output_of(self, command, timeout, mutant=0):
        process = self.start(command, mutant, {})
        try:
            output = process.communicate(timeout=timeout)[0].decode(errors="replace")
            return process.returncode, output
        except subprocess.TimeoutExpired:
            end(process)
            process.communicate()
            return -1, ""

    def start(self, command, mutant, variables):
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "COREDACT_MUTANT": str(mutant)} | variables
        return subprocess.Popen([str(part) for part in command], cwd=self.folder, start_new_session=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)

    def make(self, tests):
        """What the compiler says; "" where all is well."""
        targets = [f"tst_{test}" for test in tests]
        code, output = self.output_of(["ninja", "-C", self.build, f"-j{self.jobs}", *targets], 3600)
        return "" if code == 0 else output or "it took too long"

    def passes(self, test, limit, mutant=0):
        """Whether every check holds; the test is ended at the first that does not. `limit`: seconds
        of work, so that a busy machine makes no difference; a test that only waits has longer."""
        command = ["sh", "-c", 'ulimit -t "$0" && exec "$@"', limit, self.build / "bin" / f"tst_{test}", "-silent"]
        with tempfile.TemporaryDirectory(dir=self.build, ignore_cleanup_errors=True) as folder:
            process = self.start(command, mutant, {"TMPDIR": folder})
            timer = threading.Timer(300 + 20 * limit, end, [process])
            timer.start()
            try:
                for line in process.stdout:
                    if line.startswith(b"FAIL!"):
                        end(process)
                        return False
                return process.wait() == 0
            finally:
                timer.cancel()

    def write(self, file, text):
        """The text in place of the file's; no warning of it counts."""
        (self.folder / (file + ".mutated")).write_text(HEAD + text)
        (self.folder / file).write_text(f'#include "{file}.mutated"\n')

    def restore(self, file):
        shutil.copy(ROOT / file, self.folder / file)


class Results:
    """What became of each mutant, kept in a file where one is given."""

    def __init__(self, path, only_added):
        self.path = path
        self.only_added = only_added
        self.known = {}
        if path and Path(path).exists():
            for line in Path(path).read_text().splitlines():
                entry = json.loads(line)
                self.known[entry["key"]] = entry["result"]
                if entry["result"] != "survived":
                    self.known[without_tests(entry["key"])] = entry["result"]

    def of(self, mutant):
        known = self.known.get(mutant["key"])
        return known if known or not self.only_added else self.known.get(without_tests(mutant["key"]))

    def add(self, mutant, result):
        self.known[mutant["key"]] = result
        if self.path:
            with open(self.path, "a") as file:
                file.write(json.dumps({"key": mutant["key"], "result": result}) + "\n")


def set_keys(found, tests):
    """Names a mutant by its place, and all that decides what becomes of it."""
    source = hashlib.sha256((ROOT / found[0]["file"]).read_bytes()).hexdigest()[:16]
    state = hashlib.sha256()
    for path in sorted(p for test in tests for p in (ROOT / "tests").glob(f"*/tst_{test}.cpp")):
        state.update(path.read_bytes())
    for mutant in found:
        mutant["key"] = f"{mutant['file']}:{mutant['begin']}:{mutant['rule']}:{source}:{state.hexdigest()[:16]}"


def without_tests(key):
    return key.rpartition(":")[0]


def time_limits(tree, tests):
    """Five times the work that each test needs on the unchanged tree: an endless loop is noticed too."""
    limits = {}
    for test in tests:
        before = worked()
        if not tree.passes(test, 600):
            sys.exit(f"{test} fails on the unchanged tree")
        limits[test] = 5 + 5 * int(1 + worked() - before)
    return limits


def worked():
    """Seconds of processors that ended children used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def outcome(tree, tests, limits, mutant=0):
    for test in tests:
        if not tree.passes(test, limits[test], mutant):
            return f"noticed by {test}"
    return "survived"


def try_layer(tree, layer, source, file, tests, limits, tell):
    """Tries the mutants of a layer; those that do not compile so are the answer."""
    left = []
    while layer.places:
        tree.write(file, layer.text(source))
        said = tree.make(tests)
        if not said:
            break
        lines = {int(line) - HEAD.count("\n") for line in re.findall(re.escape(Path(file).name) + r"\.mutated:(\d+):", said)}
        dropped = layer.drop(source, lines)
        if not dropped:
            dropped = [mutant for inside in layer.places.values() for mutant in inside]
            layer.places = {}
        left += dropped
    proved = set()
    with ThreadPoolExecutor(tree.jobs) as pool:
        chosen = [mutant for inside in layer.places.values() for mutant in inside]
        for mutant, result in zip(chosen, pool.map(
                lambda one: outcome(tree, tests, limits, one["number"]), chosen)):
            test = result.removeprefix("noticed by ")
            if test in tests and test not in proved and not tree.passes(test, limits[test]):
                sys.exit(f"{file}: {test} fails with every change switched off")
            proved.add(test)
            tell(mutant, result)
    return left


def try_alone(tree, mutant, source, tests, limits):
    tree.write(mutant["file"], source[:mutant["begin"]] + mutant["replacement"] + source[mutant["end"]:])
    return "does not compile" if tree.make(tests[:1]) or tree.make(tests) else outcome(tree, tests, limits)


def try_file(tree, file, chosen, tests, tell):
    source = (ROOT / file).read_text()
    tree.restore(file)
    if said := tree.make(tests):
        sys.exit(f"the unchanged tree cannot be built\n{said}")
    limits = time_limits(tree, tests)
    for number, mutant in enumerate(chosen, 1):
        mutant["number"] = number
    layers, alone = schemata.layers(source, chosen)
    try:
        for layer in layers:
            alone += try_layer(tree, layer, source, file, tests, limits, tell)
        for mutant in alone:
            tell(mutant, try_alone(tree, mutant, source, tests, limits))
    finally:
        tree.restore(file)


def chosen_mutants(options, coverage):
    for file in options.files or list(coverage["tests"]):
        found = list(mutants(file))
        if options.sample and options.sample < len(found):
            found = random.Random(options.seed).sample(found, options.sample)
        found.sort(key=lambda mutant: mutant["line"])
        if found:
            set_keys(found, coverage["tests"][file])
            yield file, found


def stopped(*_):
    sys.exit("stopped")


def main():
    signal.signal(signal.SIGTERM, stopped)  # so that files are restored
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="default: all of coverage.json")
    parser.add_argument("--build", help="folder for the copy of the tree, kept between runs")
    parser.add_argument("--state", help="file that keeps what is known")
    parser.add_argument("--only-added", action="store_true",
                        help="tests were only added since: what was noticed stays noticed")
    parser.add_argument("--sample", type=int, help="so many mutants of each file, not all")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    options = parser.parse_args()
    coverage = json.loads((HERE / "coverage.json").read_text())
    chosen = dict(chosen_mutants(options, coverage))
    if options.list:
        for mutant in (one for found in chosen.values() for one in found):
            print(f"{mutant['file']}:{mutant['line']}: {mutant['rule']}: {mutant['now'].strip()}")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return try_all(Tree(options.build or temporary, options.jobs), chosen, coverage,
                       Results(options.state, options.only_added))


def try_all(tree, chosen, coverage, results):
    counts = {"noticed": 0, "survived": 0, "without effect": 0, "does not compile": 0}

    def tell(mutant, result):
        if results.of(mutant) is None:
            results.add(mutant, result)
        if result == "survived" and identity(mutant) in coverage["withoutEffect"]:
            result = "without effect"
        counts["noticed" if result.startswith("noticed") else result] += 1
        print(f"{result}: {mutant['file']}:{mutant['line']}: {mutant['rule']}: {mutant['now'].strip()}", flush=True)
        if result == "survived":
            print(f"    {json.dumps(identity(mutant))}", flush=True)

    for file, found in chosen.items():
        new = [mutant for mutant in found if results.of(mutant) is None]
        for mutant in found:
            if results.of(mutant) is not None:
                tell(mutant, results.of(mutant))
        if new:
            try_file(tree, file, new, coverage["tests"][file], tell)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main())
