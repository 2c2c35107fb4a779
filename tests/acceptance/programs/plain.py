# SPDX-License-Identifier: GPL-3.0-or-later
"""A process as usual without a secret: modules, text, numbers, threads."""
import hashlib
import json
import os
import re
import threading
import time
import xml.etree.ElementTree

table = {f"item {i}": [i, i * i, hashlib.sha256(str(i).encode()).hexdigest()] for i in range(5000)}
text = json.dumps(table)
words = re.findall(r"[a-z]+", text)
tree = xml.etree.ElementTree.fromstring("<a><b>text</b></a>")
for _ in range(3):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
with open(os.environ["COREDACT_READY"], "w") as file:
    file.write("ready\n")
while True:
    time.sleep(1)
