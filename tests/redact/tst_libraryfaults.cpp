// SPDX-License-Identifier: GPL-3.0-or-later
#include "failinglibraries.h"
#include "nthfailure.h"

#include "scanner/redact/commitment.h"
#include "scanner/redact/signingkey.h"
#include "scanner/redact/token.h"
#include "scanner/redact/unpackedsearch.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

namespace {

/// All bytes at once.
class AtOnce : public PackedBytes {
public:
    explicit AtOnce(const QByteArray& bytes)
        : m_bytes(bytes)
    {
    }
    Result<ByteView> next() override { return view(std::exchange(m_bytes, {})); }

private:
    QByteArray m_bytes;
};

/// Where only work that went well may come to: an empty salt or code looks like any other.
void nothingHasFailed()
{
    if (NthFailure::failed)
        qFatal("what a failed call left was used");
}

SigningKey newKey()
{
    auto key = SigningKey::make();
    if (!key)
        qFatal("no key");
    return std::move(*key);
}

} // namespace

/// OpenSSL fails, or a library that unpacks has no memory, at the nth call for each n, once and
/// from then on: nothing comes out that looks as if all had gone well.
class TestLibraryFaults : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { failingLibrary = Library::None; }

    void noTokenIsMadeWithoutAKeyOrACode_data() { rows({Library::Random, Library::Digest}); }
    void noTokenIsMadeWithoutAKeyOrACode()
    {
        eachFailure([] {
            const std::string made = TokenMaker().token("a secret", 16);
            nothingHasFailed();
            return made.size() == 16;
        });
    }

    void noSaltAndNoCommitmentIsMade_data() { rows({Library::Random, Library::Digest}); }
    void noSaltAndNoCommitmentIsMade()
    {
        eachFailure([] {
            const std::string made = commitment(freshSalt(), "digest");
            nothingHasFailed();
            return made.size() == 64;
        });
    }

    void noKeyIsMadeOrWritten_data() { rows({Library::Random, Library::Signature}); }
    void noKeyIsMadeOrWritten()
    {
        eachFailure([] {
            const auto key = SigningKey::make();
            if (!key && key.error().message.empty())
                qFatal("an error says nothing");
            if (!key)
                return false;
            const SecretBytes text = key->fileText();
            nothingHasFailed();
            return !text.empty();
        });
    }

    void noSignatureIsMade_data() { rows({Library::Signature}); }
    void noSignatureIsMade()
    {
        const SigningKey key = newKey();
        const Signature expected = key.sign(asBytes("a statement"));
        eachFailure([&] {
            const Signature made = key.sign(asBytes("a statement"));
            nothingHasFailed();
            return made == expected;
        });
    }

    void aSignatureThatCannotBeCheckedIsNotRight_data() { rows({Library::Signature}); }
    void aSignatureThatCannotBeCheckedIsNotRight()
    {
        const SigningKey key = newKey();
        const Signature signature = key.sign(asBytes("a statement"));
        eachFailure([&] {
            const bool right = key.publicKey().verifies(asBytes("a statement"), signature);
            if (right && NthFailure::failed)
                qFatal("a signature passed that was not checked");
            return right;
        });
    }

    /// Else the verification would take a stream that it has no memory for as a damaged one.
    void aStreamThatThereIsNoMemoryForIsNotPassedOver_data()
    {
        QTest::addColumn<Library>("library");
        QTest::addColumn<bool>("always");
        QTest::addColumn<QByteArray>("codec");
        for (const char* const codec : {"gzip", "zlib", "zstd", "lz4", "xz", "bzip2", "zip"})
            for (const bool always : {false, true})
                QTest::addRow("%s, %s", codec, always ? "from then on" : "once")
                    << Library::Unpacking << always << QByteArray(codec);
    }
    void aStreamThatThereIsNoMemoryForIsNotPassedOver()
    {
        QFETCH(const QByteArray, codec);
        const QByteArray value = randomText(31, 40);
        const std::vector values {secret(value)};
        const Needles needles(values);
        const QByteArray plain = randomText(32, 70'000) + "\n\"" + value + "\"\n";
        const QByteArray stream
            = QByteArray::fromStdString(packed(codec.toStdString(), plain.toStdString()));
        eachFailure([&] {
            AtOnce bytes(stream);
            const auto seen = UnpackedSearch(needles, 0).look(bytes);
            if (NthFailure::failed)
                qFatal("a stream was searched without memory for it");
            return seen && seen->left;
        });
    }

private:
    static void rows(std::initializer_list<Library> libraries)
    {
        QTest::addColumn<Library>("library");
        QTest::addColumn<bool>("always");
        constexpr std::array names {"none", "random numbers", "digests", "signatures", "unpacking"};
        for (const Library library : libraries)
            for (const bool always : {false, true})
                QTest::addRow("%s, %s", names[static_cast<std::size_t>(library)],
                              always ? "from then on" : "once")
                    << library << always;
    }

    template <typename Work> static void eachFailure(Work work)
    {
        QFETCH(const Library, library);
        QFETCH(const bool, always);
        failingLibrary = library;
        untilItSucceeds(always, work);
    }
};

QTEST_APPLESS_MAIN(TestLibraryFaults)
#include "tst_libraryfaults.moc"
