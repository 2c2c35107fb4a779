# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds secrets in variables, closures, arguments, tuples and tables, made at run time.

Writes "name hex" lines to the file that COREDACT_READY names, and waits to be dumped.
"""
import asyncio
import collections
import contextvars
import os
import secrets
import string
import time

SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def made(told, name):
    value = "".join(secrets.choice(SIGNS) for _ in range(20)) + "1a"
    told[name] = value
    return value


def feed(password):
    yield len(password)
    yield len(password)


async def visit(told):
    password = made(told, "coroutine")
    await asyncio.sleep(0)
    return password


def connector(host, auth_token):
    def connect():
        return host, auth_token

    return connect


def login(user, password):
    raise ValueError(user)


class Text(str):
    pass


class Wrapped:
    def __init__(self, value):
        self.value = value


class Account(collections.namedtuple("Pair", "user password")):
    pass


def main():
    told = {}
    waiting = feed(made(told, "generator"))
    next(waiting)
    task = visit(told)
    task.send(None)
    connect = connector("db", made(told, "closure"))
    try:
        login("me", made(told, "frame"))
    except ValueError as error:
        kept = error
    account = Account("me", made(told, "tuple"))
    settings = {f"setting{i}": i for i in range(500)}
    settings["smtp_password"] = made(told, "table")
    fields = {b"password": made(told, "bytes").encode()}
    items = [("password", made(told, "pair"))]
    of_session = contextvars.ContextVar("db_password")
    of_session.set(made(told, "context"))
    wrapped = {"password": Wrapped(made(told, "wrapped"))}
    below = {"password": Text(made(told, "text"))}
    viewed = {"password": memoryview(made(told, "view").encode())}
    api_token = made(told, "local")

    def send(text, password=made(told, "default")):
        return text, password

    lines = "".join(f"{name} {value.encode().hex()}\n" for name, value in told.items())
    del told
    with open(os.environ["COREDACT_READY"] + ".new", "w") as file:
        file.write(lines)
    del lines, file
    os.rename(os.environ["COREDACT_READY"] + ".new", os.environ["COREDACT_READY"])
    while True:
        time.sleep(1)


main()
