// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/base/bytes.h"
#include "scanner/rules/keys/tablestrings.h"

#include <optional>

namespace coredact {

/// Reads texts whose addresses grow: each page once. `memory` must outlive it.
class TextPages {
public:
    explicit TextPages(const MemoryReader& memory)
        : m_memory(memory)
    {
    }

    /// Nothing where it is not saved. Good until the next call.
    std::optional<ByteView> at(const TextPlace& place)
    {
        const std::uint64_t page = place.address & ~std::uint64_t {pageSize - 1};
        const auto inside = static_cast<std::size_t>(place.address - page);
        const auto size = static_cast<std::size_t>(place.size);
        if (page != m_page) {
            m_page = page;
            m_isSaved = m_memory.read(page, m_bytes);
        }
        if (m_isSaved && size <= pageSize - inside)
            return ByteView(m_bytes).subspan(inside, size);
        m_text.resize(size);
        return m_memory.read(place.address, m_text) ? std::optional<ByteView>(m_text)
                                                    : std::nullopt;
    }

private:
    static constexpr std::size_t pageSize = 4096;
    const MemoryReader& m_memory;
    std::uint64_t m_page = 1; ///< of none
    bool m_isSaved = false;
    SecretBytes m_bytes = SecretBytes(pageSize);
    SecretBytes m_text;
};

} // namespace coredact
