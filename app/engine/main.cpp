// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/session.h"
#include "scanner/sandbox/sandbox.h"

#include <csignal>
#include <cstdio>
#include <string_view>

#include <openssl/crypto.h>
#include <sys/stat.h>

#if defined(__SANITIZE_ADDRESS__)
/// Looking for lost memory at the end needs ptrace, which the sandbox forbids.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options()
{
    return "detect_leaks=0";
}
#endif

namespace {

using namespace coredact;

constexpr int conversationSocket = 3;
constexpr int ruleCache = 4; ///< a regular file, or nothing

enum ExitStatus { Done = 0, ChecksFailed = 1, WrongUse = 2, BadMessage = 3 };

/// What would open files or load code later is done, or switched off, before the door closes.
std::vector<std::string> settleDown()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    return sandbox::enter();
}

int checkSandbox()
{
    bool passed = true;
    for (const std::string& gap : settleDown())
        std::printf("not available: %s\n", gap.c_str());
    for (const Check& check : sandbox::selfTest()) {
        std::printf("%s: %s (%s)\n", check.passed ? "passed" : "FAILED", check.name.c_str(),
                    check.detail.c_str());
        passed = passed && check.passed;
    }
    return passed ? Done : ChecksFailed;
}

bool isSocket(int descriptor)
{
    struct stat status = {};
    return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

bool isRegularFile(int descriptor)
{
    struct stat status = {};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

int serve()
{
    std::vector<std::string> gaps = settleDown();
    engine::Conversation conversation {Descriptor(conversationSocket)};
    engine::Session session(conversation, std::move(gaps),
                            Descriptor(isRegularFile(ruleCache) ? ruleCache : -1));
    while (true) {
        auto incoming = conversation.next();
        // The front end is gone: whatever runs is for nobody. Nothing of it is on a disk.
        if (!incoming || !*incoming)
            _exit(incoming ? Done : BadMessage);
        session.handle(std::move(**incoming));
    }
}

} // namespace

int main(int count, char** arguments)
{
    const std::string_view option = count > 1 ? arguments[1] : "";
    if (option == "--version") {
        std::printf("coredact-engine %s\n", COREDACT_VERSION);
        return Done;
    }
    if (option == "--sandbox-check")
        return checkSandbox();
    if (count > 1 || !isSocket(conversationSocket)) {
        std::fputs("coredact-engine is started by coredact and coredact-cli.\n"
                   "By hand: coredact-engine --sandbox-check | --version\n",
                   stderr);
        return WrongUse;
    }
    return serve();
}
