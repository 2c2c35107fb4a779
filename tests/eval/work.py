# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts programs for recipes, dumps them, and ends what it started."""
import os
import pathlib
import random
import secrets
import shutil
import socket
import string
import subprocess
import time
import zlib

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class NotRun(Exception):
    """The program of a recipe is not here; says which."""


class Work:
    """A folder for one recipe, and the processes that it started."""

    def __init__(self, folder, bins):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bins = pathlib.Path(bins)
        self.here = pathlib.Path(__file__).resolve().parent
        self.started = []

    def need(self, *programs):
        for program in programs:
            if not shutil.which(program):
                raise NotRun(program)

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, content):
        mode = "wb" if isinstance(content, bytes) else "w"
        with open(self.path(name), mode) as file:
            file.write(content)
        return self.path(name)

    def run(self, *command, stdin=None, env=None, check=True):
        return subprocess.run([str(c) for c in command], input=stdin, env=env, check=check,
                              capture_output=True, cwd=self.folder, timeout=120)

    def start(self, *command, env=None, stdin=subprocess.DEVNULL):
        process = subprocess.Popen([str(c) for c in command], env=env, cwd=self.folder, stdin=stdin,
                                   stdout=open(self.path("out"), "ab"),
                                   stderr=open(self.path("err"), "ab"))
        self.started.append(process)
        return process

    def wait(self, done, what, seconds=60):
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come")
            time.sleep(0.05)

    def ready(self, name="ready"):
        self.wait(lambda: os.path.exists(self.path(name)), name)

    def listening(self, port):
        def there():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        self.wait(there, f"port {port}")

    def dump(self, pid):
        self.run("gcore", "-o", self.path("core"), pid)
        return self.path(f"core.{pid}")

    def end(self):
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def key(self, name, *kind, form="pem"):
        """A private key in a file, made for this run; kind as openssl genpkey takes it."""
        path = self.path(f"{name}.{form}")
        self.run("openssl", "genpkey", "-out", path, *kind)
        return path

    def certificate(self, name, key, host):
        path = self.path(f"{name}.crt")
        self.run("openssl", "req", "-x509", "-new", "-key", key, "-days", "3", "-subj",
                 f"/CN={host}", "-out", path)
        return path


RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
P256 = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
ED25519 = ("-algorithm", "ED25519")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def github_token(prefix="gh" + "p_"):
    """With the checksum that real ones have."""
    body = "".join(secrets.choice(BASE62) for _ in range(30))
    crc, tail = zlib.crc32(body.encode()), ""
    for _ in range(6):
        crc, digit = divmod(crc, 62)
        tail = BASE62[digit] + tail
    return prefix + body + tail


def aws_pair():
    letters = string.ascii_uppercase + "234567"
    return ("AK" + "IA" + "".join(secrets.choice(letters) for _ in range(16)),
            "".join(secrets.choice(BASE62 + "/+") for _ in range(40)))


def password():
    """As people make them: not long, a few kinds of characters."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(7)) \
        + random.choice("-_.!") + "".join(secrets.choice(string.digits) for _ in range(4))
