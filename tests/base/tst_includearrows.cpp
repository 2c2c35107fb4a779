// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

/// What each folder may include besides itself: scanner/README.md, "Rooms".
const std::map<std::string, Names> Arrows {
    {"scanner/base", {}},
    {"scanner/io", {"scanner/base"}},
    {"scanner/dump", {"scanner/base", "scanner/io"}},
    {"scanner/formats", {"scanner/base", "scanner/io", "scanner/dump"}},
    {"scanner/rules", {"scanner/base", "scanner/io", "scanner/dump"}},
    {"scanner/scan", {"scanner/base", "scanner/io", "scanner/dump", "scanner/rules"}},
    {"scanner/triage", {"scanner/base", "scanner/io", "scanner/scan"}},
    {"scanner/redact",
     {"scanner/base", "scanner/io", "scanner/dump", "scanner/formats", "scanner/rules",
      "scanner/scan", "scanner/triage"}},
    {"scanner/report",
     {"scanner/base", "scanner/io", "scanner/dump", "scanner/rules", "scanner/scan",
      "scanner/triage", "scanner/redact"}},
    {"scanner/sandbox", {"scanner/base"}},
    {"scanner/client",
     {"scanner/base", "scanner/io", "scanner/dump", "scanner/rules", "scanner/scan",
      "scanner/triage", "scanner/redact"}},
    {"app/engine", {"scanner"}},
    {"app/cli", {"scanner"}},
    {"models", {"scanner"}},
    {"widgets", {"scanner", "models"}},
    {"app/desktop", {"scanner", "models", "widgets"}},
};

/// Single headers that hold value types only, and who else may include them.
const std::map<std::string, Names> ValueHeaders {
    {"scanner/scan/finding.h", {"scanner/rules"}},
    {"scanner/scan/window.h", {"scanner/rules"}},
    {"scanner/redact/verify.h", {"scanner/sandbox"}},
    {"scanner/client/client.h", {"scanner/report"}},
    {"scanner/client/protocol.h", {"scanner/report"}},
};

const Names FoldersWithoutQt {"scanner", "app/engine", "app/cli"};

fs::path top()
{
    return COREDACT_SOURCE_DIR;
}

bool begins(const std::string& text, const std::string& with)
{
    return text.compare(0, with.size(), with) == 0
        && (text.size() == with.size() || text[with.size()] == '/');
}

/// The key of `Arrows` that a path belongs to; "" for one that has none.
std::string folderOf(const std::string& path)
{
    for (const auto& [folder, targets] : Arrows)
        if (begins(path, folder))
            return folder;
    return {};
}

struct Include {
    std::string from; ///< path of the file
    std::string target; ///< as written
    bool ours; ///< with quotes
};

std::vector<Include> allIncludes()
{
    static const std::regex line(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
    std::vector<Include> includes;
    for (const char* folder : {"scanner", "models", "widgets", "app"}) {
        for (const auto& file : fs::recursive_directory_iterator(top() / folder)) {
            const std::string extension = file.path().extension().string();
            if (extension != ".h" && extension != ".cpp")
                continue;
            std::ifstream in(file.path());
            std::smatch match;
            for (std::string text; std::getline(in, text);)
                if (std::regex_match(text, match, line))
                    includes.push_back({fs::relative(file.path(), top()).generic_string(),
                                        match[2].str(), match[1] == "\""});
        }
    }
    return includes;
}

bool allowed(const std::string& from, const std::string& target)
{
    const std::string folder = folderOf(from);
    if (folder == folderOf(target))
        return true;
    const Names& targets = Arrows.at(folder);
    if (std::any_of(targets.begin(), targets.end(),
                    [&](const std::string& t) { return begins(target, t); }))
        return true;
    const auto header = ValueHeaders.find(target);
    return header != ValueHeaders.end() && header->second.count(folder) != 0;
}

} // namespace

class TestIncludeArrows : public QObject {
    Q_OBJECT
private slots:
    void everyFolderHasArrows();
    void noArrowPointsTheWrongWay();
    void onlyTheWindowKnowsQt();
    void arrowsHaveNoCycle();
    void noticesAWrongArrow();
};

void TestIncludeArrows::everyFolderHasArrows()
{
    for (const Include& include : allIncludes())
        QVERIFY2(!folderOf(include.from).empty(), include.from.c_str());
}

void TestIncludeArrows::noArrowPointsTheWrongWay()
{
    std::size_t looked = 0;
    for (const Include& include : allIncludes()) {
        // A name without a folder of ours is a file beside the including one, or made.
        if (!include.ours || folderOf(include.target).empty() || folderOf(include.from).empty())
            continue;
        ++looked;
        QVERIFY2(allowed(include.from, include.target),
                 (include.from + " includes " + include.target).c_str());
    }
    QVERIFY(looked > 100);
}

void TestIncludeArrows::onlyTheWindowKnowsQt()
{
    static const std::regex qt(R"(^(Q[A-Z].*|Qt.*/.*|KSyntaxHighlighting/.*|q[a-z]+\.h)$)");
    for (const Include& include : allIncludes()) {
        const bool without
            = std::any_of(FoldersWithoutQt.begin(), FoldersWithoutQt.end(),
                          [&](const std::string& folder) { return begins(include.from, folder); });
        QVERIFY2(!without || include.ours || !std::regex_match(include.target, qt),
                 (include.from + " includes " + include.target).c_str());
    }
}

void TestIncludeArrows::arrowsHaveNoCycle()
{
    // Rooms can be put in a row so that each includes only those before it.
    Names done;
    for (std::size_t round = 0; round < Arrows.size(); ++round)
        for (const auto& [folder, targets] : Arrows)
            if (std::all_of(targets.begin(), targets.end(), [&](const std::string& target) {
                    return target == "scanner" || done.count(target) != 0;
                }))
                done.insert(folder);
    QCOMPARE(done.size(), Arrows.size());
}

void TestIncludeArrows::noticesAWrongArrow()
{
    QVERIFY(!allowed("scanner/io/source.cpp", "scanner/dump/dump.h"));
    QVERIFY(!allowed("scanner/rules/rule.h", "scanner/scan/scan.h"));
    QVERIFY(!allowed("scanner/report/json.cpp", "models/document.h"));
    QVERIFY(!allowed("app/cli/main.cpp", "models/document.h"));
    QVERIFY(!allowed("models/document.cpp", "widgets/hexview/hexview.h"));
    QVERIFY(allowed("scanner/rules/rule.h", "scanner/scan/finding.h"));
    QVERIFY(allowed("app/desktop/main.cpp", "widgets/hexview/hexview.h"));
}

QTEST_GUILESS_MAIN(TestIncludeArrows)
#include "tst_includearrows.moc"
