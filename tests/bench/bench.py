# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Coredact as a whole and prints GB/s, and ratios against reading the same file and
against other tools on the same file in the same run.

bench.py BIN FOLDER. Figures are the median of three runs after one that is not counted; peak
memory is the kernel's own figure for the process and its children.
"""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 3
GB = 1e9


def make_dense(bins, folder):
    core = folder / "dense.core"
    if core.exists():
        return core
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    holder = subprocess.Popen([bins / "coredact-bench-corpus", ready])
    try:
        while not ready.exists():
            if holder.poll() is not None:
                sys.exit("the corpus program ended early")
            time.sleep(0.1)
        subprocess.run(["gcore", "-o", folder / "gcore", str(holder.pid)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        holder.terminate()
        holder.wait()
    (folder / f"gcore.{holder.pid}").rename(core)
    return core


def make_zero(folder, size=1 << 30):
    """Zeros that are really stored, so that they must be read."""
    path = folder / "zero.raw"
    if not path.exists():
        with open(path, "wb") as file:
            for _ in range(size >> 20):
                file.write(bytes(1 << 20))
    return path


def make_sparse(dense, folder, size=100 * 10**9):
    """The headers and the first megabytes of a real core, grown to 100 GB of holes."""
    path = folder / "sparse.core"
    if not path.exists():
        with open(dense, "rb") as source, open(path, "wb") as target:
            target.write(source.read(64 << 20))
            target.truncate(size)
    return path


def timed(command, accepted=(0,)):
    """Wall seconds and peak kilobytes of one run."""
    with tempfile.NamedTemporaryFile("r") as figures:
        done = subprocess.run(["/usr/bin/time", "-o", figures.name, "-f", "%e %M", *map(str, command)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        last = figures.read().strip().splitlines()[-1].split()
    if done.returncode not in accepted:
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return float(last[0]), int(last[1])


def measure(command, accepted=(0,), runs=RUNS, before=None):
    rows = []
    for _ in range(runs + 1):
        if before:
            before()
        rows.append(timed(command, accepted))
    rows = rows[1:]
    return statistics.median(r[0] for r in rows), max(r[1] for r in rows)


def row(name, seconds, size, reading, peak=None):
    rate = size / GB / seconds if seconds > 0 else float("inf")
    memory = f"{peak / 1024:8.0f} MiB" if peak else ""
    print(f"{name:44} {seconds:8.2f} s {rate:8.2f} GB/s {reading / seconds:7.3f} of reading {memory}")


def others(folder):
    """The other tools, with what they need; those that are not installed are left out."""
    rule = folder / "keys.yar"
    rule.write_text('rule keys { strings: $a = "-----BEGIN" $b = /AKIA[A-Z2-7]{16}/ '
                    '$c = /gh[pousr]_[0-9A-Za-z]{36}/ $d = /eyJ[A-Za-z0-9_-]{8,}\\./ '
                    '$e = { 30 82 ?? ?? 02 01 00 } $f = /xox[abp]-[0-9a-z-]{10,}/ condition: any of them }\n')
    pattern = r"(AKIA[A-Z2-7]{16}|gh[pousr]_[0-9A-Za-z]{36}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[A-Za-z0-9_-]{8,}\.eyJ)"
    tools = [("aeskeyfind", ["aeskeyfind"], (0,)),
             ("rsakeyfind", ["rsakeyfind"], (0, 1)),
             ("yara (6 strings)", ["yara", str(rule)], (0,)),
             ("ripgrep (4 patterns)", ["rg", "-a", "-c", "--no-mmap", pattern], (0, 1))]
    return [tool for tool in tools if shutil.which(tool[1][0])]


def main():
    bins = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    cli = bins / "coredact-cli"
    dense = make_dense(bins, folder)
    zero = make_zero(folder)
    sparse = make_sparse(dense, folder)
    size = dense.stat().st_size
    print(f"dense: {size / 1e6:.0f} MB, gcore of text, libraries, heap, random bytes, empty pages")
    print(f"processors: {os.cpu_count()}, {cpu_name()}; {RUNS} runs each, median; page cache warm")

    reading, _ = measure(["cat", dense])
    row("cat (reading the file)", reading, size, reading)
    jobs = os.cpu_count()
    one, one_peak = measure([cli, "scan", "--jobs", 1, "--format", "json", dense], (0, 1))
    row("scan, all rules, one thread", one, size, reading, one_peak)
    many, many_peak = measure([cli, "scan", "--jobs", jobs, "--format", "json", dense], (0, 1))
    row(f"scan, all rules, {jobs} threads", many, size, reading, many_peak)
    for name, command, accepted in others(folder):
        seconds, _ = measure([*command, dense], accepted, runs=2 if name == "aeskeyfind" else RUNS)
        row(name, seconds, size, reading)
        print(f"{'':44} scan with one thread is {seconds / one:.1f} times as fast")

    copy = folder / "copy"
    cp, _ = measure(["cp", "--sparse=never", "--reflink=never", dense, copy], before=lambda: copy.unlink(missing_ok=True))
    row("cp", cp, size, reading)
    redacted = folder / "redacted.core"

    def clear():
        for path in folder.glob("redacted.core*"):
            path.unlink()

    whole, redact_peak = measure([cli, "redact", dense, "-o", redacted], before=clear)
    row("redact: scan, export, verify", whole, size, reading, redact_peak)
    print(f"{'':44} export and verification without the scan: {cp / max(whole - many, 1e-9):.2f} of cp")

    zeros, zero_peak = measure([cli, "scan", "--jobs", 1, "--format", "json", zero], (0,))
    start, _ = measure([cli, "scan", "--jobs", 1, "--format", "json", write_small(folder)], (0,))
    zero_size = zero.stat().st_size
    zero_reading, _ = measure(["cat", zero])
    row("scan of stored zeros, one thread", zeros, zero_size, zero_reading, zero_peak)
    print(f"{'':44} without the start ({start:.2f} s): {zero_size / GB / max(zeros - start, 1e-9):.1f} GB/s")

    opened, open_peak = measure([cli, "map", sparse], (0, 3))
    print(f"{'open and map of a 100 GB sparse core':44} {opened:8.2f} s {open_peak / 1024:.0f} MiB")
    seen, sparse_peak = measure([cli, "scan", "--format", "json", sparse], (0, 1, 3), runs=2)
    print(f"{'scan of the 100 GB sparse core':44} {seen:8.2f} s {sparse_peak / 1024:.0f} MiB")
    sys.stdout.flush()
    kernels = bins / "coredact-bench-kernels"
    if kernels.exists():
        subprocess.run([kernels, dense, zero], check=True)
    clear()
    copy.unlink(missing_ok=True)


def write_small(folder):
    path = folder / "small.raw"
    path.write_bytes(b"nothing\n")
    return path


def cpu_name():
    match = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return match.group(1) if match else "unknown processor"


if __name__ == "__main__":
    main()
