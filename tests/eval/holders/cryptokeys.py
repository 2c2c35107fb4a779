# SPDX-License-Identifier: GPL-3.0-or-later
"""cryptokeys.py RSA EC READY: loads two keys with the cryptography package, uses them, waits."""
import sys
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

keys = []
for path in sys.argv[1:3]:
    with open(path, "rb") as file:
        keys.append(serialization.load_pem_private_key(file.read(), None))
keys[0].sign(b"text", padding.PKCS1v15(), hashes.SHA256())
keys[1].sign(b"text", ec.ECDSA(hashes.SHA256()))
numbers = keys[0].private_numbers()
open(sys.argv[3], "w").close()
while True:
    time.sleep(1)
