# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds secrets in attributes of objects, made at run time: only the classes know their names.

Writes "name hex" lines to the file that COREDACT_READY names, and waits to be dumped.
"""
import dataclasses
import os
import secrets
import string
import time

SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def made():
    return "".join(secrets.choice(SIGNS) for _ in range(20)) + "1a"


class Client:
    def __init__(self, host):
        self.host = host
        self.password = made()


@dataclasses.dataclass
class Config:
    name: str
    api_key: str


class Hidden:
    """As pydantic's SecretStr keeps what it hides."""

    def __init__(self, value):
        self._secret_value = value


class Locked:
    def __init__(self):
        self.passphrase = made().encode()


class Looked:
    def __init__(self):
        self.client_secret = made()


class Slotted:
    __slots__ = ("host", "passwd")

    def __init__(self):
        self.passwd = bytearray(made().encode())


client = Client("db")
config = Config("app", made())
hidden = Hidden(made())
locked = Locked()
looked = Looked()
slotted = Slotted()
table = looked.__dict__
told = {
    "attribute": client.password,
    "dataclass": config.api_key,
    "hidden": hidden._secret_value,
    "bytes": locked.passphrase.decode(),
    "dict": looked.client_secret,
    "slots": slotted.passwd.decode(),
}
lines = "".join(f"{name} {value.encode().hex()}\n" for name, value in told.items())
with open(os.environ["COREDACT_READY"] + ".new", "w") as file:
    file.write(lines)
del told, lines, file
os.rename(os.environ["COREDACT_READY"] + ".new", os.environ["COREDACT_READY"])
while True:
    time.sleep(1)
