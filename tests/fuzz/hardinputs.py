#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the hard inputs of regress/ that were thought out, not found by fuzzing: heads that break
off, counts and sums that overflow, lists that lead back to themselves. Nothing in them is a secret.

    tests/fuzz/hardinputs.py [FOLDER]

A name begins with the target that an input is for (targets.def); the replay gives each to all."""
import io
import lzma
import pathlib
import struct
import sys
import zlib

MOST = {1: 0xff, 2: 0xffff, 4: 0xffffffff, 8: 0xffffffffffffffff}
BASE = 0x400000  # where the first memory of the ELF cores lies
HEADER, ROW = 64, 56  # ELF64: the header, a program header


def words(*values):
    return b"".join(struct.pack("<Q", value) for value in values)


def elf(rows=b"", rest=b"", count=None, table=HEADER, sections=0, row_size=ROW):
    """An x86-64 core: header, program headers, the rest."""
    count = len(rows) // ROW if count is None else count
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 4, 62, 1, 0, table, sections, 0, HEADER, row_size, count, 64,
        1 if sections else 0, 0)
    return head + rows + rest


def row(kind, offset, size, address=0, memory=None):
    return struct.pack("<IIQQQQQQ", kind, 6, offset, address, 0, size,
                       size if memory is None else memory, 1)


LOAD, DYNAMIC, NOTE, PHDR = 1, 2, 4, 6


def note(kind, body, name=b"CORE\0", name_size=None, size=None):
    head = struct.pack("<III", len(name) if name_size is None else name_size,
                       len(body) if size is None else size, kind)
    return head + name.ljust(-len(name) % 4 + len(name), b"\0") + body.ljust(
        -len(body) % 4 + len(body), b"\0")


def with_notes(notes):
    return elf(row(NOTE, HEADER + ROW, len(notes)), notes)


def linked_to_itself():
    """AT_PHDR, PT_DYNAMIC, DT_DEBUG, r_debug, and a link_map whose next one is itself."""
    headers, dynamic, debug, link = BASE + 64, BASE + 0x100, BASE + 0x140, BASE + 0x180
    image = elf(row(PHDR, 64, 2 * ROW, headers) + row(DYNAMIC, 0x100, 32, dynamic))
    image = image.ljust(0x100, b"\0") + words(21, debug, 0, 0)
    image = image.ljust(0x140, b"\0") + words(1, link)
    image = image.ljust(0x180, b"\0") + words(BASE, link, dynamic, link, link)
    vector = note(6, words(3, headers, 4, ROW, 5, 2, 9, BASE, 0, 0))  # NT_AUXV
    begin = HEADER + 2 * ROW
    return elf(row(NOTE, begin, len(vector))
               + row(LOAD, begin + len(vector), len(image), BASE), vector + image)


def elf_cores():
    yield "header-cut", elf()[:41]
    yield "phnum-none-of-it-there", elf(count=0xfffe)
    # PN_XNUM: the number stands in the first section's sh_info.
    yield "xnum-overflow", elf(count=0xffff, sections=HEADER,
                               rest=bytes(44) + struct.pack("<I", MOST[4]) + bytes(16))
    yield "xnum-section-is-header", elf(count=0xffff, sections=4)
    yield "table-wraps", elf(row(LOAD, 0, 8), table=MOST[8] - 7)
    yield "table-is-header", elf(row(LOAD, 0, 8), table=0, count=9)
    yield "rows-of-size-0", elf(row(LOAD, 0, 8), row_size=0, count=0xfffe)
    yield "rows-of-size-most", elf(row(LOAD, 0, 8), row_size=0xffff, count=0xfffe)
    yield "load-wraps", elf(row(LOAD, MOST[8] - 3, 8, MOST[8] - 3) + row(LOAD, 0, MOST[8], 1)
                            + row(LOAD, 8, 16, MOST[8] - 15, MOST[8])
                            + row(LOAD, 64, MOST[8] - 8, 1) + row(LOAD, 1 << 63, 1 << 63, 1 << 63))
    yield "loads-on-top-of-each-other", elf(row(LOAD, 0, HEADER + 9 * ROW, BASE) * 9)
    yield "note-is-headers", elf(row(NOTE, 0, HEADER + ROW))
    yield "note-wraps", elf(row(NOTE, MOST[8] - 11, 24))
    yield "note-sizes-wrap", with_notes(note(1, b"", name_size=MOST[4], size=MOST[4]) * 2)
    yield "note-padding-wraps", with_notes(note(1, b"", name_size=MOST[4] - 2, size=MOST[4] - 2))
    yield "note-names-only", with_notes(note(0, b"", name=b"") * 99)
    # NT_FILE: a count, a page size, and for each file begin, end, and page.
    yield "files-count-overflow", with_notes(note(0x46494c45, words(1 << 61, 4096, 1, 2, 3)))
    yield "files-product-wraps", with_notes(
        note(0x46494c45, words(MOST[8] // 24 + 2, 4096) + words(1, 2, 3) * 2))
    yield "files-pages-wrap", with_notes(
        note(0x46494c45, words(2, MOST[8], MOST[8] - 1, MOST[8], MOST[8], 5, 4, MOST[8]) + b"a\0b"))
    yield "status-cut", with_notes(note(1, bytes(33)) + note(2, bytes(3)) + note(3, bytes(25))
                                   + note(0x53494749, bytes(9)) + note(0x202, bytes(500)))
    # XSAVE: a bitmap of components, compacted or not, that the body has no room for.
    yield "xsave-all-components", with_notes(
        note(1, bytes(336)) + note(0x202, bytes(512) + words(MOST[8], MOST[8]) + bytes(100),
                                   name=b"LINUX\0"))
    yield "auxv-without-end", with_notes(note(6, words(3, MOST[8] - 8, 4, MOST[8], 5, MOST[8], 33)))
    yield "link-map-of-itself", linked_to_itself()
    yield "hole", elf(row(LOAD, 0x1000, 1 << 39, BASE, 1 << 62), b"HOLE\x28")


def minidump(*streams, count=None, table=32, more=b""):
    """Header, directory, and the streams' bytes: (type, bytes[, size[, offset]])."""
    rows, body = b"", b""
    begin = 32 + 12 * len(streams)
    for kind, content, *told in streams:
        size = told[0] if told else len(content)
        offset = told[1] if len(told) > 1 else begin + len(body)
        rows += struct.pack("<III", kind, size, offset)
        body += content
    head = b"MDMP" + struct.pack("<IIIIIQ", 0xa793, len(streams) if count is None else count, table,
                                 0, 0, 0)
    return head + rows + body + more


SYSTEM = (7, struct.pack("<HHHBBIIIIIHHI", 9, 6, 0, 1, 1, 10, 0, 0, 2, 0, 0, 0, 0) + bytes(20))


def minidumps():
    yield "header-cut", minidump()[:19]
    yield "count-most", minidump(SYSTEM, count=MOST[4])
    yield "table-is-header", minidump(SYSTEM, count=9, table=0)
    yield "table-at-end", minidump(SYSTEM, table=MOST[4])
    yield "stream-is-directory", minidump(*((kind, b"", 12 * 12, 32) for kind in
                                            (3, 4, 5, 6, 7, 9, 12, 15, 16, 24, 0x43500001,
                                             0x47670009)))
    yield "stream-wraps", minidump(*((kind, b"", MOST[4], MOST[4] - 3) for kind in range(3, 25)))
    yield "same-stream-often", minidump(*[SYSTEM] * 20)
    # MINIDUMP_MEMORY64_LIST: count, first byte, then address and size of each.
    yield "memory64-count", minidump((9, words(1 << 60, 0, BASE, 16)))
    yield "memory64-base-wraps", minidump((9, words(3, MOST[8] - 7, BASE, 8, BASE + 8, 8, 0, MOST[8])))
    yield "memory64-sizes-wrap", minidump((9, words(3, 32, BASE, 1 << 63, 0, 1 << 63, BASE, 40)))
    yield "memory64-size-wraps-at-once", minidump((9, words(2, 64, 1, MOST[8] - 8, BASE, 40)))
    yield "memory-list-wraps", minidump((5, struct.pack("<IQIIQII", 2, MOST[8], MOST[4], MOST[4],
                                                         MOST[8] - 8, 64, 0)))
    # Lists with a header that says how large it and each row are.
    for name, kind in (("memory-info", 16), ("handles", 12), ("unloaded", 14)):
        for what, sizes in (("rows-of-size-0", (16, 0)), ("header-of-size-0", (0, 48)),
                            ("sizes-most", (MOST[4], MOST[4]))):
            yield f"{name}-{what}", minidump((kind, struct.pack("<III", *sizes, MOST[4]) + bytes(99)))
    yield "memory-info-regions-wrap", minidump(
        (16, struct.pack("<IIQ", 16, 48, 2)
         + struct.pack("<QQIIQIIII", MOST[8] - 4095, 0, 4, 0, MOST[8], 4096, 4, 131072, 0) * 2))
    module = struct.pack("<QIIII", MOST[8] - 5, MOST[4], 0, 0, 32) + bytes(52) \
        + struct.pack("<IIII", MOST[4], 44, MOST[4] - 8, 8) + bytes(16)
    yield "module-name-is-directory", minidump((4, struct.pack("<I", 2) + module * 2))
    yield "module-name-of-odd-size", minidump((4, struct.pack("<I", 1) + module[:20]
                                               + struct.pack("<I", 152) + module[24:]),
                                              more=struct.pack("<I", MOST[4]) + b"a\0b\0c")
    thread = struct.pack("<IIIIQQIIII", 1, 0, 0, 0, 0, MOST[8] - 3, MOST[4], MOST[4] - 3, 1232, 44)
    yield "thread-stack-wraps", minidump(SYSTEM, (3, struct.pack("<I", 3) + thread * 3))
    yield "threads-padded", minidump((3, struct.pack("<II", MOST[4], 0) + thread))
    yield "thread-names-far", minidump((24, struct.pack("<IIQIQ", 2, 1, MOST[8] - 1, 1, 1 << 40)))
    yield "exception-context-is-itself", minidump(
        SYSTEM, (6, struct.pack("<IIIIQQII", 1, 0, 5, 0, MOST[8], MOST[8], MOST[4], 0) + bytes(120)
                 + struct.pack("<II", 168, 112)))
    yield "crashpad-of-itself", minidump(
        (0x43500001, struct.pack("<I", 1) + bytes(32) + struct.pack("<IIII", 64, 80, 64, 80)
         + struct.pack("<III", 80, 80, 80)))
    yield "maps-of-all-kinds", minidump(
        (0x47670009, b"ffffffffffffffff-0 rwxp\n0-ffffffffffffffff\n-\n1-\n" + b"9" * 70 + b"-1 r\n"
         b"00001000-00002000 r-xp ffffffffffffffff 08:01 7 /a\n" + b"\0" * 9))
    yield "command-lines-without-end", minidump((0x47670006, b"\0\0a"), (0x47670007, b"=\0=="),
                                                (0x47670004, b"Name:"))


def containers():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(8 << 20)) + packer.flush()
    yield "gzip-past-the-budget", bomb
    yield "gzip-cut", bomb[:300]
    yield "gzip-name-without-end", b"\x1f\x8b\x08\x18" + bytes(6) + b"a" * 50
    yield "gzip-extra-of-most", b"\x1f\x8b\x08\x04" + bytes(6) + b"\xff\xff"
    # Zstandard: a frame that says that it has 2^64 - 1 bytes, of one repeated byte.
    yield "zstd-size-most", b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 8 + b"\x03\x00\x04-"
    yield "zstd-window-most", b"\x28\xb5\x2f\xfd\x00\xff" + b"\x03\x00\x04-"
    yield "zstd-skips-past-the-end", b"\x50\x2a\x4d\x18" + b"\xff" * 4
    packed = lzma.compress(b"a dump, a dump, a dump")
    yield "xz-index-cut", packed[:-14]
    yield "xz-header-of-most", packed[:12] + b"\xff" + packed[13:]
    yield "lz4-block-of-most", b"\x04\x22\x4d\x18\x64\x40\xa7" + b"\xff\xff\xff\x7f"
    yield "lz4-blocks-without-end", b"\x04\x22\x4d\x18\x60\x70\x73" + b"\x01\x00\x00\x80-" * 40


def protocol():
    """CBOR behind a byte that says which side it comes from."""
    for side in (0, 1):
        begin = bytes([side])
        yield f"arrays-in-arrays-{side}", begin + b"\x81" * 3000
        yield f"array-of-most-{side}", begin + b"\x9b" + b"\xff" * 8
        yield f"text-of-most-{side}", begin + b"\x82\x01\x7b" + b"\xff" * 8 + b"a"
        yield f"bytes-of-most-{side}", begin + b"\x83\x01\x00\x5b" + b"\x7f" + b"\xff" * 7
        yield f"map-of-itself-{side}", begin + b"\xbf" * 500 + b"\xff" * 500
        yield f"tags-of-tags-{side}", begin + b"\xc6" * 2000 + b"\x00"


def sessions():
    """SQLite's header: page size, versions, reserved, fractions, counter, pages, free list."""
    def header(page, pages, free=0, freed=0):
        return b"SQLite format 3\0" + struct.pack(">HBBBBBBIIII", page, 1, 1, 0, 64, 32, 32, 1, pages,
                                                free, freed) + bytes(60)
    yield "header-cut", header(4096, 1)[:50]
    yield "page-of-1", header(1, MOST[4])
    yield "pages-most", header(512, MOST[4], 1, MOST[4]).ljust(512, b"\0")
    # The schema's page: an inner page whose only child is itself.
    tree = struct.pack(">BHHHBI", 5, 0, 1, 507, 0, 1) + struct.pack(">H", 507)
    yield "tree-of-itself", (header(512, 1) + tree).ljust(507, b"\0") + struct.pack(">IB", 1, 1)
    yield "free-list-of-itself", (header(512, 2, 2, 9) + b"\x0d").ljust(512, b"\0") \
        + struct.pack(">II", 2, MOST[4]).ljust(512, b"\0")


def texts():
    report = '{"schema": "coredact-scan/1", "dumps": [{"path": "core", "size": %s, "findings": [%s]}]}'
    piece = ('{"id": "f1", "rule": "r", "verdict": "keep", "note": "%s", "occurrences": [{"encoding": '
             '"raw", "pieces": [{"offset": %s, "length": %s, "address": "%s"}]}]}')
    yield "verdicts-arrays-in-arrays", "[" * 5000
    yield "verdicts-objects-in-objects", '{"dumps":' * 2000
    for name, offset, size in (("wraps", MOST[8], 2), ("past-the-numbers", MOST[8] + 1, MOST[8] * 9),
                               ("negative", -1, -(1 << 63)), ("not-whole", "1e308", "0.5"),
                               ("not-finite", "1e999", "-1e999"), ("empty", 0, 0)):
        yield "verdicts-place-" + name, report % (offset, piece % ("", offset, size, "0x" + "f" * 17))
    yield "verdicts-note-too-long", report % (9, piece % ("n" * 5000, 1, 2, "-0x1"))
    yield "verdicts-not-utf8", (report % (9, piece % ("\udcff\udc80", 1, 2, ""))).encode(
        "utf-8", "surrogateescape")
    yield "certificate-arrays-in-arrays", "\0" + "[" * 5000
    payload = '{"_type": "https://in-toto.io/Statement/v1", "subject": [%s], "predicate": {%s}}'
    yield "certificate-without-anything", "\0" + payload % ("", "")
    subject = '{"name": "copy", "digest": {"sha256": "%s"}}' % ("0" * 64)
    yield "certificate-size-most", "\0" + payload % (
        subject, '"size": 18446744073709551615, "ranges": [{"offset": 18446744073709551615, '
        '"length": 2}, {"offset": 0, "length": 18446744073709551615}]')


EVERY = 255  # every detector looks


def steps(flags, *parts):
    """For the target of the detectors: the own bytes of each part."""
    made = bytes([EVERY, flags])
    for part in parts:
        for at in range(0, len(part), 255):
            made += bytes([0, len(part[at:at + 255])]) + part[at:at + 255]
    return made


def structures():
    """What detectors parse, with lengths that no memory holds; and words that lead in circles."""
    most = b"\xff" * 4
    forms = {
        "der-length-of-most": b"\x30\x84" + most + b"\x02\x01\x00\x02\x84\x7f\xff\xff\xff",
        "der-length-of-127-bytes": b"\x30\xff" + b"\xff" * 127,
        "der-in-der": b"\x30\x80" * 100,
        "openssh-counts": b"openssh-key-v1\0" + b"\0\0\0\4none" * 2 + b"\0\0\0\0" + most + most,
        "openssh-name-of-most": b"openssh-key-v1\0" + most,
        "jks-count-of-most": b"\xfe\xed\xfe\xed\0\0\0\2" + most + b"\0\0\0\1\xff\xff",
        "keytab-hole-of-most": b"\x05\x02" + b"\x80\0\0\0" + most + b"\0\2\xff\xff",
        "pgp-partial-lengths": b"\xc5" + b"\xfe" * 200,
        "pgp-length-of-most": b"\xc5\xff" + most + b"\x04" + bytes(4) + b"\x01\xff\xff",
        "hprof-records": b"JAVA PROFILE 1.0.2\0\0\0\0\x08" + bytes(8) + (b"\x0c" + bytes(4) + most) * 3,
        "hprof-arrays": b"JAVA PROFILE 1.0.2\0\0\0\0\x08" + bytes(8) + b"\x1c" + bytes(8) + b"\x23"
                        + bytes(12) + most + b"\x08",
        "sexp-length-of-most": b"(11:private-key(3:rsa(1:n4294967295:\xff(1:d99999999999999999999:",
        "sexp-lists-in-lists": b"(1:d" * 60,
        "cng-lengths": b"RSA3" + struct.pack("<IIIII", 2048, MOST[4], MOST[4], MOST[4], MOST[4]),
        "capi-bits-of-most": b"\x07\x02\0\0\0\xa4\0\0RSA2" + most + b"\1\0\1\0",
        "xml-without-end": b"<RSAKeyValue><Modulus>" + b"AAAA" * 40 + b"</Modulus><D>" + b"=" * 40,
        "json-without-end": b'{"kty":"RSA","d":"' + b"\\u00" * 30 + b'","n":' + b'"' * 20,
    }
    for name, form in forms.items():
        yield name, steps(0, bytes(40), form, bytes(64), form[:len(form) // 2])
    # Objects of V8, HotSpot and scripts: every word leads to itself, or just behind its begin.
    for name, flags in (("wide", 0), ("java", 0x14), ("node", 0x28), ("ruby", 0x30), ("top", 12),
                        ("narrow", 1)):
        for tag in (0, 1):
            leads = b"".join(bytes([2]) + struct.pack("<H", 8 * i + tag) for i in range(300))
            yield f"words-of-themselves-{name}-{tag}", bytes([EVERY, flags]) + leads


FAMILIES = (("dump-elf", elf_cores), ("dump-minidump", minidumps), ("containers", containers),
            ("protocol", protocol), ("session", sessions), (None, texts), ("detectors", structures))


def main():
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "regress"
    folder.mkdir(exist_ok=True)
    for family, inputs in FAMILIES:
        for name, content in inputs():
            content = content if isinstance(content, bytes) else content.encode()
            (folder / (f"{family}-{name}" if family else name)).write_bytes(content)


if __name__ == "__main__":
    main()
