# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recipe's secrets look like in memory, and where they stand in a dump. Written apart from
Coredact: it shares no code with what it judges."""
import base64
import dataclasses
import re
import subprocess


@dataclasses.dataclass
class Secret:
    """`values`: the bytes that give it away (a key has several numbers). `sort`: text, number
    (big-endian) or bytes. `must`: key and token must be found; password may need its context."""
    name: str
    sort: str
    values: dict
    must: str = "key"


# What a redaction may leave: prefixes that tell the kind of a token, and a JWT but for its
# signature, without which it opens nothing.
HARMLESS = re.compile(rb"^(gh[pousr]_|npm_|xoxb-|sk_live_|hvs\.|AKIA|eyJ[0-9A-Za-z_-]+\.eyJ[0-9A-Za-z_-]+\.)")


def text(name, value, must="token"):
    plain = value.encode() if isinstance(value, str) else value
    return Secret(name, "text", {"text": HARMLESS.sub(b"", plain)}, must)


def raw(name, value, must="key"):
    return Secret(name, "bytes", {"bytes": value}, must)


def swapped(value, width):
    padded = value + bytes(-len(value) % width)
    return b"".join(padded[i:i + width][::-1] for i in range(0, len(padded), width))


def digits30(value):
    number, out = int.from_bytes(value, "big"), b""
    while number:
        out += (number & (1 << 30) - 1).to_bytes(4, "little")
        number >>= 30
    return out


def base64_phases(value):
    """The characters that only bytes of the value decide, for each of the three alignments."""
    for phase in range(3):
        encoded = base64.b64encode(bytes(phase) + value)
        first = (0, 2, 3)[phase]
        last = (phase + len(value)) * 8 // 6
        yield f"base64/{phase}", encoded[first:last]


def writings(secret):
    """(writing, bytes) of each value in each way that programs are known to hold it."""
    for label, value in secret.values.items():
        ways = {"raw": value}
        if secret.sort == "text":
            plain = value.decode("latin-1")
            ways |= {"utf16le": plain.encode("utf-16-le"), "utf16be": plain.encode("utf-16-be"),
                     "utf32": plain.encode("utf-32-le")}
        elif secret.sort == "number":
            ways |= {"reversed": value[::-1], "limbs32": swapped(value[::-1], 4)[::1],
                     "words": swapped(value, 4), "digits30": digits30(value)}
        else:
            ways |= {"reversed": value[::-1], "words": swapped(value, 4)}
        ways |= {"hex": value.hex().encode(), "HEX": value.hex().upper().encode()}
        ways |= dict(base64_phases(value))
        for way, written in ways.items():
            if len(written) >= 8:
                yield f"{label}:{way}", written


# How many bytes write eight bytes of the secret.
WIDTHS = {"utf16le": 16, "utf16be": 16, "utf32": 32, "hex": 16, "HEX": 16, "base64/0": 12,
          "base64/1": 12, "base64/2": 12, "digits30": 9}


def needles(secrets, path):
    with open(path, "w") as file:
        for number, secret in enumerate(secrets):
            for way, written in writings(secret):
                width = WIDTHS.get(way.split(":")[1], 8)
                file.write(f"{number}:{way} {width} {written.hex()}\n")
    return path


def places(witness, dump, needle_file, count):
    """For each secret the (begin, end) of every place of it."""
    out = subprocess.run([witness, "places", dump, needle_file], check=True, capture_output=True,
                         text=True).stdout
    found = [[] for _ in range(count)]
    for line in out.splitlines():
        name, offset, size = line.split()
        found[int(name.split(":")[0])].append((int(offset), int(offset) + int(size)))
    return found


def residual(witness, dump, needle_file):
    done = subprocess.run([witness, "windows", dump, needle_file], check=True, capture_output=True,
                          text=True)
    return int(done.stdout), done.stderr.strip()


def rsa(pem, openssl="openssl"):
    """The numbers of an RSA key that give it away."""
    out = subprocess.run([openssl, "rsa", "-in", pem, "-noout", "-text"], check=True,
                         capture_output=True, text=True).stdout
    names = {"privateExponent": "d", "prime1": "p", "prime2": "q", "exponent1": "dp",
             "exponent2": "dq", "coefficient": "qinv"}
    values = {}
    for title, name in names.items():
        digits = re.search(title + r":\s*((?:\s*[0-9a-f]{2}:?)+)", out)
        values[name] = bytes.fromhex(re.sub(r"[^0-9a-f]", "", digits.group(1))).lstrip(b"\0")
    return values


def ec(pem, openssl="openssl"):
    out = subprocess.run([openssl, "ec", "-in", pem, "-noout", "-text"], check=True,
                         capture_output=True, text=True).stdout
    digits = re.search(r"priv:\s*((?:\s*[0-9a-f]{2}:?)+)", out)
    return {"d": bytes.fromhex(re.sub(r"[^0-9a-f]", "", digits.group(1))).lstrip(b"\0")}


def ed25519(pem, openssl="openssl"):
    der = subprocess.run([openssl, "pkey", "-in", pem, "-outform", "DER"], check=True,
                         capture_output=True).stdout
    return {"seed": der[-32:]}
