// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/engineprocess.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coredact {
namespace {

/// What the engine gets of our environment: how its libraries are found, and how a sanitizer
/// reports. Variables with secrets stay out of it.
std::vector<std::string> engineEnvironment()
{
    std::vector<std::string> kept = {"LC_ALL=C.UTF-8"};
    for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(name))
            kept.push_back(std::string(name) + '=' + value);
    return kept;
}

constexpr int firstFree = 10; ///< above all numbers that the engine gets

class FileActions {
public:
    /// The numbers given must not be among those that the engine gets.
    FileActions(int socket, int cache)
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawn_file_actions_addopen(&m_actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&m_actions, 1, "/dev/null", O_WRONLY, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        posix_spawn_file_actions_addopen(&m_actions, 2, "/dev/null", O_WRONLY, 0);
#endif
        posix_spawn_file_actions_adddup2(&m_actions, socket, 3);
        if (cache >= 0)
            posix_spawn_file_actions_adddup2(&m_actions, cache, 4);
        posix_spawn_file_actions_addclosefrom_np(&m_actions, cache >= 0 ? 5 : 4);
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&m_actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    const posix_spawn_file_actions_t* pointer() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions = {};
};

class SpawnAttributes {
public:
    SpawnAttributes()
    {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_init(&m_attributes);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &all);
        posix_spawnattr_setpgroup(&m_attributes, 0);
        posix_spawnattr_setflags(&m_attributes,
                                 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
                                     | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnAttributes() { posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    const posix_spawnattr_t* pointer() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes = {};
};

std::string wordsFor(int status)
{
    if (WIFSIGNALED(status))
        return "it was killed by signal " + std::to_string(WTERMSIG(status)) + " ("
            + strsignal(WTERMSIG(status)) + ")";
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        return "it ended with status " + std::to_string(WEXITSTATUS(status));
    return "it ended by itself";
}

} // namespace

Result<EngineProcess> EngineProcess::start(const std::string& path, const Descriptor& socket)
{
    const Descriptor highSocket(fcntl(socket.number(), F_DUPFD_CLOEXEC, firstFree));
    if (!highSocket)
        return systemError("cannot start the engine", errno);
    const Descriptor cache = openRuleCache();
    const Descriptor highCache(cache ? fcntl(cache.number(), F_DUPFD_CLOEXEC, firstFree) : -1);
    const FileActions actions(highSocket.number(), highCache.number());
    const SpawnAttributes attributes;
    std::string name = path;
    const std::array<char*, 2> arguments = {name.data(), nullptr};
    std::vector<std::string> environment = engineEnvironment();
    std::vector<char*> variables;
    for (std::string& variable : environment)
        variables.push_back(variable.data());
    variables.push_back(nullptr);
    pid_t id = -1;
    const int error = posix_spawn(&id, path.c_str(), actions.pointer(), attributes.pointer(),
                                  arguments.data(), variables.data());
    if (error != 0) {
        Error failure = systemError("cannot start the engine " + path, error);
        failure.code = ErrorCode::Sandbox;
        return failure;
    }
    return EngineProcess(id);
}

EngineProcess::EngineProcess(EngineProcess&& other) noexcept
    : m_id(std::exchange(other.m_id, -1))
{
}

EngineProcess::~EngineProcess()
{
    if (m_id > 0)
        end(std::chrono::milliseconds(0));
}

std::string EngineProcess::end(std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    pid_t collected = 0;
    // No signal handler and no descriptor to wait on: both belong to the program around us.
    while ((collected = waitpid(m_id, &status, WNOHANG)) == 0
           && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (collected == 0) {
        kill(m_id, SIGKILL);
        do
            collected = waitpid(m_id, &status, 0);
        while (collected < 0 && errno == EINTR);
    }
    const bool known = collected == std::exchange(m_id, -1);
    return known ? wordsFor(status) : "it is gone";
}

} // namespace coredact
