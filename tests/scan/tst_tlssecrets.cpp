// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets of TLS and what they prove: sessions as libssl keeps them, traffic and master secrets
// with the AES keys that follow from them, random generators' keys. All made for each run.
#include "scanner/rules/aes/schedule.h"
#include "scanner/rules/keys/tlskeys.h"
#include "scanner/rules/keys/tlssession.h"
#include "scanner/rules/keys/wordruns.h"
#include "scanner/scan/scan.h"

#include <QtTest>

#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <random>

using namespace coredact;

namespace {

using Bytes = std::vector<std::uint8_t>;

const RuleSet& rules()
{
    static const auto loaded = RuleSet::load({}, {});
    return *loaded;
}

SecretBytes drawn(std::size_t size)
{
    SecretBytes bytes(size);
    RAND_bytes(bytes.data(), static_cast<int>(size));
    return bytes;
}

/// Memory of a process: pieces at multiples of 16, with noise between them.
class Memory {
public:
    static constexpr std::uint64_t base = 0x555555550000;

    Memory() { pad(4096); }
    std::uint64_t put(ByteView piece)
    {
        pad(48 + (16 - m_bytes.size() % 16) % 16);
        const std::uint64_t address = base + m_bytes.size();
        m_bytes.insert(m_bytes.end(), piece.begin(), piece.end());
        return address;
    }
    ScanResult scanned(unsigned threads = 1, std::size_t window = std::size_t {1} << 20)
    {
        pad(4096);
        const auto source = Source::fromBytes(m_bytes);
        Dump dump;
        dump.format = "raw";
        dump.size = m_bytes.size();
        dump.wordSize = 8;
        dump.segments.push_back({*AddressRange::make(base, m_bytes.size()),
                                 *FileRange::make(0, m_bytes.size()),
                                 {true, true, false},
                                 RegionKind::Heap,
                                 "[heap]"});
        ScanOptions options;
        options.threads = threads;
        options.windowSize = window;
        auto result = scan(*source, dump, rules(), options, JobControl());
        if (!result)
            qFatal("the scan failed: %s", result.error().message.c_str());
        return std::move(*result);
    }

private:
    void pad(std::size_t size)
    {
        for (; size > 0; --size)
            m_bytes.push_back(static_cast<std::uint8_t>(m_dice() | 0x80U));
    }

    Bytes m_bytes;
    std::mt19937 m_dice {7};
};

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

void append(Bytes& bytes, std::uint64_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i & 0xff));
}

/// A secret in a field of 64 bytes.
Bytes field(ByteView secret)
{
    Bytes bytes(secret.begin(), secret.end());
    bytes.resize(64);
    return bytes;
}

SecretBytes scheduleOf(ByteView secret, std::string_view label = "key")
{
    return expandAesKey(tlsExpandLabel(secret, label, secret.size() == 48 ? 32 : 16));
}

std::vector<const Finding*> findingsOf(const ScanResult& result, std::string_view rule,
                                       const SecretBytes& value)
{
    std::vector<const Finding*> found;
    for (std::size_t i = 0; i < result.findings.size(); ++i)
        if (result.findings[i].rule == rule && result.values[i].value == value)
            found.push_back(&result.findings[i]);
    return found;
}

bool isVerified(const ScanResult& result, std::string_view rule, const SecretBytes& value)
{
    const auto found = findingsOf(result, rule, value);
    return found.size() == 1 && found[0]->confidence == Confidence::Verified;
}

/// A session of the libssl in use.
using Session = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;
Session sessionOf(int version, const SecretBytes& secret, const SecretBytes& id)
{
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()),
                                                                    &SSL_CTX_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context.get()), &SSL_free);
    const std::array<std::uint8_t, 2> suite {
        static_cast<std::uint8_t>(version == 0x304 ? 0x13 : 0xc0),
        static_cast<std::uint8_t>(version == 0x304 ? 1 : 0x2f)};
    Session session(SSL_SESSION_new(), &SSL_SESSION_free);
    SSL_SESSION_set_protocol_version(session.get(), version);
    SSL_SESSION_set_cipher(session.get(), SSL_CIPHER_find(connection.get(), suite.data()));
    SSL_SESSION_set1_master_key(session.get(), secret.data(), secret.size());
    SSL_SESSION_set1_id(session.get(), id.data(), static_cast<unsigned>(id.size()));
    return session;
}

ByteView structureOf(const Session& session)
{
    return {reinterpret_cast<const std::uint8_t*>(session.get()), tlsSessionReach};
}

Bytes derOf(const Session& session)
{
    unsigned char* der = nullptr;
    const int size = i2d_SSL_SESSION(session.get(), &der);
    Bytes bytes(der, der + std::max(size, 0));
    OPENSSL_free(der);
    return bytes;
}

} // namespace

class TestTlsSecrets : public QObject {
    Q_OBJECT

private slots:
    void findsSessionsOfTheLibsslInUse_data();
    void findsSessionsOfTheLibsslInUse();
    void findsASessionInDerWithoutItsHead();
    void findsSessionsOfOtherLayouts();
    void aSpoiltSessionIsNone();
    void aTrafficSecretIsProvedWhereverProgramsHoldIt_data();
    void aTrafficSecretIsProvedWhereverProgramsHoldIt();
    void aTrafficSecretIsProvedByTheVectorBesideIt();
    void aKeyOfChaCha20IsProvedByItsSecret();
    void otherSecretsInTheRowAreToldTogether();
    void aSecretOfAnotherKeyIsNotProved();
    void aMasterSecretIsProvedByTheRandomsInTheDump();
    void aMasterSecretWithItsRandomsNeedsNoSession();
    void proofsDoNotDependOnThreadsAndWindows();
    void aRandomGeneratorsKeyIsInfoWhereverItsSchedulesStand();
    void marksAgreeWithASlowSearch();
};

void TestTlsSecrets::findsSessionsOfTheLibsslInUse_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("name");
    QTest::newRow("TLS 1.2") << 0x303 << 48 << "TLS 1.2 master secret";
    QTest::newRow("TLS 1.0") << 0x301 << 48 << "TLS 1.0 master secret";
    QTest::newRow("TLS 1.3, SHA-256") << 0x304 << 32 << "TLS 1.3 resumption secret";
    QTest::newRow("TLS 1.3, SHA-384") << 0x304 << 48 << "TLS 1.3 resumption secret";
}

void TestTlsSecrets::findsSessionsOfTheLibsslInUse()
{
    QFETCH(int, version);
    QFETCH(int, size);
    QFETCH(QString, name);
    const SecretBytes secret = drawn(static_cast<std::size_t>(size));
    const SecretBytes id = drawn(32);
    const Session session = sessionOf(version, secret, id);
    for (const Bytes& form :
         {Bytes(structureOf(session).begin(), structureOf(session).end()), derOf(session)}) {
        Memory memory;
        memory.put(form);
        const auto result = memory.scanned();
        const auto found = findingsOf(result, "tls-session-secret", secret);
        QCOMPARE(found.size(), std::size_t {1});
        QVERIFY(found[0]->confidence == Confidence::Likely);
        QVERIFY2(found[0]->title.starts_with(name.toStdString()), found[0]->title.c_str());
        QVERIFY(found[0]->identity);
        QVERIFY(found[0]->identity->value == toHex(id));
    }
}

void TestTlsSecrets::findsASessionInDerWithoutItsHead()
{
    const SecretBytes secret = drawn(48);
    Bytes der = derOf(sessionOf(0x303, secret, drawn(32)));
    const auto at = std::search(der.begin(), der.end(), secret.begin(), secret.end());
    QVERIFY(at != der.end());
    der.erase(der.begin(), at - 2);
    Memory memory;
    memory.put(der);
    QCOMPARE(findingsOf(memory.scanned(), "tls-session-secret", secret).size(), std::size_t {1});
}

void TestTlsSecrets::findsSessionsOfOtherLayouts()
{
    for (const std::size_t word : {std::size_t {4}, std::size_t {8}})
        for (const std::size_t room : {std::size_t {48}, std::size_t {256}, std::size_t {512}}) {
            const SecretBytes secret = drawn(48);
            Bytes bytes;
            append(bytes, 0x303, word);
            append(bytes, 48, word);
            bytes.resize(bytes.size() + (room == 48 ? 0 : 64));
            append(bytes, secret);
            bytes.resize(bytes.size() + room - 48);
            append(bytes, 32, word);
            append(bytes, drawn(32));
            const auto session = tlsSessionStructure(bytes, 0);
            QVERIFY(session);
            QVERIFY(std::equal(secret.begin(), secret.end(),
                               bytes.begin() + static_cast<std::ptrdiff_t>(session->secret.begin)));
            QCOMPARE(session->id.end - session->id.begin, std::size_t {32});
            for (std::size_t cut = 0; cut < bytes.size(); ++cut)
                if (const auto found = tlsSessionStructure(ByteView(bytes).first(cut), 0))
                    QVERIFY(found->id.end <= cut && found->secret.begin == session->secret.begin);
        }
}

void TestTlsSecrets::aSpoiltSessionIsNone()
{
    const Session session = sessionOf(0x303, drawn(48), drawn(32));
    const Bytes whole(structureOf(session).begin(), structureOf(session).end());
    QVERIFY(tlsSessionStructure(whole, 0));
    for (const std::size_t at : {0U, 1U, 2U, 8U, 9U, 128U, 250U, 335U}) {
        Bytes spoilt = whole;
        spoilt[at] ^= 0x50;
        QVERIFY2(!tlsSessionStructure(spoilt, 0), std::to_string(at).c_str());
    }
    Bytes zeros = whole;
    std::fill(zeros.begin() + 80, zeros.begin() + 128, std::uint8_t {0});
    QVERIFY(!tlsSessionStructure(zeros, 0));
}

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
        // What becomes of the bytes is the same.
        QCOMPARE(found[0]->occurrences.size(), std::size_t {2});
    }
}

void TestTlsSecrets::marksAgreeWithASlowSearch()
{
    std::mt19937 dice(3);
    Bytes bytes(16384 + 12);
    // Few kinds of words, so that every pattern comes up.
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
        constexpr std::array<std::uint32_t, 8> kinds {0, 0, 0, 0, 16, 32, 48, 49};
        const auto kind = dice() % 40;
        const auto word = kind < kinds.size() ? kinds[kind] : static_cast<std::uint32_t>(dice());
        for (std::size_t i = 0; i < 4; ++i)
            bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
    }
    // Runs of zeros of each length.
    for (std::size_t at = 0; at + 128 < bytes.size(); at += 128)
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), at / 128 % 9 * 4,
                    std::uint8_t {0});
    const auto word = [&](std::size_t at) {
        return at + 4 <= bytes.size() ? bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16
                | static_cast<int>(static_cast<unsigned>(bytes[at + 3]) << 24)
                                      : -1;
    };
    for (const std::size_t begin : {std::size_t {0}, std::size_t {4}, std::size_t {100}})
        for (const std::size_t end : {bytes.size(), std::size_t {8000}, std::size_t {9004}}) {
            std::vector<std::pair<WordMark, std::size_t>> wanted;
            for (std::size_t at = begin; at < end && at + 4 <= bytes.size(); at += 4) {
                if (word(at) == 32 || word(at) == 48)
                    wanted.emplace_back(WordMark::Length, at);
                bool ends = at >= 32;
                for (std::size_t i = 0; ends && i < 4; ++i)
                    ends = word(at + 4 * i) == 0;
                for (std::size_t i = 1; ends && i <= 8; ++i)
                    ends = word(at - 4 * i) != 0;
                if (ends)
                    wanted.emplace_back(WordMark::EndOfRun, at);
            }
            std::vector<std::pair<WordMark, std::size_t>> found;
            findWordMarks(bytes, begin, end, [&](WordMark mark, std::size_t position) {
                found.emplace_back(mark, position);
            });
            QVERIFY(wanted.size() > 100);
            QVERIFY(found == wanted);
        }
}

QTEST_GUILESS_MAIN(TestTlsSecrets)
#include "tst_tlssecrets.moc"
