// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

/// What the test and the interposer in each of the programs share: a file that all map.
namespace coredact::faults {

enum Call : std::uint32_t { Write, Sync, Link, Truncate, MakeFile, Read, Calls };
enum Action : std::uint32_t {
    Count, ///< only count
    Fail, ///< with `error`
    Shorten, ///< half of the bytes; of one byte nothing is taken away
    Wait, ///< until `released`, or until the process is killed
};
enum Program : std::uint32_t { Any, FrontEnd, Engine };

struct Control {
    std::atomic<std::uint32_t> call; ///< the kind that is meant
    std::atomic<std::uint32_t> program;
    std::atomic<std::uint32_t> action;
    std::atomic<std::int32_t> error;
    std::atomic<std::uint32_t> at; ///< the nth call of that kind in these programs, from 1
    std::atomic<std::uint32_t> onwards; ///< 1: that call and all after it
    std::atomic<std::uint32_t> counted;
    std::atomic<std::uint32_t> reached; ///< 1: the nth call came
    std::atomic<std::int32_t> waiting; ///< process that waits
    std::atomic<std::uint32_t> released;
};

inline constexpr const char* variable = "COREDACT_TEST_FAULTS";

} // namespace coredact::faults
