// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watchstate.h"

#include "app/cli/reportfile.h"
#include "app/cli/watcher.h"
#include "scanner/io/digest.h"
#include "scanner/io/outputfile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <tuple>

#include <fcntl.h>
#include <sys/file.h>

namespace coredact::cli {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view schema = "coredact-watch/1";

Json timeJson(std::int64_t seconds, std::int64_t nanoseconds)
{
    return Json::array({seconds, nanoseconds});
}

template <typename T>
bool take(const Json& object, const char* name, T& into)
{
    const auto found = object.find(name);
    if (found == object.end())
        return false;
    if constexpr (std::is_same_v<T, std::string>) {
        if (!found->is_string())
            return false;
    } else if (!found->is_number_integer()) {
        return false;
    }
    into = found->template get<T>();
    return true;
}

bool takeTime(const Json& object, const char* name, std::int64_t& seconds, std::int64_t& nanoseconds)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array() || found->size() != 2
        || !(*found)[0].is_number_integer() || !(*found)[1].is_number_integer())
        return false;
    seconds = (*found)[0].get<std::int64_t>();
    nanoseconds = (*found)[1].get<std::int64_t>();
    return true;
}

Result<Descriptor> lockFor(const std::string& path)
{
    const std::string name = path + ".lock";
    Descriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock)
        return systemError("cannot write " + name, errno);
    if (flock(lock.number(), LOCK_EX | LOCK_NB) != 0)
        return Error {ErrorCode::Usage, "another watch uses the state file " + path, std::nullopt};
    return lock;
}

} // namespace

bool WatchState::Order::operator()(const FileIdentity& one, const FileIdentity& other) const
{
    const auto parts = [](const FileIdentity& file) {
        return std::tuple(file.device, file.inode, file.size, file.modifiedSeconds,
                          file.modifiedNanoseconds, file.changedSeconds, file.changedNanoseconds);
    };
    return parts(one) < parts(other);
}

WatchState::WatchState(std::string path, std::string purpose, Descriptor lock)
    : m_path(std::move(path))
    , m_purpose(std::move(purpose))
    , m_lock(std::move(lock))
{
}

Result<WatchState> WatchState::open(const std::string& path, std::string purpose)
{
    std::error_code error;
    std::filesystem::create_directories(folderOf(path), error);
    auto lock = lockFor(path);
    if (!lock)
        return lock.error();
    WatchState state(path, std::move(purpose), std::move(*lock));
    if (std::filesystem::exists(path, error)) {
        const auto text = readText(path, "the state", 256U << 20);
        if (!text)
            return text.error();
        if (const Status read = state.read(*text); !read)
            return read.error();
    }
    state.forgetGone();
    return state;
}

Status WatchState::read(const std::string& text)
{
    const Error damaged {ErrorCode::Malformed,
                         m_path + " is no state of coredact-cli watch; take it away to begin anew",
                         std::nullopt};
    const Json document = Json::parse(text, nullptr, false);
    if (!document.is_object() || document.value("schema", Json()) != schema
        || !document.value("files", Json()).is_array())
        return damaged;
    for (const Json& file : document["files"]) {
        FileIdentity identity;
        Work work;
        if (!file.is_object() || !take(file, "path", work.path)
            || !take(file, "purpose", work.purpose) || !take(file, "outcome", work.outcome)
            || !take(file, "failures", work.failures) || !take(file, "device", identity.device)
            || !take(file, "inode", identity.inode) || !take(file, "size", identity.size)
            || !takeTime(file, "modified", identity.modifiedSeconds, identity.modifiedNanoseconds)
            || !takeTime(file, "changed", identity.changedSeconds, identity.changedNanoseconds))
            return damaged;
        m_work[identity] = std::move(work);
    }
    return {};
}

std::string WatchState::text() const
{
    Json document {{"schema", schema}, {"files", Json::array()}};
    for (const auto& [identity, work] : m_work)
        document["files"].push_back(
            {{"path", work.path},
             {"purpose", work.purpose},
             {"outcome", work.outcome},
             {"failures", work.failures},
             {"device", identity.device},
             {"inode", identity.inode},
             {"size", identity.size},
             {"modified", timeJson(identity.modifiedSeconds, identity.modifiedNanoseconds)},
             {"changed", timeJson(identity.changedSeconds, identity.changedNanoseconds)}});
    return document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

void WatchState::forgetGone()
{
    // Names that are no UTF-8 cannot be written to JSON as they are, so they cannot be looked up.
    constexpr std::string_view replaced = "\xef\xbf\xbd";
    std::erase_if(m_work, [&](const auto& each) {
        return each.second.path.find(replaced) == std::string::npos
            && identityOf(each.second.path) != std::optional(each.first);
    });
    m_forgetAt = std::max<std::size_t>(1024, 2 * m_work.size());
}

Status WatchState::save()
{
    if (m_work.size() >= m_forgetAt)
        forgetGone();
    return writeReport(m_path, text(), {});
}

const WatchState::Work* WatchState::find(const FileIdentity& file) const
{
    const auto found = m_work.find(file);
    return found != m_work.end() && found->second.purpose == m_purpose ? &found->second : nullptr;
}

bool WatchState::done(const FileIdentity& file) const
{
    const Work* work = find(file);
    return work && (work->failures == 0 || work->failures >= attempts);
}

unsigned WatchState::failures(const FileIdentity& file) const
{
    const Work* work = find(file);
    return work ? work->failures : 0;
}

Status WatchState::recordDone(const FileIdentity& file, const std::string& path, int outcome)
{
    m_work[file] = {path, m_purpose, outcome, 0};
    return save();
}

Status WatchState::recordFailure(const FileIdentity& file, const std::string& path)
{
    m_work[file] = {path, m_purpose, 2, failures(file) + 1};
    return save();
}

std::string defaultStatePath(const std::vector<std::string>& folders)
{
    std::vector<std::string> sorted;
    for (const std::string& folder : folders) {
        std::error_code error;
        sorted.push_back(std::filesystem::weakly_canonical(folder, error).string());
    }
    std::sort(sorted.begin(), sorted.end());
    std::string all;
    for (const std::string& folder : sorted)
        all += folder + '\0';
    const std::string name = "watch-" + sha256(asBytes(all)).substr(0, 16) + ".json";
    const auto variable = [](const char* of) {
        const char* value = std::getenv(of);
        return std::string(value ? value : "");
    };
    // systemd gives several folders with colons between them; the first is the state's.
    if (const std::string unit = variable("STATE_DIRECTORY"); !unit.empty())
        return unit.substr(0, unit.find(':')) + "/" + name;
    if (const std::string state = variable("XDG_STATE_HOME"); !state.empty())
        return state + "/coredact/" + name;
    if (const std::string home = variable("HOME"); !home.empty())
        return home + "/.local/state/coredact/" + name;
    return {};
}

} // namespace coredact::cli
