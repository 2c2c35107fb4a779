// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets of TLS and what they prove: traffic and master secrets with the keys that follow from
// them, random generators' keys. All made for each run.
#include "tlsmemory.h"
#include "tlssessions.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

class TestTlsSecrets : public QObject {
    Q_OBJECT

private slots:
    void aTrafficSecretIsProvedWhereverProgramsHoldIt_data();
    void aTrafficSecretIsProvedWhereverProgramsHoldIt();
    void aTrafficSecretIsProvedByTheVectorBesideIt();
    void aKeyOfChaCha20IsProvedByItsSecret();
    void otherSecretsInTheRowAreToldTogether();
    void aSecretOfAnotherKeyIsNotProved();
    void aMasterSecretIsProvedByTheRandomsInTheDump();
    void aMasterSecretWithItsRandomsNeedsNoSession();
    void aMasterSecretIsProvedByTheRandomsThatGoHoldsBesideIt_data();
    void aMasterSecretIsProvedByTheRandomsThatGoHoldsBesideIt();
    void proofsDoNotDependOnThreadsAndWindows();
    void aRandomGeneratorsKeyIsInfoWhereverItsSchedulesStand();
};

void TestTlsSecrets::aTrafficSecretIsProvedWhereverProgramsHoldIt_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("holder");
    for (const int size : {32, 48})
        for (const char* label : {"key", "quic key"})
            for (const char* holder : {"field", "shifted field", "pointer", "array"})
                QTest::addRow("%s, %s, %d bytes", holder, label, size)
                    << size << QString::fromLatin1(label) << QString::fromLatin1(holder);
}

void TestTlsSecrets::aTrafficSecretIsProvedWhereverProgramsHoldIt()
{
    QFETCH(int, size);
    QFETCH(QString, label);
    QFETCH(QString, holder);
    const SecretBytes secret = drawn(static_cast<std::size_t>(size));
    Memory memory;
    memory.put(scheduleOf(secret, label.toStdString()));
    Bytes piece;
    if (holder == QStringLiteral("pointer")) {
        append(piece, memory.put(secret), 8);
        append(piece, secret.size(), 8);
    } else if (holder == QStringLiteral("array")) {
        append(piece, 0x1234, 4);
        append(piece, secret.size(), 4);
        append(piece, secret);
    } else {
        piece.resize(holder == QStringLiteral("field") ? 0 : 4);
        append(piece, field(secret));
    }
    memory.put(piece);
    const auto result = memory.scanned();
    QVERIFY(isVerified(result, "tls-traffic-secret", secret));
    const auto keys
        = findingsOf(result, "aes-key-schedule",
                     tlsExpandLabel(secret, label.toStdString(), secret.size() == 48 ? 32 : 16));
    QCOMPARE(keys.size(), std::size_t {1});
    QCOMPARE(keys[0]->belongsTo.size(), std::size_t {1});
}

void TestTlsSecrets::aTrafficSecretIsProvedByTheVectorBesideIt()
{
    // A connection with ChaCha20-Poly1305: no AES key, but a session that makes one look.
    const SecretBytes secret = drawn(32);
    const Session session = sessionOf(0x304, drawn(32), drawn(32));
    Bytes connection = field(secret);
    connection.resize(connection.size() + 72);
    append(connection, tlsExpandLabel(secret, "iv", 12));
    const SecretBytes key = tlsExpandLabel(secret, "key", 32);
    Memory memory;
    memory.put(structureOf(session));
    memory.put(connection);
    const std::uint64_t place = memory.put(key) - Memory::base;
    const auto result = memory.scanned();
    QVERIFY(isVerified(result, "tls-traffic-secret", secret));
    // The cipher's key is a copy of what follows from the secret.
    const auto& occurrences = findingsOf(result, "tls-traffic-secret", secret)[0]->occurrences;
    QVERIFY(std::any_of(occurrences.begin(), occurrences.end(), [&](const Occurrence& o) {
        return o.pieces[0].file == *FileRange::make(place, key.size());
    }));
}

void TestTlsSecrets::aKeyOfChaCha20IsProvedByItsSecret()
{
    const SecretBytes secret = drawn(32);
    const SecretBytes key = tlsExpandLabel(secret, "key", 32);
    Bytes state;
    append(state,
           asBytes("expand 32-by"
                   "te k"));
    append(state, key);
    append(state, drawn(16));
    Memory memory;
    memory.put(state);
    memory.put(field(secret));
    const auto result = memory.scanned();
    QVERIFY(isVerified(result, "tls-traffic-secret", secret));
    QVERIFY(isVerified(result, "chacha20-key", key));
    QCOMPARE(findingsOf(result, "chacha20-key", key)[0]->belongsTo.size(), std::size_t {1});
}

void TestTlsSecrets::otherSecretsInTheRowAreToldTogether()
{
    const SecretBytes first = drawn(48);
    const SecretBytes second = drawn(48);
    const SecretBytes exporter = drawn(48);
    const SecretBytes wiped(48);
    Bytes row;
    for (const SecretBytes* secret : {&exporter, &wiped, &first, &second, &exporter})
        append(row, field(*secret));
    Memory memory;
    memory.put(scheduleOf(first));
    memory.put(scheduleOf(second));
    memory.put(row);
    const auto result = memory.scanned();
    QVERIFY(isVerified(result, "tls-traffic-secret", first));
    QVERIFY(isVerified(result, "tls-traffic-secret", second));
    SecretBytes others = exporter;
    others.insert(others.end(), exporter.begin(), exporter.end());
    const auto found = findingsOf(result, "tls-traffic-secret", others);
    QCOMPARE(found.size(), std::size_t {1});
    QVERIFY(found[0]->confidence == Confidence::Likely);
}

void TestTlsSecrets::aSecretOfAnotherKeyIsNotProved()
{
    Memory memory;
    memory.put(scheduleOf(drawn(48)));
    memory.put(field(drawn(48)));
    Bytes randoms;
    append(randoms, drawn(64));
    randoms.resize(randoms.size() + 32);
    memory.put(randoms);
    const Session session = sessionOf(0x303, drawn(48), drawn(32));
    memory.put(structureOf(session));
    for (const Finding& finding : memory.scanned().findings) {
        QVERIFY(finding.rule != "tls-traffic-secret");
        QVERIFY(finding.rule != "tls-session-secret" || finding.confidence == Confidence::Likely);
        QVERIFY(finding.belongsTo.empty());
    }
}

void TestTlsSecrets::aMasterSecretIsProvedByTheRandomsInTheDump()
{
    for (const TlsHash hash : {TlsHash::Sha256, TlsHash::Sha384})
        for (const std::size_t keyAt : {std::size_t {0}, std::size_t {40}}) {
            const SecretBytes master = drawn(48);
            const SecretBytes randoms = drawn(64); // the server's first, as libssl holds them
            const SecretBytes block = tlsKeyBlock(hash, master, ByteView(randoms).first(32),
                                                  ByteView(randoms).subspan(32), 160);
            const Session session = sessionOf(0x303, master, drawn(32));
            Bytes connection;
            append(connection, randoms);
            connection.resize(connection.size() + 16);
            Memory memory;
            memory.put(structureOf(session));
            memory.put(connection);
            memory.put(expandAesKey(ByteView(block).subspan(keyAt, 32)));
            const auto result = memory.scanned();
            QVERIFY(isVerified(result, "tls-session-secret", master));
        }
}

void TestTlsSecrets::aMasterSecretWithItsRandomsNeedsNoSession()
{
    for (const bool withId : {false, true}) {
        const SecretBytes master = drawn(48);
        const SecretBytes client = drawn(32);
        const SecretBytes server = drawn(32);
        Bytes parameters; // security_parameters_st of GnuTLS
        append(parameters, 0x7fff00001000, 8);
        append(parameters, 0x7fff00002000, 8);
        append(parameters, master);
        append(parameters, client);
        append(parameters, server);
        append(parameters, withId ? drawn(32) : SecretBytes(32));
        append(parameters, withId ? 32 : 0, 8);
        Memory memory;
        memory.put(parameters);
        memory.put(expandAesKey(tlsKeyBlock(TlsHash::Sha384, master, server, client, 32)));
        QVERIFY(isVerified(memory.scanned(), "tls-session-secret", master));
    }
}

void TestTlsSecrets::aMasterSecretIsProvedByTheRandomsThatGoHoldsBesideIt_data()
{
    QTest::addColumn<quint64>("heap");
    QTest::addColumn<bool>("serverFirst");
    QTest::addColumn<bool>("found");
    constexpr quint64 go = 0xc000000000;
    QTest::newRow("server's random first") << go << true << true;
    QTest::newRow("client's random first") << go << false << true;
    QTest::newRow("elsewhere than in Go's heap") << quint64 {Memory::base} << true << false;
}

void TestTlsSecrets::aMasterSecretIsProvedByTheRandomsThatGoHoldsBesideIt()
{
    QFETCH(quint64, heap);
    QFETCH(bool, serverFirst);
    QFETCH(bool, found);
    const SecretBytes master = drawn(48);
    const SecretBytes client = drawn(32);
    const SecretBytes server = drawn(32);
    Memory memory(heap);
    memory.put(expandAesKey(tlsKeyBlock(TlsHash::Sha256, master, server, client, 16)));
    // What crypto/tls keeps to export keying material: a function and what it captured.
    Bytes captured;
    const auto slice = [&](const SecretBytes& bytes, std::size_t room) {
        append(captured, memory.put(bytes), 8);
        append(captured, bytes.size(), 8);
        append(captured, room, 8);
    };
    append(captured, 0x5a59a0, 8);
    slice(serverFirst ? server : client, 32);
    slice(serverFirst ? client : server, 186); // a part of the message
    append(captured, 0x303, 8);
    append(captured, 0x872bc0, 8);
    slice(master, 48);
    memory.put(captured);
    const ScanResult result = memory.scanned();
    QCOMPARE(isVerified(result, "tls-session-secret", master), found);
}

void TestTlsSecrets::proofsDoNotDependOnThreadsAndWindows()
{
    Memory memory;
    std::vector<SecretBytes> secrets;
    for (int i = 0; i < 12; ++i) {
        secrets.push_back(drawn(i % 2 == 0 ? 32 : 48));
        Bytes row = field(secrets.back());
        append(row, field(drawn(secrets.back().size())));
        memory.put(row);
        memory.put(scheduleOf(secrets.back()));
    }
    const auto whole = Memory(memory).scanned();
    for (const SecretBytes& secret : secrets)
        QVERIFY(isVerified(whole, "tls-traffic-secret", secret));
    for (const std::size_t window : {std::size_t {64}, std::size_t {4096}, std::size_t {9999}})
        for (const unsigned threads : {1U, 3U})
            QVERIFY(Memory(memory).scanned(threads, window).findings == whole.findings);
}

void TestTlsSecrets::aRandomGeneratorsKeyIsInfoWhereverItsSchedulesStand()
{
    const SecretBytes key = drawn(32);
    Bytes generator; // PROV_DRBG_CTR
    for (int pointer = 0; pointer < 5; ++pointer)
        append(generator, Memory::base + 4096 + static_cast<std::uint64_t>(pointer) * 464, 8);
    append(generator, 32, 8); // keylen
    append(generator, 1, 4); // use_df
    append(generator, key);
    append(generator, drawn(16)); // V
    for (const bool inGenerator : {true, false}) {
        Memory memory;
        memory.put(expandAesKey(key));
        memory.put(inGenerator ? ByteView(generator) : ByteView(key));
        const auto result = memory.scanned();
        const auto found
            = findingsOf(result, inGenerator ? "random-generator-key" : "aes-key-schedule", key);
        QCOMPARE(found.size(), std::size_t {1});
        QVERIFY(found[0]->severity == (inGenerator ? Severity::Info : Severity::High));
        // What becomes of the bytes is the same: both places go. A third one is told where the byte
        // behind the key is the schedule's next one by chance, or one before it fits with its words
        // in another order.
        QCOMPARE(std::count_if(found[0]->occurrences.begin(), found[0]->occurrences.end(),
                               [](const Occurrence& one) { return one.encoding == "raw"; }),
                 std::ptrdiff_t {2});
    }
}

QTEST_GUILESS_MAIN(TestTlsSecrets)
#include "tst_tlssecrets.moc"
