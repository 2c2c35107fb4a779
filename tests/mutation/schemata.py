# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts many small changes into one copy of a source file, each behind a switch that is chosen at
run time: one compilation then serves for all of them."""
import re

#: What the changed file includes in its first line.
HEADER = """#pragma once
#include <cstdlib>
static inline bool coredactMutant(int number)
{
    static const int active = [] {
        const char* const text = std::getenv("COREDACT_MUTANT");
        return text ? std::atoi(text) : 0;
    }();
    return active == number;
}
"""


def without_comments(text):
    """The same length and lines, comments blank; and the same with literals blank, too."""
    plain, bare = list(text), list(text)
    pattern = r'//[^\n]*|/\*.*?\*/|R"\((?:.|\n)*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    for found in re.finditer(pattern, text, re.S):
        if found.group().startswith("'") and found.start() and text[found.start() - 1].isalnum():
            continue  # a digit separator
        comment = found.group().startswith("/")
        for i in range(found.start(), found.end()):
            if text[i] != "\n":
                bare[i] = " "
                if comment:
                    plain[i] = " "
    return "".join(plain), "".join(bare)


def closing(bare, at):
    """Where the bracket at `at` is closed."""
    depth = 0
    for i in range(at, len(bare)):
        depth += (bare[i] in "([{") - (bare[i] in ")]}")
        if depth == 0:
            return i
    return len(bare)


def begin_of_statement(bare, position):
    """Behind the last semicolon or brace; a semicolon in the head of a loop is none."""
    depth, found = 0, None
    for i in range(position - 1, -1, -1):
        c = bare[i]
        if c in ")]" or (c == "}" and depth > 0):
            depth += 1
        elif c == "(" and depth == 0 and found is not None:
            if bare[:i].rstrip().endswith("for"):
                return begin_of_statement(bare, i)
            return found
        elif c in "([" or (c == "{" and depth > 0):
            depth -= depth > 0
        elif depth == 0 and c in "{}":
            return i + 1 if found is None else found
        elif depth == 0 and c == ";" and found is None:
            found = i + 1
    return found or 0


LABEL = re.compile(r"\s*(?:(?:case\s+[\w:']+|default|public|private|protected)\s*:(?!:)|else\b|do\b)")
HEAD = re.compile(r"\s*(if|while|for|switch)\s*\(")


def span_of(bare, position):
    """The statement, or the head of one, that holds the position: (kind, begin, end) or None."""
    begin = begin_of_statement(bare, position)
    while True:
        label = LABEL.match(bare, begin)
        if label:
            begin = label.end()
            continue
        head = HEAD.match(bare, begin)
        if not head:
            break
        end = closing(bare, head.end() - 1)
        if position <= end:
            return head.group(1), head.end(), end
        begin = end + 1
    begin += len(bare[begin:]) - len(bare[begin:].lstrip())
    depth = 0
    for i in range(begin, len(bare)):
        depth += (bare[i] in "([{") - (bare[i] in ")]}")
        if depth < 0:
            return None
        if depth == 0 and bare[i] == ";":
            return ("statement", begin, i + 1) if begin <= position else None
    return None


def split_head(bare, begin, end):
    """The parts of a head between semicolons that are in no bracket."""
    parts, depth, start = [], 0, begin
    for i in range(begin, end):
        depth += (bare[i] in "([{") - (bare[i] in ")]}")
        if depth == 0 and bare[i] == ";":
            parts.append((start, i))
            start = i + 1
    return parts + [(start, end)]


DECLARED = re.compile(r"\s*(?!return\b)(?:(?:static|const|auto|unsigned|std::\w+|[\w:]+(?:<[^;=]*>)?)[\s*&]+)+"
                      r"(?:\[[\w\s,]+\]|\w+)\s*=(?!=)")


def narrowed(bare, position):
    """What of the code around a position may be written several times: (kind, begin, end)."""
    span = span_of(bare, position)
    if span is None:
        return None
    kind, begin, end = span
    if kind == "switch":
        return ("value", begin, end)
    if kind in ("if", "while", "for"):
        part = next(((b, e) for b, e in split_head(bare, begin, end) if b <= position < e), None)
        if part is None:
            return None
        declared = DECLARED.match(bare, part[0], part[1])
        if declared:
            return ("value", declared.end(), part[1]) if declared.end() <= position else None
        if kind == "for" and ":" in bare[part[0]:part[1]].replace("::", "  "):
            return None
        return ("value", part[0], part[1])
    text = bare[begin:end]
    if text.startswith("return") and not text[6:].lstrip().startswith(("{", ";")):
        return ("return", begin, end)
    declared = DECLARED.match(bare, begin, end)
    if declared:
        if "constexpr" in text or declared.end() > position:
            return None
        return ("value", declared.end(), end - 1)
    return ("statement", begin, end)


def written(kind, original, variants):
    """`variants`: of (number, text)."""
    flat = " ".join(original.split("\n"))
    if kind == "value":
        for number, text in variants:
            flat = f"(coredactMutant({number}) ? ({text}) : ({flat}))"
        return flat
    if kind == "return":
        removed = [number for number, text in variants if not text.strip(" ;")]
        value = flat[len("return"):-1]
        for number, text in variants:
            if number not in removed:
                value = f"(coredactMutant({number}) ? ({text.strip()[len('return'):-1]}) : ({value}))"
        guard = " && ".join(f"!coredactMutant({number})" for number in removed)
        return f"{{ if ({guard}) return {value}; }}" if guard else f"return {value};"
    chain = "".join(f"if (coredactMutant({number})) {{ {text} }} else " for number, text in variants)
    return f"{{ {chain}{{ {flat} }} }}"


class Layer:
    """A source text with some mutants in it; no two of its places overlap."""

    def __init__(self):
        self.places = {}  # (kind, begin, end) -> mutants

    def takes(self, place):
        return place in self.places or all(
            end <= place[1] or place[2] <= begin for _, begin, end in self.places)

    def text(self, source):
        plain, _ = without_comments(source)
        for (kind, begin, end), inside in sorted(self.places.items(), key=lambda item: -item[0][1]):
            original = plain[begin:end]
            variants = [(mutant["number"], variant(plain, mutant, begin, end)) for mutant in inside]
            lines = original.count("\n")
            plain = plain[:begin] + written(kind, original, variants) + "\n" * lines + plain[end:]
        return '#include "mutantswitch.h"' + plain[plain.index("\n"):]

    def drop(self, source, lines):
        """Leaves out what stands in these lines; what was left out."""
        left = []
        for place in list(self.places):
            first = source.count("\n", 0, place[1]) + 1
            last = source.count("\n", 0, place[2]) + 1
            if any(first <= line <= last for line in lines):
                left += self.places.pop(place)
        return left


def variant(plain, mutant, begin, end):
    """The code from `begin` to `end` with the mutant's change in it, in one line."""
    changed = plain[begin:mutant["begin"]] + mutant["replacement"] + plain[mutant["end"]:end]
    return " ".join(changed.split("\n"))


def layers(source, mutants):
    """(layers, mutants that go into none)."""
    _, bare = without_comments(source)
    placed, others = [], []
    for mutant in mutants:
        place = narrowed(bare, mutant["begin"])
        if place is None or not (place[1] <= mutant["begin"] and mutant["end"] <= place[2]):
            others.append(mutant)
        else:
            placed.append((place, mutant))
    result = []
    for place, mutant in sorted(placed, key=lambda one: one[0][2] - one[0][1]):
        layer = next((layer for layer in result if layer.takes(place)), None)
        if layer is None:
            result.append(layer := Layer())
        layer.places.setdefault(place, []).append(mutant)
    return result, others
