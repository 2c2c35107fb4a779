// SPDX-License-Identifier: GPL-3.0-or-later
// A C++ program that waits while an exception passes through its frames: a destructor runs during
// the unwinding, and the token that is given as the first argument is in the exception's text, in
// strings on the stack and on the heap.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

struct WaitsWhenUnwound {
    std::string token;

    explicit WaitsWhenUnwound(std::string given)
        : token(std::move(given))
    {
    }
    ~WaitsWhenUnwound()
    {
        if (std::uncaught_exceptions() == 0)
            return;
        std::FILE* ready = std::fopen(std::getenv("COREDACT_READY"), "w");
        std::fputs("ready\n", ready);
        std::fclose(ready);
        for (;;)
            pause();
    }
};

[[gnu::noinline]] void connect(const std::string& token, int depth)
{
    const std::string header = "Authorization: Bearer " + token;
    if (depth == 0)
        throw std::runtime_error("refused: " + header);
    connect(token, depth - 1);
    std::puts(header.c_str());
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 2)
        return 2;
    std::map<std::string, std::string> settings {{"token", arguments[1]}};
    std::thread([] {
        for (;;)
            pause();
    }).detach();
    usleep(100'000);
    try {
        const WaitsWhenUnwound guard(settings["token"]);
        connect(guard.token, 3);
    } catch (const std::exception& failure) {
        std::puts(failure.what());
    }
    return 0;
}
