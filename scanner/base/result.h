// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace coredact {

enum class ErrorCode {
    System, ///< the operating system refused: open, read, write, link
    Truncated, ///< the file ends before what it promises
    Malformed, ///< the bytes contradict the format
    Unsupported, ///< understood, and not handled
    TooLarge, ///< a limit of ours was reached
    Changed, ///< the file is not the one that was looked at before
    Cancelled, ///< somebody asked to stop; an outcome, not a fault
    Refused, ///< a promise would be broken: an alias of the original, an existing target
    Usage, ///< what was asked for makes no sense
    Sandbox, ///< the engine died or may not do what was asked
};

/// Why something could not be done. The message names what and where in plain English, and
/// never quotes bytes of a dump; the position travels as data.
struct Error {
    ErrorCode code = ErrorCode::System;
    std::string message;
    std::optional<std::uint64_t> offset; ///< in the file, where one is to blame

    bool operator==(const Error&) const = default;
};

/// An error of the system from `errno`: "cannot open the folder: Permission denied".
Error systemError(std::string what, int errorNumber);

/// A value or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() &
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    const T& value() const&
    {
        assert(ok());
        return *std::get_if<0>(&m_state);
    }
    T&& value() &&
    {
        assert(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const
    {
        assert(!ok());
        return *std::get_if<1>(&m_state);
    }

private:
    std::variant<T, Error> m_state;
};

/// Done, or the reason why not.
class [[nodiscard]] Status {
public:
    Status() = default;
    Status(Error error)
        : m_error(std::move(error))
    {
    }

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const
    {
        assert(m_error.has_value());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace coredact
