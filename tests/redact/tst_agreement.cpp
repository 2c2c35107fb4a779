// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/needles.h"
#include "scanner/scan/propagate.h"

#include "tests/redact/planting.h"
#include "tests/scan/writings.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// Of the characters of an alphabet.
QByteArray randomOf(const QByteArray& alphabet, unsigned seed, int size)
{
    std::mt19937 random(seed);
    QByteArray text;
    for (int i = 0; i < size; ++i)
        text.append(alphabet[qsizetype(random()) % alphabet.size()]);
    return text;
}

/// A value as programs hold them: a token, a URL, a JWT, words, a key, DER, base64 in a PEM block,
/// hex; a short word; letters only, of one case and of two; numbers as people write them; a key in
/// base64; a word, and several.
SecretValue valueOf(unsigned kind, unsigned seed)
{
    const QByteArray token = randomText(seed, 12 + int(seed % 40));
    const QByteArray der = QByteArray::fromHex("3081850201010420") + randomKey(seed, 32)
        + QByteArray::fromHex("a144034200") + randomKey(seed + 1, 66);
    switch (kind) {
    case 0:
        return secret(token);
    case 1:
        return secret("postgresql://application:" + token.left(9) + "@db.internal:5432/orders?x=1");
    case 2:
        return secret(QByteArray("{\"alg\":\"HS256\"}").toBase64(QByteArray::Base64UrlEncoding)
                      + "." + QByteArray("{\"sub\":\"1234567890\",\"name\":\"J\"}").toBase64() + "."
                      + token);
    case 3:
        return secret("Correct-Horse battery staple " + QByteArray::number(seed % 1000));
    case 4:
        return secret(randomKey(seed, 16 + int(seed % 5) * 16), ValueForm::Binary);
    case 5:
        return secret(randomKey(seed, 33 + int(seed % 100)), ValueForm::Number);
    case 6:
        return secret(der, ValueForm::Binary);
    case 7:
        return secret("-----BEGIN EC PRIV"
                      "ATE KEY-----\n"
                      + der.toBase64().left(64) + "\n" + der.toBase64().mid(64)
                      + "\n-----END EC PRIV"
                        "ATE KEY-----\n");
    case 8:
        return secret(randomKey(seed, 20).toHex());
    case 9:
        return secret(token.left(5 + int(seed % 3)));
    case 10:
        return secret(randomOf("abcdefghijklmnopqrstuvwxyz", seed, 8 + int(seed % 25)));
    case 11:
        return secret(randomOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", seed,
                               8 + int(seed % 25)));
    case 12:
        return secret(randomOf("0123456789", seed, 4 + int(seed % 9)) + (seed % 2 ? "-" : " ")
                      + randomOf("0123456789", seed + 1, 4));
    case 13:
        return secret(randomKey(seed, 8 + int(seed * 7 % 60)).toBase64());
    case 14:
        return secret(
            QByteArray("hunterwinter&summer!<sunshine>").mid(int(seed % 5), 8 + int(seed % 22)));
    default:
        return secret(
            QByteArray("the-quick-brown-fox-jumps-over-the-lazy-dog-and-runs-from-bears-all-day")
                .mid(int(seed % 9), 16 + int(seed * 5 % 50)));
    }
}

constexpr unsigned kinds = 16;

/// Every way to write anything that either search knows.
const QList<NamedWriting>& writings()
{
    static const QList<NamedWriting> all = widened(longTextWritings() + numberWritings());
    return all;
}

} // namespace

class TestAgreement : public QObject {
    Q_OBJECT

    /// Whatever stood there is filled to its last byte; but of wide text beside zeros, which reads
    /// in both byte orders.
    static void checkFilled(ByteView bytes, std::size_t at, const Needles::Match& match,
                            const std::vector<bool>& filled, unsigned seed)
    {
        for (std::size_t i = at; i < at + match.size; ++i)
            if (!filled[i]
                && !(bytes[i] == 0 && match.encoding.find("utf-") != std::string_view::npos))
                qFatal("seed %u, offset %zu: value %zu is filled in part, as %s", seed, i,
                       match.value, std::string(match.encoding).c_str());
    }

    /// Redacts the copies and tells how many needles stood in the bytes before.
    static std::size_t compare(const QByteArray& bytes, const std::vector<SecretValue>& values,
                               unsigned seed)
    {
        PlantedFile file(bytes);
        std::vector<bool> filled(static_cast<std::size_t>(bytes.size()) + 1, false);
        const auto copies = findCopies(file.source(), file.dump(), values, {1}, JobControl());
        for (const Copy& copy : *copies) {
            for (const FileRange& piece : copy.pieces) {
                file.plant(static_cast<qsizetype>(piece.first()),
                           QByteArray(static_cast<qsizetype>(piece.size()), '\x01'));
                std::fill_n(filled.begin() + static_cast<std::ptrdiff_t>(piece.first()),
                            piece.size(), true);
            }
        }
        const Needles needles(values);
        std::size_t seen = 0;
        for (std::size_t at = 0; at < view(bytes).size(); ++at) {
            if (const auto before = needles.at(view(bytes), at)) {
                ++seen;
                checkFilled(view(bytes), at, *before, filled, seed);
            }
            const auto match = needles.at(view(file.bytes()), at);
            if (!match)
                continue;
            // A fill may complete a window, or set a text free, by chance.
            const auto first
                = filled.begin() + static_cast<std::ptrdiff_t>(at - std::min(at, match->beside));
            const auto last = filled.begin()
                + static_cast<std::ptrdiff_t>(
                                  std::min(at + match->size + match->beside, filled.size()));
            if (std::find(first, last, true) == last)
                qFatal("seed %u, offset %zu: part of value %zu is left as %s", seed, at,
                       match->value, std::string(match->encoding).c_str());
        }
        return seen;
    }

private slots:
    /// What the search for copies leaves, the independent search of the verification must accept:
    /// else an honest copy could not be handed on. Whole values and pieces of them, in every
    /// encoding, beside one another, in zeros, words or random bytes.
    void leavesNothingThatTheVerificationTellsOf_data()
    {
        QTest::addColumn<unsigned>("kind");
        for (unsigned kind = 0; kind < kinds; ++kind)
            QTest::addRow("kind %u", kind) << kind;
    }
    void leavesNothingThatTheVerificationTellsOf()
    {
        QFETCH(const unsigned, kind);
        std::size_t seen = 0;
        for (unsigned seed = 1; seed <= 12; ++seed) {
            std::mt19937 random(seed * 100 + kind);
            const std::vector values {valueOf(kind, seed),
                                      valueOf(unsigned(random()) % kinds, seed + 50)};
            QByteArray bytes;
            while (bytes.size() < 60000) {
                const SecretBytes& value = values[random() % 2].value;
                const QByteArray whole(reinterpret_cast<const char*>(value.data()),
                                       static_cast<qsizetype>(value.size()));
                const auto begin = random() % 3 == 0 ? 0 : qsizetype(random()) % whole.size();
                const auto size = random() % 3 == 0 ? whole.size() : qsizetype(random() % 30);
                bytes += writings()[qsizetype(random()) % writings().size()].second(
                    whole.mid(begin, size));
                const int gap = int(random() % 40);
                switch (random() % 4) {
                case 0:
                    bytes += QByteArray(gap, '\0');
                    break;
                case 1:
                    bytes += randomKey(unsigned(random()), gap);
                    break;
                case 2:
                    bytes += QByteArray(" the password of the user is ").left(gap);
                    break;
                default:
                    break;
                }
            }
            seen += compare(bytes, values, seed);
        }
        QVERIFY(seen > 0);
    }

    /// Between letters a word is left, but not one that is none when it is turned round.
    void agreesOfAWordTurnedRound()
    {
        const std::vector values {secret("saizv"
                                         "dov")};
        QVERIFY(compare("bytes%vodv" + QByteArray("ziasg%bytes"), values, 1) > 0);
    }
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
