// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/program.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <array>
#include <unordered_set>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

using namespace coredact::test;
using nlohmann::json;

namespace {

/// A program of the system, in a folder, with a file as its input.
int runWith(const QString& folder, const char* program, const QStringList& arguments,
            const QString& input = {})
{
    QProcess process;
    process.setWorkingDirectory(folder);
    if (!input.isEmpty())
        process.setStandardInputFile(input);
    process.start(QLatin1String(program), arguments);
    return process.waitForFinished(30000) ? process.exitCode() : -1;
}

/// All that somebody may compare guesses with: eight bytes from every place of what is handed on,
/// as they lie there and as the hex and base64 in them means.
class Handed {
public:
    void add(const QByteArray& bytes)
    {
        addWindows(bytes);
        addDecoded(bytes, "0123456789abcdefABCDEF", QByteArray::fromHex);
        addDecoded(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                   [](const QByteArray& text) { return QByteArray::fromBase64(text); });
    }
    bool holds(const unsigned char* digest) const { return m_windows.contains(window(digest)); }

private:
    static quint64 window(const void* bytes)
    {
        quint64 value = 0;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }
    void addWindows(const QByteArray& bytes)
    {
        for (qsizetype at = 0; at + 8 <= bytes.size(); ++at)
            m_windows.insert(window(bytes.constData() + at));
    }
    template <typename Decode>
    void addDecoded(const QByteArray& bytes, const char* alphabet, Decode decode)
    {
        QByteArray run;
        for (const char c : bytes + '!') {
            if (c != 0 && std::strchr(alphabet, c)) {
                run += c;
                continue;
            }
            for (qsizetype phase = 0; run.size() >= 16 && phase < 4; ++phase)
                addWindows(decode(run.mid(phase)));
            run.clear();
        }
    }

    std::unordered_set<quint64> m_windows;
};

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context context() { return {EVP_MD_CTX_new(), &EVP_MD_CTX_free}; }

/// Digests of `before`, a guess and `after`, for many guesses: `before` is worked through once.
class Guesses {
public:
    Guesses(const EVP_MD* kind, const QByteArray& before, const QByteArray& after)
        : m_after(after)
    {
        EVP_DigestInit_ex(m_before.get(), kind, nullptr);
        EVP_DigestUpdate(m_before.get(), before.constData(), static_cast<size_t>(before.size()));
    }
    const unsigned char* of(const QByteArray& guess)
    {
        EVP_MD_CTX_copy_ex(m_now.get(), m_before.get());
        EVP_DigestUpdate(m_now.get(), guess.constData(), static_cast<size_t>(guess.size()));
        EVP_DigestUpdate(m_now.get(), m_after.constData(), static_cast<size_t>(m_after.size()));
        EVP_DigestFinal_ex(m_now.get(), m_digest.data(), nullptr);
        return m_digest.data();
    }

private:
    QByteArray m_after;
    Context m_before = context();
    Context m_now = context();
    std::array<unsigned char, EVP_MAX_MD_SIZE> m_digest {};
};

/// The six digits that some digest of them, of their page or of the whole file gives away.
QByteArray guessed(const Handed& handed, const QByteArray& copy, qsizetype at)
{
    const QByteArray before = copy.left(at);
    const QByteArray after = copy.mid(at + 6);
    const qsizetype page = at / 4096 * 4096;
    std::vector<Guesses> all;
    all.emplace_back(EVP_sha256(), before, after);
    all.emplace_back(EVP_sha256(), before.mid(page), after.left(page + 4096 - at - 6));
    for (const EVP_MD* kind : {EVP_sha256(), EVP_sha1(), EVP_md5(), EVP_sha512()})
        all.emplace_back(kind, QByteArray(), QByteArray());
    for (int number = 0; number < 1000000; ++number) {
        const QByteArray guess = QByteArray::number(number).rightJustified(6, '0');
        for (Guesses& each : all) {
            const unsigned char* digest = each.of(guess);
            if (handed.holds(digest))
                return guess;
        }
        std::array<unsigned char, EVP_MAX_MD_SIZE> code {};
        unsigned size = 0;
        HMAC(EVP_sha256(), "", 0, reinterpret_cast<const unsigned char*>(guess.constData()),
             static_cast<size_t>(guess.size()), code.data(), &size);
        if (handed.holds(code.data()))
            return guess;
    }
    return {};
}

QByteArray sha256Of(const QByteArray& bytes)
{
    Guesses digest(EVP_sha256(), {}, {});
    return QByteArray(reinterpret_cast<const char*>(digest.of(bytes)), 32);
}

} // namespace

class CliSignTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_place = std::make_unique<Workplace>(); }
    void keygenMakesAKeyForItsOwnerAlone();
    void keygenNeverOverwrites();
    void aSignedCopyIsVerifiedByItsSigner();
    void anotherSignerOrNoneIsRefused();
    void everyChangedByteOfTheCertificateIsRefused();
    void sshKeygenVerifiesTheSame();
    void signsWithAKeyOfSshKeygen();
    void aWrongKeyIsToldBeforeTheWork();
    void sixDigitsCannotBeGuessedFromWhatIsShared();

private:
    Answer cli(std::initializer_list<const char*> arguments) const
    {
        return m_place->cli(arguments);
    }
    QString path(const char* name) const { return m_place->path(name); }
    bool signedCopy() const
    {
        return cli({"keygen", "key"}).code == 0
            && cli({"redact", "core", "-o", "copy", "--sign", "key"}).code == 0;
    }

    std::unique_ptr<Workplace> m_place;
};

void CliSignTest::keygenMakesAKeyForItsOwnerAlone()
{
    const Answer made = cli({"keygen", "key"});
    QCOMPARE(made.code, 0);
    struct stat status = {};
    QCOMPARE(stat(path("key").toUtf8().constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QVERIFY(!made.output.contains("PRIVATE"));
    // ssh-keygen reads both files and tells the same fingerprint.
    for (const char* name : {"key", "key.pub"}) {
        QProcess ssh;
        ssh.start(QStringLiteral("ssh-keygen"), {QStringLiteral("-lf"), path(name)});
        QVERIFY(ssh.waitForFinished());
        QCOMPARE(ssh.exitCode(), 0);
        const QByteArray fingerprint = ssh.readAllStandardOutput().split(' ').value(1);
        QVERIFY(fingerprint.startsWith("SHA256:"));
        QVERIFY(made.output.contains(fingerprint));
    }
    QCOMPARE(m_place->files(), list({"core", "key", "key.pub"}));
}

void CliSignTest::keygenNeverOverwrites()
{
    for (const char* name : {"key", "key.pub"}) {
        writeFile(path(name), "mine");
        const Answer answer = cli({"keygen", "key"});
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.errors.contains("exists already"));
        QCOMPARE(readFile(path(name)), QByteArray("mine"));
        QVERIFY(QFile::remove(path(name)));
        QCOMPARE(m_place->files(), list({"core"}));
    }
    QCOMPARE(cli({"keygen", "nowhere/key"}).code, 2);
}

void CliSignTest::aSignedCopyIsVerifiedByItsSigner()
{
    QCOMPARE(cli({"keygen", "key"}).code, 0);
    const Answer redacted
        = cli({"redact", "core", "-o", "copy", "--sign", "key", "--format", "json"});
    QCOMPARE(redacted.code, 0);
    const json signature = json::parse(redacted.output.toStdString())["signature"];
    QVERIFY(signature["key"].get<std::string>().starts_with("SHA256:"));
    QCOMPARE(signature["file"].get<std::string>(), std::string("copy.coredact.json.sig"));
    QCOMPARE(
        m_place->files(),
        list({"copy", "copy.coredact.json", "copy.coredact.json.sig", "core", "key", "key.pub"}));
    const Answer verified = cli({"verify", "copy", "--signer", "key.pub"});
    QCOMPARE(verified.code, 0);
    QVERIFY(verified.output.contains("is signed with the key that was given"));
    QVERIFY(verified.output.contains("Promise"));
    QVERIFY(!verified.errors.contains("not checked"));
    QCOMPARE(cli({"verify", "copy", "--signer", "key.pub", "--original", "core"}).code, 0);
    // Without --signer the copy is checked all the same, and that nobody looked is said.
    const Answer unasked = cli({"verify", "copy"});
    QCOMPARE(unasked.code, 0);
    QVERIFY(unasked.errors.contains("--signer"));
    QVERIFY(unasked.errors.contains("not checked, for want of a signature"));
    // The envelope is what DSSE says; its payload is the statement.
    const json envelope = json::parse(readFile(path("copy.coredact.json")).toStdString());
    QCOMPARE(envelope["payloadType"].get<std::string>(),
             std::string("application/vnd.in-toto+json"));
    const json statement = json::parse(
        QByteArray::fromBase64(QByteArray::fromStdString(envelope["payload"].get<std::string>()))
            .toStdString());
    QCOMPARE(statement["subject"][0]["name"].get<std::string>(), std::string("copy"));
}

void CliSignTest::anotherSignerOrNoneIsRefused()
{
    QVERIFY(signedCopy());
    QCOMPARE(cli({"keygen", "other"}).code, 0);
    const Answer other = cli({"verify", "copy", "--signer", "other.pub"});
    QCOMPARE(other.code, 4);
    QVERIFY(other.output.contains("VERIFICATION FAILED"));
    QVERIFY(!other.output.contains("Promise"));
    QCOMPARE(cli({"redact", "core", "-o", "unsigned"}).code, 0);
    QCOMPARE(cli({"verify", "unsigned", "--signer", "key.pub"}).code, 4);
    QVERIFY(QFile::remove(path("copy.coredact.json")));
    QCOMPARE(cli({"verify", "copy", "--signer", "key.pub"}).code, 2);
    QCOMPARE(cli({"verify", "unsigned", "--signer", "core"}).code, 2);
}

void CliSignTest::everyChangedByteOfTheCertificateIsRefused()
{
    QVERIFY(signedCopy());
    // tst_signature changes every byte; here the whole way, at some places.
    const QByteArray good = readFile(path("copy.coredact.json"));
    for (qsizetype at = 0; at < good.size(); at += good.size() / 12) {
        QByteArray bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        writeFile(path("copy.coredact.json"), bytes);
        QCOMPARE(cli({"verify", "copy", "--signer", "key.pub"}).code, 4);
    }
    writeFile(path("copy.coredact.json"), good + '\n');
    QCOMPARE(cli({"verify", "copy", "--signer", "key.pub"}).code, 4);
    writeFile(path("copy.coredact.json"), good);
    QCOMPARE(cli({"verify", "copy", "--signer", "key.pub"}).code, 0);
}

void CliSignTest::sshKeygenVerifiesTheSame()
{
    QVERIFY(signedCopy());
    writeFile(path("allowed"), "team@example.com " + readFile(path("key.pub")));
    const QStringList check = list({"-Y", "verify", "-f", "allowed", "-I", "team@example.com", "-n",
                                    "coredact", "-s", "copy.coredact.json.sig"});
    const QString certificate = path("copy.coredact.json");
    QCOMPARE(runWith(m_place->folder(), "ssh-keygen", check, certificate), 0);
    QCOMPARE(cli({"verify", "copy", "--signer", "allowed"}).code, 0);
    QByteArray bytes = readFile(certificate);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    writeFile(certificate, bytes);
    QVERIFY(runWith(m_place->folder(), "ssh-keygen", check, certificate) != 0);
}

void CliSignTest::signsWithAKeyOfSshKeygen()
{
    QCOMPARE(runWith(m_place->folder(), "ssh-keygen",
                     list({"-q", "-t", "ed25519", "-N", "", "-f", "theirs", "-C", "a comment"})),
             0);
    QCOMPARE(cli({"redact", "core", "-o", "copy", "--sign", "theirs"}).code, 0);
    QCOMPARE(cli({"verify", "copy", "--signer", "theirs.pub"}).code, 0);
}

void CliSignTest::aWrongKeyIsToldBeforeTheWork()
{
    QCOMPARE(runWith(m_place->folder(), "ssh-keygen",
                     list({"-q", "-t", "ed25519", "-N", "words words", "-f", "locked"})),
             0);
    QCOMPARE(runWith(m_place->folder(), "ssh-keygen",
                     list({"-q", "-t", "ecdsa", "-N", "", "-f", "curve"})),
             0);
    writeFile(path("text"), "no key");
    const QStringList before = m_place->files();
    for (const char* key : {"locked", "curve", "text", "core", "nowhere"}) {
        const Answer answer = cli({"redact", "core", "-o", "copy", "--sign", key});
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.errors.contains("key"));
        QCOMPARE(m_place->files(), before);
    }
}

/// F17: nothing that is shared lets anybody check a guess.
void CliSignTest::sixDigitsCannotBeGuessedFromWhatIsShared()
{
    const QByteArray digits = "482"
                              "913";
    QByteArray core = smallCore(noise(64 * 1024)); // all else in it is known to who guesses
    const qsizetype at = core.size() - 16;
    core.replace(at - 4, 14, "PIN=" + digits + "    ");
    writeFile(path("core"), core);
    writeFile(path("values"), digits + "\n");
    for (const char* fill : {"x", "token"}) {
        const QByteArray name = QByteArray("copy-") + fill;
        QCOMPARE(cli({"keygen", (name + "-key").constData()}).code, 0);
        QCOMPARE(cli({"redact", "core", "-o", name.constData(), "--fill", fill, "--secrets-from",
                      "values", "--sign", (name + "-key").constData()})
                     .code,
                 0);
        const QByteArray copy = readFile(path(name.constData()));
        QVERIFY(!copy.contains(digits));
        QVERIFY(copy.mid(at, 6) == "XXXXXX");
        Handed handed;
        const QByteArray envelope = readFile(path((name + ".coredact.json").constData()));
        handed.add(envelope);
        handed.add(QByteArray::fromBase64(QByteArray::fromStdString(
            json::parse(envelope.toStdString())["payload"].get<std::string>())));
        QByteArray signature = readFile(path((name + ".coredact.json.sig").constData()));
        handed.add(signature.replace('\n', ""));
        handed.add(readFile(path((name + "-key.pub").constData())));
        QCOMPARE(guessed(handed, copy, at), QByteArray());
        // The same search finds them where a digest of the original, or of a page, is shared.
        if (name != "copy-x")
            continue;
        const qsizetype page = at / 4096 * 4096;
        for (const QByteArray& digest : {sha256Of(core), sha256Of(core.mid(page, 4096))}) {
            Handed leaky;
            leaky.add("{\"sha256\": \"" + digest.toHex() + "\"}");
            QCOMPARE(guessed(leaky, copy, at), digits);
        }
    }
}

QTEST_GUILESS_MAIN(CliSignTest)
#include "tst_clisign.moc"
