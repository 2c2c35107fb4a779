#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""unitygroups.py SIZE FILE...: which files may be compiled as one, for the presets that are slow to compile.

Files of one group keep apart what each has for itself: no name that one declares at its outermost level (a helper in
an unnamed namespace, a macro, an alias) occurs in another. Prints "<number> <file>" for each file that has company.
Only speed depends on the answer: a clash that was overlooked does not compile.
"""
import os
import re
import sys
from functools import cache

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORD = re.compile(r'[A-Za-z_]\w+')
BLANK = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.S)
TYPE = re.compile(r'(?:struct|class|union|enum(?: class)?) (\w+)')
NAMED = re.compile(r'[\w:<>,&*\s\[\]]*?[\s&*](\w+)\s*(?:[({=;\[]|$)')
INCLUDE = re.compile(r'^#include "([^"]+\.h)"', re.M)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def outermost(text):
    """The names that lines without indentation declare; this project indents everything else."""
    names = set()
    for line in text.split('\n'):
        if macro := re.match(r'\s*#\s*define (\w+)', line):
            names.add(macro[1])
        if not re.match(r'[A-Za-z]', line) or line.startswith(('namespace', 'return')):
            continue
        if alias := re.match(r'using (\w+) =', line):
            names.add(alias[1])
        elif kind := TYPE.match(line):
            names.add(kind[1])
        elif (other := NAMED.match(line)) and '::' + other[1] not in line:
            names.add(other[1])
    return names


@cache
def declared(path):
    """The names that a header declares, and those that it includes."""
    text = read(path)
    return outermost(BLANK.sub(' ', text)).union(*map(declared, headers(path, text)))


def headers(path, text):
    for name in INCLUDE.findall(text):
        for folder in (os.path.dirname(path), ROOT):
            if os.path.exists(os.path.join(folder, name)):
                yield os.path.join(folder, name)
                break


class File:
    def __init__(self, path):
        text = read(path)
        shared = set().union(*map(declared, headers(path, text)))
        text = BLANK.sub(' ', text)
        self.path = path
        self.own = outermost(text) - shared
        self.words = shared.union(WORD.findall(text))


class Group:
    def __init__(self):
        self.files, self.own, self.words = [], set(), set()

    def takes(self, file, size):
        return len(self.files) < size and not self.own & file.words and not file.own & self.words

    def add(self, file):
        self.files.append(file)
        self.own |= file.own
        self.words |= file.words


def main():
    size, groups = int(sys.argv[1]), []
    for file in map(File, sorted(sys.argv[2:])):
        if '__attribute__' in file.words: # functions for other processors, of the same names
            continue
        group = next((each for each in groups if each.takes(file, size)), None)
        if not group:
            group = Group()
            groups.append(group)
        group.add(file)
    for number, group in enumerate(groups):
        for file in group.files if len(group.files) > 1 else []:
            print(number, file.path)


main()
