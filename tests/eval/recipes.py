# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that hold secrets made for this run, each in a state in which it might crash. A recipe
takes a Work and gives the dump and the secrets that it may hold."""
import base64
import glob
import hashlib
import hmac
import json
import os
import re
import secrets as dice
import shutil
import socket
import subprocess
import time

import sealed
import truth
from work import (ED25519, P256, RSA, NotRun, aws_pair, children, free_port, github_token, password)

RECIPES = []


def recipe(function):
    RECIPES.append(function)
    return function


def told(path):
    """The "name hex" lines that a holder writes."""
    with open(path) as file:
        return [(name, bytes.fromhex(value)) for name, value in (line.split() for line in file)]


def grouped(lines):
    """Numbers of one key together; public ones are no secret."""
    keys = {}
    for name, value in lines:
        key, _, part = name.partition(".")
        if part not in ("n", "e", "pub"):
            keys.setdefault(key, {})[part or "key"] = value
    return keys


def holder(work, *modes):
    work.start(work.bins / "test-keyholder", work.path("ready"), *modes)
    work.ready()
    lines = told(work.path("ready"))
    os.unlink(work.path("ready"))
    return work.dump(work.started[-1].pid), lines


@recipe
def openssl_after_free(work):
    """RSA-2048, RSA-4096, P-256 and P-384 in libcrypto; the PEM was freed."""
    dump, lines = holder(work, "rsa2048", "rsa4096", "p256", "p384")
    return dump, [truth.Secret(k, "number", v) for k, v in grouped(lines).items()]


@recipe
def openssl_with_pem(work):
    """The same with the PEM still there."""
    dump, lines = holder(work, "pem", "rsa2048", "p256")
    return dump, [truth.Secret(k, "number", v) for k, v in grouped(lines).items()]


@recipe
def openssl_ciphers(work):
    """AES contexts of libcrypto, low and high level, both directions."""
    dump, lines = holder(work, "aes")
    return dump, [truth.raw(name, value) for name, value in lines]


def tls_keys(work):
    rsa, ec = work.key("rsa", *RSA), work.key("ec", *P256)
    work.certificate("rsa", rsa, "rsa.test")
    work.certificate("ec", ec, "ec.test")
    return rsa, ec, [truth.Secret("RSA key", "number", truth.rsa(rsa)),
                     truth.Secret("EC key", "number", truth.ec(ec))]


def tls_request(work, port, *more):
    done = work.run("curl", "-sk", "--tls-max", "1.3", *more, f"https://127.0.0.1:{port}/",
                    check=False)
    return done.stdout


def live_connections(work, port):
    """Clients that stay connected over TLS 1.2 and 1.3, and what their key logs say is secret."""
    found = []
    for version, wanted in (("tls1_2", 1), ("tls1_3", 2)):
        log = work.path(version + ".log")
        work.start("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-" + version,
                   "-keylogfile", log, "-quiet", stdin=subprocess.PIPE)
        pattern = r"^(CLIENT_RANDOM|\w+_TRAFFIC_SECRET_0) \w+ (\w+)$"

        def logged():
            lines = open(log).read() if os.path.exists(log) else ""
            return re.findall(pattern, lines, re.M)
        work.wait(lambda: len(logged()) == wanted, "the connection")
        found += [truth.raw(f"{version} {name}", bytes.fromhex(value)) for name, value in logged()]
    time.sleep(0.5)
    return found


def nginx(work):
    work.need("nginx", "curl")
    rsa, ec, keys = tls_keys(work)
    port, cookie = free_port(), github_token()
    work.write("nginx.conf", f"""daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f;
uwsgi_temp_path u; scgi_temp_path s;
server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate rsa.crt; ssl_certificate_key rsa.pem;
ssl_certificate ec.crt; ssl_certificate_key ec.pem; location / {{ return 200 "ok\\n"; }} }} }}
""")
    work.start("nginx", "-p", work.folder, "-c", work.path("nginx.conf"))
    work.listening(port)
    tls_request(work, port, "-H", f"Authorization: Bearer {cookie}")
    return port, keys, truth.text("bearer token", cookie)


@recipe
def nginx_worker(work):
    """After one request over TLS, with two more clients connected."""
    port, keys, token = nginx(work)
    server = work.started[-1]
    keys += live_connections(work, port)
    return work.dump(children(server.pid)[0]), keys + [token]


@recipe
def nginx_master(work):
    """It read the keys, and serves nobody."""
    _, keys, _ = nginx(work)
    return work.dump(work.started[-1].pid), keys


@recipe
def stunnel(work):
    """A TLS wrapper around a port, after one connection."""
    work.need("stunnel4")
    rsa, ec, keys = tls_keys(work)
    port, target = free_port(), free_port()
    work.write("stunnel.conf", f"""foreground = yes
pid =
debug = 3
[one]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{target}
cert = {work.path('rsa.crt')}
key = {rsa}
""")
    work.start("stunnel4", work.path("stunnel.conf"))
    work.listening(port)
    work.run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", stdin=b"", check=False)
    return work.dump(work.started[-1].pid), keys[:1]


@recipe
def haproxy(work):
    """TLS termination, after one request."""
    work.need("haproxy", "curl")
    rsa, ec, keys = tls_keys(work)
    port = free_port()
    work.write("both.pem", open(work.path("rsa.crt")).read() + open(rsa).read())
    work.write("haproxy.cfg", f"""global
  maxconn 100
defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend one
  bind 127.0.0.1:{port} ssl crt {work.path('both.pem')}
  http-request return status 200
""")
    work.start("haproxy", "-db", "-f", work.path("haproxy.cfg"))
    work.listening(port)
    tls_request(work, port)
    return work.dump(work.started[-1].pid), keys[:1]


@recipe
def ssh_agent(work):
    """Keys of three kinds, shielded in the agent's memory."""
    work.need("ssh-agent", "ssh-add", "ssh-keygen")
    found = []
    socket_path = work.path("agent")
    work.start("ssh-agent", "-D", "-a", socket_path)
    work.wait(lambda: os.path.exists(socket_path), "the agent")
    for kind, more in (("rsa", ("-b", "2048")), ("ecdsa", ()), ("ed25519", ())):
        key = work.path("id_" + kind)
        work.run("ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", "comment", "-f", key)
        work.run("ssh-add", key, env=dict(os.environ, SSH_AUTH_SOCK=socket_path))
        pem = work.path(kind + ".pem")
        shutil.copy(key, pem)
        if kind != "ed25519":
            work.run("ssh-keygen", "-q", "-p", "-m", "PEM", "-N", "", "-P", "", "-f", pem)
            values = truth.rsa(pem) if kind == "rsa" else truth.ec(pem)
            found.append(truth.Secret(kind, "number", values))
    dump = work.dump(work.started[-1].pid)
    return dump, found + sealed.ssh_keys(dump)


@recipe
def sshd_session(work):
    """An SSH server with a client logged in: its host keys."""
    work.need("/usr/sbin/sshd", "ssh")
    port = free_port()
    host, user = work.path("host"), work.path("user")
    work.run("ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "", "-f", host)
    work.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", user)
    os.makedirs("/run/sshd", exist_ok=True)
    work.write("sshd_config", f"""ListenAddress 127.0.0.1:{port}
HostKey {host}
AuthorizedKeysFile {user}.pub
StrictModes no
PidFile none
UsePAM no
""")
    work.start("/usr/sbin/sshd", "-D", "-f", work.path("sshd_config"))
    work.listening(port)
    work.start("ssh", "-i", user, "-p", str(port), "-o", "StrictHostKeyChecking=no", "-o",
               "UserKnownHostsFile=/dev/null", "127.0.0.1", "sleep 30")
    work.wait(lambda: children(work.started[0].pid), "the session")
    time.sleep(1)
    dump = work.dump(work.started[0].pid)
    return dump, [truth.Secret("host key", "number", truth.ec(host))] + sealed.ssh_keys(dump)


@recipe
def gpg_agent(work):
    """A passphrase that the agent keeps, wrapped."""
    work.need("gpg", "gpg-agent")
    passphrase, home = password() + password(), work.path("gnupg")
    os.makedirs(home, mode=0o700)
    work.write("gnupg/gpg-agent.conf", "allow-preset-passphrase\n")
    environment = dict(os.environ, GNUPGHOME=home)
    work.run("gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase,
             "--quick-gen-key", "somebody@example.org", "ed25519", "default", "1d", env=environment)
    listed = work.run("gpg", "--with-colons", "--with-keygrip", "-K", env=environment).stdout
    grip = re.search(rb"^grp:+(\w+):", listed, re.M).group(1).decode()
    work.run("gpg-connect-agent", f"PRESET_PASSPHRASE {grip} -1 {passphrase.encode().hex().upper()}",
             "/bye", env=environment)
    pid = work.run("gpg-connect-agent", "GETINFO pid", "/bye", env=environment).stdout
    try:
        dump = work.dump(int(pid.split()[1]))
        return dump, [truth.text("passphrase", passphrase, must="password")] \
            + sealed.gpg_passphrase(dump, passphrase)
    finally:
        work.run("gpgconf", "--kill", "gpg-agent", env=environment)


def compiled(work, source, *libraries):
    work.need("gcc")
    out = work.path("holder")
    try:
        work.run("gcc", "-O1", "-o", out, work.here / "holders" / source, *libraries)
    except subprocess.CalledProcessError as error:
        raise NotRun("the development files for " + source) from error
    return out


@recipe
def gnutls_server(work):
    """GnuTLS with an RSA key, and two clients connected."""
    work.need("gnutls-serv", "curl")
    rsa, ec, keys = tls_keys(work)
    port = free_port()
    work.start("gnutls-serv", "--port", str(port), "--x509keyfile", rsa, "--x509certfile",
               work.path("rsa.crt"), "--http")
    server = work.started[-1]
    work.listening(port)
    tls_request(work, port)
    secrets = live_connections(work, port)
    return work.dump(server.pid), keys[:1] + secrets


@recipe
def libgcrypt(work):
    """AES-128 and AES-256 handles of libgcrypt."""
    program = compiled(work, "gcrypt.c", "-lgcrypt")
    work.start(program, work.path("ready"))
    work.ready()
    return work.dump(work.started[-1].pid), [truth.raw(n, v) for n, v in told(work.path("ready"))]


def three_keys(work):
    """Files of an RSA, a P-256 and an Ed25519 key, and their secrets."""
    rsa, ec, edwards = work.key("rsa", *RSA), work.key("ec", *P256), work.key("ed25519", *ED25519)
    return (rsa, ec, edwards), [truth.Secret("RSA key", "number", truth.rsa(rsa)),
                                truth.Secret("EC key", "number", truth.ec(ec)),
                                truth.Secret("Ed25519 key", "bytes", truth.ed25519(edwards))]


@recipe
def wolfssl(work):
    """RSA, P-256 and Ed25519 keys of wolfSSL, after use."""
    files, keys = three_keys(work)
    program = compiled(work, "wolfssl.c", "-lwolfssl")
    work.start(program, work.path("ready"), *files)
    work.ready()
    return work.dump(work.started[-1].pid), keys


@recipe
def perl_cryptx(work):
    """RSA, P-256 and Ed25519 keys of Perl's CryptX, after use."""
    work.need("perl")
    if subprocess.run(["perl", "-MCryptX", "-e", "1"], stderr=subprocess.DEVNULL).returncode != 0:
        raise NotRun("libcryptx-perl")
    files, keys = three_keys(work)
    work.start("perl", work.here / "holders" / "cryptx.pl", work.path("ready"), *files)
    work.ready()
    return work.dump(work.started[-1].pid), keys


@recipe
def old_ciphers(work):
    """DES, triple DES and SM4 in use in libcrypto, libgcrypt and Nettle, as their round keys."""
    program = compiled(work, "oldciphers.c", "-lcrypto", "-lgcrypt", "-lnettle")
    work.start(program, work.path("ready"))
    work.ready()
    keys = grouped(told(work.path("ready")))
    os.unlink(work.path("ready"))
    return work.dump(work.started[-1].pid), [truth.Secret(k, "bytes", v) for k, v in keys.items()]


@recipe
def python(work):
    """Tokens and passwords in strings, a dict, JSON, the environment and the command line."""
    token, (key_id, key), db = github_token(), aws_pair(), password()
    work.start("/usr/bin/python3", work.here / "holders" / "holder.py", work.path("ready"),
               env={"GITHUB_TOKEN": token, "DB_PASSWORD": db, "AWS_SECRET_ACCESS_KEY": key,
                    "AWS_ACCESS_KEY_ID": key_id, "PATH": os.environ["PATH"]})
    work.ready()
    found = [truth.text("GITHUB_TOKEN", token), truth.text("AWS secret", key),
             truth.text("DB_PASSWORD", db, must="password")]
    sorts = {"jwt-secret": "password", "dsn": "password"}
    found += [truth.text(n, v, must=sorts.get(n, "token")) for n, v in told(work.path("ready"))]
    return work.dump(work.started[-1].pid), found


@recipe
def python_cryptography(work):
    """RSA and P-256 of the cryptography package."""
    if subprocess.run(["/usr/bin/python3", "-c", "import cryptography"],
                      stderr=subprocess.DEVNULL).returncode != 0:
        raise NotRun("python3-cryptography")
    rsa, ec = work.key("rsa", *RSA), work.key("ec", *P256)
    work.start("/usr/bin/python3", work.here / "holders" / "cryptokeys.py", rsa, ec,
               work.path("ready"))
    work.ready()
    return work.dump(work.started[-1].pid), [truth.Secret("RSA key", "number", truth.rsa(rsa)),
                                             truth.Secret("EC key", "number", truth.ec(ec))]


@recipe
def node(work):
    """Strings, a Buffer, a KeyObject and an AES cipher."""
    work.need("node")
    rsa, token = work.key("rsa", *RSA), github_token()
    work.start("node", work.here / "holders" / "holder.js", rsa, work.path("ready"),
               env=dict(os.environ, NPM_TOKEN=token))
    work.ready()
    found = [truth.Secret("RSA key", "number", truth.rsa(rsa)), truth.text("NPM_TOKEN", token)]
    for name, value in told(work.path("ready")):
        found.append(truth.raw(name, value) if name.startswith("aes") else truth.text(name, value))
    return work.dump(work.started[-1].pid), found


def java(work):
    work.need("javac", "java", "jcmd")
    work.run("javac", "-d", work.folder, work.here / "holders" / "Holder.java")
    rsa = work.key("rsa", *RSA)
    work.run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", rsa, "-outform", "DER", "-out",
             work.path("rsa.der"))
    process = work.start("java", "-Xmx48m", "-XX:+UseSerialGC", "-cp", work.folder, "Holder",
                         work.path("rsa.der"), work.path("ready"))
    work.ready()
    found = [truth.Secret("RSA key", "number", truth.rsa(rsa))]
    for name, value in told(work.path("ready")):
        found.append(truth.raw(name, value) if name.startswith("aes") else truth.text(name, value))
    return process, found


@recipe
def java_core(work):
    """A JVM's own memory, by gcore: large and mostly empty."""
    process, found = java(work)
    return work.dump(process.pid), found


@recipe
def java_hprof(work):
    """The heap as the JVM writes it."""
    process, found = java(work)
    work.run("jcmd", process.pid, "GC.heap_dump", work.path("heap.hprof"))
    return work.path("heap.hprof"), found


@recipe
def go(work):
    """RSA, ECDSA and Ed25519 keys and AES of Go's own library."""
    work.need("go")
    rsa, ec, ed = work.key("rsa", *RSA), work.key("ec", *P256), work.key("ed", *ED25519)
    work.run("go", "build", "-o", work.path("holder"), work.here / "holders" / "holder.go",
             env=dict(os.environ, GOCACHE=work.path("cache"), GO111MODULE="off",
                      GOPATH=work.path("gopath")))
    work.start(work.path("holder"), rsa, ec, ed, work.path("ready"))
    work.ready()
    found = [truth.Secret("RSA key", "number", truth.rsa(rsa)),
             truth.Secret("EC key", "number", truth.ec(ec)),
             truth.Secret("Ed25519 key", "bytes", truth.ed25519(ed))]
    found += [truth.raw(n, v) for n, v in told(work.path("ready"))]
    return work.dump(work.started[-1].pid), found


@recipe
def redis(work):
    """The password of the configuration, and values that are tokens."""
    work.need("redis-server", "redis-cli")
    port, secret, token = free_port(), password() + password(), github_token()
    work.write("redis.conf", f"bind 127.0.0.1\nport {port}\nrequirepass {secret}\nsave \"\"\n")
    work.start("redis-server", work.path("redis.conf"))
    work.listening(port)
    work.run("redis-cli", "-p", port, "--no-auth-warning", "-a", secret, "set", "session", token)
    return work.dump(work.started[-1].pid), [truth.text("requirepass", secret, must="password"),
                                             truth.text("value", token)]


@recipe
def postgres_backend(work):
    """A backend in which CREATE ROLE ran and a row with a token was written."""
    tools = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    if not tools:
        raise NotRun("postgresql")
    bins, port = os.path.dirname(tools[0]), free_port()
    secret, token = password() + password(), github_token()
    shutil.chown(work.folder, "postgres")
    os.chmod(work.folder.parent, 0o711)
    as_postgres = ("runuser", "-u", "postgres", "--")
    data = work.path("data")
    work.run(*as_postgres, bins + "/initdb", "-D", data, "-A", "trust")
    work.start(*as_postgres, bins + "/postgres", "-D", data, "-p", port, "-k", work.folder, "-h",
               "127.0.0.1")
    work.listening(port)
    session = work.start("psql", "-h", "127.0.0.1", "-p", port, "-U", "postgres",
                         stdin=subprocess.PIPE)
    session.stdin.write(f"create role app login password '{secret}';\n"
                        f"create table t (v text); insert into t values ('{token}');\n"
                        "select pg_backend_pid(); select pg_sleep(60);\n".encode())
    session.stdin.flush()
    work.wait(lambda: re.search(rb"\n\s+(\d+)\n\(1 row", open(work.path("out"), "rb").read())
              or work.run("pgrep", "-f", "pg_sleep|SELECT", check=False).stdout, "the backend")
    time.sleep(1)
    pid = work.run("psql", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-Atc",
                   "select pid from pg_stat_activity where query like '%pg_sleep%' "
                   "and pid <> pg_backend_pid()").stdout.decode().split()[0]
    return work.dump(int(pid)), [truth.text("role password", secret, must="password"),
                                 truth.text("row", token)]


@recipe
def krb5_client(work):
    """A program of MIT Kerberos that keeps the keys of a keytab."""
    program = compiled(work, "krb5.c", "-lkrb5", "-lk5crypto")
    work.start(program, work.path("ready"), env=dict(os.environ, KRB5_CONFIG=work.write(
        "krb5.conf", "[libdefaults]\n default_realm = EXAMPLE.ORG\n")))
    work.ready()
    return work.dump(work.started[-1].pid), [truth.raw(n, v) for n, v in told(work.path("ready"))]


@recipe
def curl(work):
    """A request with a password and a token, while the answer does not come."""
    work.need("curl")
    secret, token = password() + password(), github_token()
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    process = work.start("curl", "-s", "-u", f"app:{secret}", "-H", f"X-Auth-Token: {token}",
                         f"http://127.0.0.1:{server.getsockname()[1]}/")
    connection, _ = server.accept()
    connection.recv(4096)
    try:
        return work.dump(process.pid), [truth.text("password", secret, must="password"),
                                        truth.text("token", token)]
    finally:
        connection.close()
        server.close()


def negative_set(work):
    """The same programs without secrets, libraries, random and compressed bytes."""
    def dumped(name, *command, pause=1.0):
        if shutil.which(command[0]):
            process = work.start(*command, stdin=subprocess.PIPE)
            time.sleep(pause)
            yield name, work.dump(process.pid)

    yield from dumped("python", "/usr/bin/python3", "-c", "import json, time; time.sleep(600)")
    yield from dumped("perl", "perl", "-e", "sleep 600")
    yield from dumped("bash", "bash", "-c", "read x")
    yield from dumped("node", "node", "-e", "setTimeout(() => {}, 600000)", pause=2)
    yield from dumped("redis", "redis-server", "--port", str(free_port()), "--bind", "127.0.0.1",
                      "--save", "")
    libraries = work.path("libraries.raw")
    with open(libraries, "wb") as out:
        for path in sorted(glob.glob("/usr/lib/x86_64-linux-gnu/*.so.*")):
            if os.path.isfile(path) and not os.path.islink(path) and out.tell() < 400 << 20:
                out.write(open(path, "rb").read())
    yield "libraries", libraries
    yield "random", work.write("random.raw", os.urandom(256 << 20))
    work.run("sh", "-c", "gzip -1 < libraries.raw > compressed.raw")
    yield "compressed", work.path("compressed.raw")
