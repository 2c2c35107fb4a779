# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds secrets as Python programs do. holder.py READY: writes "name hex" lines, and waits."""
import base64
import hashlib
import hmac
import json
import os
import secrets
import string
import sys
import time


def letters(count):
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


def url(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=")


class Held:
    pass


held = Held()
held.slack = "xo" + "xb-" + "".join(secrets.choice(string.digits) for _ in range(12)) + "-" \
    + "".join(secrets.choice(string.digits) for _ in range(12)) + "-" + letters(24)
held.stripe = "sk" + "_live_" + letters(32)
held.wide = "sk" + "_live_" + letters(32)
held.unicode = held.wide + "\N{GRINNING FACE}"  # four bytes for each character
held.dsn = letters(14)
held.settings = {"database": f"postgresql://app:{held.dsn}@db.example.org:5432/app"}
held.jwt_secret = letters(20)
head = url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + url(
    json.dumps({"iss": "https://id.example.org", "sub": letters(6)}).encode())
held.token = head + b"." + url(hmac.new(held.jwt_secret.encode(), head, hashlib.sha256).digest())
held.encoded = base64.b64encode(json.dumps({"key": held.stripe}).encode())

with open(sys.argv[1] + ".new", "w") as file:
    for name, value in (("slack", held.slack), ("stripe", held.stripe), ("wide", held.wide),
                        ("dsn", held.dsn), ("jwt-secret", held.jwt_secret),
                        ("jwt", held.token.decode())):
        file.write(f"{name} {value.encode().hex()}\n")
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    time.sleep(1)
