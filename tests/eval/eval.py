# SPDX-License-Identifier: GPL-3.0-or-later
"""eval.py BIN WITNESS FOLDER [RECIPE...]: runs the recipes and prints the tables of README."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import recipes
import truth
from work import NotRun, Work

CONFIDENCES = ("verified", "likely", "possible")


def scanned(cli, dump):
    done = subprocess.run([cli, "scan", "--format", "json", dump], capture_output=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"scan of {dump} ended with {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)["dumps"][0]["findings"]


def ranges(findings):
    spans = sorted((piece["offset"], piece["offset"] + piece["length"])
                   for finding in findings for place in finding["occurrences"]
                   for piece in place["pieces"])
    return spans


def touches(spans, places):
    """Whether a place overlaps one of the spans."""
    return any(begin < last and first < end for begin, end in places for first, last in spans)


def others(dump, folder):
    """What other tools print of the dump, as text without separators."""
    outputs = {}
    for name, command in (("aeskeyfind", ["aeskeyfind", dump]), ("rsakeyfind", ["rsakeyfind", dump])):
        if shutil.which(name):
            out = subprocess.run(command, capture_output=True).stdout.decode("latin-1").lower()
            outputs[name] = re.sub(r"[^0-9a-f]", "", out)
    return outputs


def offsets_of(command):
    """The offsets that a tool of text patterns tells."""
    out = subprocess.run(command, capture_output=True).stdout.decode("latin-1")
    return {int(n, 16) if n.startswith("0x") else int(n) for n in re.findall(r"^(0x[0-9a-f]+|\d+):",
                                                                           out, re.M)}


PATTERNS = (r"-----BEGIN [A-Z ]*PRIVATE KEY", r"gh[pousr]_[0-9A-Za-z]{36}", r"AKIA[A-Z2-7]{16}",
            r"eyJ[A-Za-z0-9_-]{8,}\.eyJ", r"xox[abp]-[0-9a-z-]{10,}")


def pattern_tools(dump, folder):
    rule = folder / "rules.yar"
    rule.write_text("rule keys { strings:\n" + "".join(
        f" $s{i} = /{pattern}/\n" for i, pattern in enumerate(PATTERNS)) + " condition: any of them }\n")
    tools = {}
    if shutil.which("yara"):
        tools["yara"] = offsets_of(["yara", "-s", str(rule), dump])
    if shutil.which("rg"):
        tools["ripgrep"] = offsets_of(["rg", "-a", "-b", "-o", "--no-line-number", "-e",
                                       "|".join(PATTERNS), dump])
    return tools


def run_recipe(make, bins, witness, folder):
    work = Work(folder / make.__name__, bins)
    try:
        dump, secrets = make(work)
    finally:
        work.end()
    needles = truth.needles(secrets, work.path("needles"))
    places = truth.places(witness, dump, needles, len(secrets))
    there = [i for i, found in enumerate(places) if found]
    cli = str(bins / "coredact-cli")
    findings = scanned(cli, dump)
    spans = ranges(findings)
    found = [i for i in there if touches(spans, places[i])]
    keys, texts = others(dump, work.folder), pattern_tools(dump, work.folder)
    row = {"recipe": make.__name__, "size": os.path.getsize(dump), "present": len(there),
           "found": len(found), "missed": [secrets[i].name for i in there if i not in found],
           "gone": [secrets[i].name for i in range(len(secrets)) if i not in there],
           "findings": collections.Counter(f["confidence"] for f in findings)}
    for tool, output in keys.items():
        row[tool] = sum(any(value.hex() in output for value in secrets[i].values.values())
                        for i in there)
    for tool, offsets in texts.items():
        row[tool] = sum(any(begin - 64 <= offset < end for begin, end in places[i]
                            for offset in offsets) for i in there)
    copy = work.path("copy")
    done = subprocess.run([cli, "redact", dump, "-o", copy], capture_output=True)
    row["redact"] = done.returncode
    if done.returncode == 0:
        row["residual"], where = truth.residual(witness, copy, needles)
        if where:
            print(f"  left in the copy of {make.__name__}: {where}", file=sys.stderr)
        # Such a copy is whole, but the scan and the search for copies did not see all by themselves.
        late = total_of(copy + ".coredact.json", "policy:found-in-copy")
        if late:
            print(f"  filled in {make.__name__} only after the check of a copy: {late} bytes", file=sys.stderr)
        for tool, output in others(copy, work.folder).items():
            row[tool + " in the copy"] = sum(
                any(value.hex() in output for value in secrets[i].values.values()) for i in there)
    shutil.rmtree(work.folder)
    return row


def total_of(certificate, reason):
    """How many bytes a copy's certificate says were filled for one reason."""
    with open(certificate) as file:
        totals = json.load(file)["predicate"]["totals"]
    return sum(int(total["bytes"]) for total in totals if total["reason"] == reason)


def print_rows(rows):
    tools = [tool for tool in ("aeskeyfind", "rsakeyfind", "yara", "ripgrep")
             if any(tool in row for row in rows)]
    print("| program | dump | secrets there | found | windows left | " + " | ".join(tools) + " |")
    print("| --- " * (5 + len(tools)) + "|")
    for row in rows:
        left = row.get("residual", f"no copy, exit {row['redact']}")
        print(f"| {row['recipe'].replace('_', ' ')} | {row['size'] / 1e6:.1f} MB | {row['present']} | "
              f"{row['found']} | {left} | " + " | ".join(str(row.get(t, "")) for t in tools) + " |")
    total = [sum(row[k] for row in rows) for k in ("present", "found")]
    print(f"| all | | {total[0]} | {total[1]} | {sum(r.get('residual', 0) for r in rows)} | "
          + " | ".join(str(sum(row.get(t, 0) for row in rows)) for t in tools) + " |")
    for row in rows:
        if row["missed"]:
            print(f"not found in {row['recipe']}: {', '.join(row['missed'])}")
        if row["gone"]:
            print(f"not in the dump of {row['recipe']}: {', '.join(row['gone'])}")


def negative(bins, folder):
    work = Work(folder / "negative", bins)
    total, size = collections.Counter(), 0
    try:
        for name, dump in recipes.negative_set(work):
            findings = scanned(str(bins / "coredact-cli"), dump)
            counted = collections.Counter(f["confidence"] for f in findings if f["severity"] != "info")
            total += counted
            size += os.path.getsize(dump)
            print(f"negative {name}: {os.path.getsize(dump) / 1e6:.0f} MB, "
                  + ", ".join(f"{counted[c]} {c}" for c in CONFIDENCES)
                  + "".join(f"\n    {f['confidence']} {f['rule']}" for f in findings
                            if f["severity"] != "info" and f["confidence"] != "possible"))
            os.unlink(dump) if name != "libraries" else None
    finally:
        work.end()
    shutil.rmtree(work.folder)
    print("| negative set | " + " | ".join(f"{c} for each GB" for c in CONFIDENCES) + " |")
    print("| --- | --- | --- | --- |")
    print(f"| {size / 1e9:.2f} GB | " + " | ".join(f"{total[c] / (size / 1e9):.1f}"
                                                 for c in CONFIDENCES) + " |")
    return total


def main():
    bins, witness = pathlib.Path(sys.argv[1]).resolve(), os.path.abspath(sys.argv[2])
    folder = pathlib.Path(sys.argv[3]).resolve()
    wanted = sys.argv[4:]
    rows, failures = [], []
    for make in recipes.RECIPES:
        if wanted and make.__name__ not in wanted:
            continue
        start = time.monotonic()
        try:
            rows.append(run_recipe(make, bins, witness, folder))
            print(f"  {make.__name__}: {rows[-1]['found']} of {rows[-1]['present']}, residual "
                  f"{rows[-1].get('residual')}, {time.monotonic() - start:.0f} s", file=sys.stderr)
        except NotRun as missing:
            failures.append(f"{make.__name__}: {missing} is not here")
        except (subprocess.SubprocessError, OSError, RuntimeError, AttributeError,
                IndexError) as error:
            output = getattr(error, "stderr", b"") or b""
            failures.append(f"{make.__name__}: {error} {output.decode(errors='replace')[-300:]}")
    print_rows(rows)
    noise = negative(bins, folder) if not wanted or "negative" in wanted else {}
    for failure in failures:
        print("not run: " + failure)
    bad = any(row.get("residual", 1) for row in rows) or noise.get("verified", 0)
    sys.exit(1 if bad or failures else 0)


if __name__ == "__main__":
    main()
