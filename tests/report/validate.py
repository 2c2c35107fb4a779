#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a SARIF log against the JSON schema that scripts/fetch-sarif-schema.sh fetched."""
import json
import os
import sys

import jsonschema

cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
path = os.environ.get("COREDACT_SARIF_SCHEMA") or cache + "/coredact-build/sarif-2.1.0.json"
if not os.path.exists(path):
    sys.exit(f"no schema at {path}: run scripts/fetch-sarif-schema.sh")
with open(path, encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[1], encoding="utf-8") as file:
    log = json.load(file)
problems = list(jsonschema.Draft4Validator(schema).iter_errors(log))
for problem in problems[:20]:
    print("/".join(map(str, problem.absolute_path)), problem.message[:300])
sys.exit(1 if problems else 0)
