// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/rules/detector.h"

#include <QTest>

using namespace coredact;

namespace coredact {
extern const Detector widesecretsDetector;
}

namespace {

class SamePlaces : public PositionMap {
public:
    std::vector<FileRange> fileRanges(std::size_t begin, std::size_t end) const override
    {
        return {*FileRange::make(2 * begin, 2 * (end - begin))};
    }
};

class Texts : public MatchSink {
public:
    explicit Texts(const std::string& all)
        : m_all(all)
    {
    }
    void add(Match match) override
    {
        const Span span = match.spans.front();
        texts.push_back(m_all.substr(span.begin, span.end - span.begin));
    }
    std::vector<std::string> texts;

private:
    const std::string& m_all;
};

/// What is told of a narrowed view, in which a byte that is no text stands between the runs. The
/// fresh part ends after `cut` and the rest is a window of its own.
std::vector<std::string> toldIn(const std::string& view, std::string_view encoding = "utf-16le",
                                std::size_t cut = 0)
{
    const SamePlaces map;
    Texts sink(view);
    for (const auto& [begin, end] : {std::pair {std::size_t {0}, cut}, {cut, view.size()}})
        widesecretsDetector.scan({asBytes(view), begin, end, &map, encoding}, sink);
    return sink.texts;
}

} // namespace

/// Passwords in wide characters that nothing names.
class WideSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void findsTextsThatStandAlone();
    void looksAtTwoEncodingsOnly();
    void eachIsToldOnceWhereverWindowsEnd();
    void wordsOfSentencesAreNone();
    void tablesOfNumbersAreNone();

private:
    const std::string m_chosen = "Walrusribbon" + std::to_string(17) + "!";
    const std::string m_generated = std::string("T6eoC6NSgx9") + "KexH5U3vQ";
};

void WideSecretsTest::findsTextsThatStandAlone()
{
    const std::vector<std::string> expected {m_chosen, m_generated};
    QCOMPARE(toldIn(std::string(1, 0) + m_chosen + std::string(1, 0) + "a name" + std::string(1, 0)
                    + m_generated),
             expected);
    for (const char* encoding : {"utf-16le", "utf-32le"})
        QCOMPARE(toldIn(m_chosen + std::string(1, 0) + m_generated + std::string(1, 0), encoding),
                 expected);
}

void WideSecretsTest::looksAtTwoEncodingsOnly()
{
    for (const char* encoding : {"raw", "utf-16be", "base64+utf-16le", "utf-32be"})
        QCOMPARE(toldIn(m_chosen, encoding), std::vector<std::string> {});
}

void WideSecretsTest::eachIsToldOnceWhereverWindowsEnd()
{
    const std::string view
        = std::string(3, 0) + m_chosen + std::string(2, 0) + m_generated + std::string(3, 0);
    for (std::size_t cut = 0; cut <= view.size(); ++cut) {
        const std::vector<std::string> expected {m_chosen, m_generated};
        QCOMPARE(toldIn(view, "utf-16le", cut), expected);
    }
}

void WideSecretsTest::wordsOfSentencesAreNone()
{
    for (const std::string& text :
         {"the " + m_chosen, m_chosen + " is it", std::string("Walrus17"), std::string("walrus!"),
          std::string("PropertyChanged"), std::string("SHA256withRSA"),
          m_generated + m_generated + m_generated + m_generated + m_generated + m_generated
              + m_generated})
        QCOMPARE(toldIn(std::string(1, 0) + text + std::string(1, 0)), std::vector<std::string> {});
}

/// As they stand in fonts, alphabets and lists of sizes.
void WideSecretsTest::tablesOfNumbersAreNone()
{
    for (const char* text :
         {"vBwcXdyeZfBQvGwhXiyjZkBO", "ZZ9WW4PpFFf99kKQQx", "mGBBilni4BFFFFFFF5888q8p88lLrs8",
          "555AgKBGdHHIKR7xQ2Lz", "ZZWWPPFF99++", "B-C6EBFIISJ^LhMjOpQ", "B$D4FDIUKfNvPK"})
        QCOMPARE(toldIn(std::string(1, 0) + text + std::string(1, 0)), std::vector<std::string> {});
}

QTEST_APPLESS_MAIN(WideSecretsTest)
#include "tst_widesecrets.moc"
