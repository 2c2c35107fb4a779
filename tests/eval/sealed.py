# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that a program keeps sealed, with what opens them in the same dump: whoever has the dump
has them. Opened here by the programs' own rules, with openssl and aeskeyfind and nothing of Coredact."""
import hashlib
import mmap
import re
import struct
import subprocess

import truth


def aes(data, mode, key, *more):
    return subprocess.run(["openssl", "enc", "-aes-" + mode, "-nopad", "-K", key.hex(), *more],
                          input=data, check=True, capture_output=True).stdout


class Memory:
    """The segments of a 64-bit little-endian ELF core."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        offset, = struct.unpack_from("<Q", self.bytes, 32)
        size, count = struct.unpack_from("<HH", self.bytes, 54)
        self.segments = []
        for number in range(count):
            kind, _, begin, address, _, stored = struct.unpack_from("<IIQQQQ", self.bytes,
                                                                    offset + size * number)
            if kind == 1 and stored:
                self.segments.append((address, begin, stored))

    def read(self, address, size):
        for first, begin, stored in self.segments:
            if first <= address and address + size <= first + stored:
                return self.bytes[begin + address - first:begin + address - first + size]
        return None


SHIELD = 16384


def ssh_keys(dump):
    """OpenSSH's shielded keys (sshkey.c): the key is AES-256-CTR by the SHA-512 of a long prekey, and
    both stand in struct sshkey as pointer and length."""
    memory = Memory(dump)
    opened = {}
    for match in re.finditer(re.escape(struct.pack("<Q", SHIELD)), memory.bytes):
        at = match.start()
        if at < 24:
            continue
        sealed_at, size, prekey_at = struct.unpack_from("<QQQ", memory.bytes, at - 24)
        if not 16 <= size <= 16384 or size % 16:
            continue
        sealed, prekey = memory.read(sealed_at, size), memory.read(prekey_at, SHIELD)
        if not sealed or not prekey:
            continue
        digest = hashlib.sha512(prekey).digest()
        plain = aes(sealed, "256-ctr", digest[:32], "-iv", digest[32:48].hex())
        length = int.from_bytes(plain[:4], "big")
        if re.fullmatch(rb"(ssh-|ecdsa-|sk-)[ -~]+", plain[4:4 + length]):
            opened[plain] = truth.Secret(plain[4:4 + length].decode(), "bytes",
                                         {"sealed": sealed, "prekey": prekey})
    return list(opened.values())


def wrapped(key, plain):
    """RFC 3394, section 2.2.1."""
    check = bytes([0xa6]) * 8
    blocks = [plain[i:i + 8] for i in range(0, len(plain), 8)]
    for turn in range(6):
        for number, block in enumerate(blocks):
            out = aes(check + block, "128-ecb", key)
            count = len(blocks) * turn + number + 1
            check = (int.from_bytes(out[:8], "big") ^ count).to_bytes(8, "big")
            blocks[number] = out[8:]
    return check + b"".join(blocks)


def gpg_passphrase(dump, passphrase):
    """gpg-agent's cache (agent/cache.c): the passphrase with its NUL, filled up so that with the 8
    bytes of the wrapping it takes a multiple of 32, wrapped by an AES-128 key of the same process."""
    plain = passphrase.encode() + b"\0"
    plain += bytes(32 - (len(plain) + 8) % 32)
    keys = subprocess.run(["aeskeyfind", "-q", dump], check=True, capture_output=True, text=True)
    memory = Memory(dump)
    for key in {bytes.fromhex(line) for line in keys.stdout.split() if len(line) == 32}:
        blob = wrapped(key, plain)
        if memory.bytes.find(blob) >= 0:
            return [truth.Secret("passphrase, wrapped", "bytes", {"blob": blob, "key": key})]
    return []
