#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the tables of scanner/rules/textrarity.cpp: how much rarer letters and kinds of signs follow
each other in names and words than in random text.

    scripts/letterpairs.py NAMES WORDS

Each file has one a line, each once. Names are those of programs:

    cat /usr/lib/x86_64-linux-gnu/*.so.* /usr/include/*.h SOURCES... | LC_ALL=C tr -c 'A-Za-z0-9_.$/:-' '\\n' |
        LC_ALL=C grep -E '^.{12,120}$' | LC_ALL=C sort -u

Words, in small letters of ASCII, are those of what programs say in all languages (gettext's files).
Among the names are some that are no names (keys, code that reads as text): what the first count
finds unlike names is left out of the second."""
import collections
import math
import re
import string
import sys
from pathlib import Path

LETTERS = string.ascii_lowercase
KINDS = ".aA0"  # other, small, capital, digit
RANDOM = {".": 2 / 64, "a": 26 / 64, "A": 26 / 64, "0": 10 / 64}  # of base64url
NO_NAME = 5  # bits


def kinds_of(name):
    return "".join("a" if c in LETTERS else "A" if c.isupper() else "0" if c.isdigit() else "." for c in name)


def half_bits(often, lowest, highest):
    return round(2 * max(lowest, min(highest, -math.log2(often))))


def pair_shares(words):
    pairs = collections.Counter(a + b for word in words for a, b in zip(word, word[1:]))
    total = sum(pairs.values())
    return {a + b: (pairs[a + b] + 1) / total for a in LETTERS for b in LETTERS}


def letter_table(names, spoken):
    """By words: each counts once, however many names it is in; what three names share is one. The
    words of names and those of languages count the same, however many there are."""
    words = collections.Counter(
        word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}(?![a-z])", name))
    words = [word for word, count in words.items() if count >= 3 and 3 <= len(word) <= 16]
    print(f"// {len(words)} words of names, {len(spoken)} of languages")
    named, said = pair_shares(words), pair_shares(spoken)
    return {pair: half_bits((named[pair] + said[pair]) / 2 * 676, -4, 5) for pair in named}


def kind_table(names):
    counts = collections.Counter()
    for name in names:
        kinds = "^" + kinds_of(name)
        counts.update(kinds[i:i + 3] for i in range(len(kinds) - 2))
    table = {}
    for row in (a + b for a in "^" + KINDS for b in KINDS):
        total = sum(counts[row + kind] for kind in KINDS) + len(KINDS)
        for kind in KINDS:
            table[row + kind] = half_bits((counts[row + kind] + 1) / total / RANDOM[kind], -3, 5)
    return table


def rarity(name, letters, kinds):
    row = "^" + kinds_of(name)
    total = sum(kinds[row[i:i + 3]] for i in range(len(row) - 2))
    for i, (a, b) in enumerate(zip(name, name[1:]), 1):
        if row[i:i + 2] in ("aa", "AA", "Aa") and a != b:
            total += letters[(a + b).lower()]
    return total


def main():
    every, words = (Path(name).read_text().split("\n") for name in sys.argv[1:])
    letters = letter_table(every, [word for word in words if len(word) >= 3])
    mixed = [name for name in every if re.search("[a-z]", name) and re.search("[A-Z]", name)]
    kinds = kind_table(mixed)
    names = [name for name in mixed if rarity(name, letters, kinds) < 2 * NO_NAME]
    print(f"// {len(names)} names of {len(mixed)} with letters of both cases")
    kinds = kind_table(names)
    for a in LETTERS:
        print('"' + "".join(chr(ord("i") + letters[a + b]) for b in LETTERS) + '"sv,')
    for before in "^" + KINDS:
        print("//", before, [[kinds[before + row + kind] for kind in KINDS] for row in KINDS])


if __name__ == "__main__":
    main()
