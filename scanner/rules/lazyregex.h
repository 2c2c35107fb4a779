// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <re2/re2.h>

namespace coredact {

/// An expression that is compiled when it is first asked for: of some hundred rules a dump needs a
/// few. Any thread; `text` must be an expression that compiles.
class LazyRegex {
public:
    explicit LazyRegex(std::string text)
        : m_text(std::move(text))
    {
    }

    const re2::RE2& operator*() const
    {
        std::call_once(m_once,
                       [this] { m_regex = std::make_unique<const re2::RE2>(m_text, options()); });
        return *m_regex;
    }
    const re2::RE2* operator->() const { return &**this; }

    /// Any byte is a character.
    static re2::RE2::Options options()
    {
        re2::RE2::Options options;
        options.set_encoding(re2::RE2::Options::EncodingLatin1);
        options.set_log_errors(false);
        return options;
    }

private:
    std::string m_text;
    mutable std::once_flag m_once;
    mutable std::unique_ptr<const re2::RE2> m_regex;
};

} // namespace coredact
