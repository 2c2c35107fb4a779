# SPDX-License-Identifier: GPL-3.0-or-later
"""Both ends of a TLS connection in one process, through libssl. Arguments: certificate, key,
version (1.2 or 1.3) and key log."""
import os
import socket
import ssl
import sys
import threading
import time

certificate, key, version, log = sys.argv[1:5]
wanted = ssl.TLSVersion.TLSv1_2 if version == "1.2" else ssl.TLSVersion.TLSv1_3


def context(side):
    made = ssl.SSLContext(side)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = made.maximum_version = wanted
    return made


serving = context(ssl.PROTOCOL_TLS_SERVER)
serving.load_cert_chain(certificate, key)
serving.keylog_filename = log
here, there = socket.socketpair()
ends = []


def serve():
    end = serving.wrap_socket(here, server_side=True)
    ends.append(end)
    end.sendall(end.recv(16))


thread = threading.Thread(target=serve)
thread.start()
client = context(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(there)
client.sendall(b"a question")
client.recv(16)
thread.join()
with open(os.environ["COREDACT_READY"], "w") as ready:
    ready.write("connected 00\n")
time.sleep(600)
