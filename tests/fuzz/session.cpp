// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/triage/session.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memoryfile.h"

#include <cstdio>
#include <filesystem>

#include <fcntl.h>

namespace coredact::test {

namespace {

/// A folder of this process, gone with it.
class Folder {
public:
    Folder()
    {
        std::string name = std::filesystem::temp_directory_path() / "coredact-fuzz-XXXXXX";
        require(mkdtemp(name.data()) != nullptr, "there is a folder to work in");
        m_path = name;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

const DumpKey key {std::string(64, 'a'), 123456};

/// A session that opens answers every question, with values that keep their contracts or with an
/// error, and takes a decision.
void look(Session& session)
{
    require(session.dump().sha256.size() == 64, "a session is bound to a digest");
    if (const auto verdicts = session.verdicts())
        for (const StoredVerdict& verdict : *verdicts)
            require(verdict.place.has_value(), "a session's verdict has a place");
    (void)session.bookmarks();
    (void)session.lastPosition();
    (void)session.addBookmark({*FileRange::make(1, 2), "here"});
    (void)session.setLastPosition(7);
}

void fuzz(ByteView input)
{
    static const Folder folder;
    const std::string path = folder.file("session");
    const Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    writeAt(file.number(), 0, input);
    if (auto session = Session::openExisting(path))
        look(*session);
    std::filesystem::remove(folder.file("session-journal"));
}

std::vector<std::vector<std::uint8_t>> seeds()
{
    const Folder folder;
    const std::string path = folder.file("seed");
    {
        auto session = Session::open(path, key);
        Finding finding;
        finding.id = "f1";
        finding.rule = "some-rule";
        finding.occurrences = {{"raw", "[heap]", {{*FileRange::make(16, 20), std::nullopt}}}};
        require(session && session->record(finding, {Verdict::Keep, Reason::TestData, "why"})
                    && session->addBookmark({*FileRange::make(5, 6), "here"})
                    && session->setLastPosition(4096),
                "a session is written");
    }
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return {contents(file.number())};
}

} // namespace

extern const FuzzTarget sessionTarget;
const FuzzTarget sessionTarget {"session", fuzz, seeds};

} // namespace coredact::test
