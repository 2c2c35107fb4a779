// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detectorrun.h"

#include "scanner/base/bytereader.h"
#include "scanner/dump/dump.h"
#include "scanner/rules/keys/rsakey.h"

namespace coredact {

extern const Detector bignumDetector;
extern const Detector rsaprimesDetector;
extern const Detector sshshieldDetector;

/// Memory of a process, built piece by piece among random bytes, and the dump of it.
class MemoryImage {
public:
    explicit MemoryImage(unsigned wordSize = 8, ByteOrder order = ByteOrder::Little)
        : m_wordSize(wordSize)
        , m_order(order)
    {
    }

    /// Puts bytes at the next multiple of 16 behind some noise; their address.
    std::uint64_t put(ByteView bytes);
    /// Puts a BIGNUM structure and its words.
    void putBignum(const BigNumber& number, std::uint32_t flags = 1);
    void pad(std::size_t size);
    /// The memory lies there, and the process had this file loaded. Before anything is put.
    void begin(std::uint64_t start, std::string module)
    {
        m_start = start;
        m_module = std::move(module);
    }
    /// Where the process had that file; elsewhere than the memory where this is not called.
    void setModuleMemory(AddressRange memory) { m_moduleMemory = memory; }
    /// What the process may do with the memory; all but execute it where this is not called.
    void setAccess(Access access) { m_access = access; }
    std::size_t size() const { return m_bytes.size(); }
    std::vector<std::uint8_t>& bytes() { return m_bytes; }
    /// From here on in the file the memory lies elsewhere in the order: the part before `size`
    /// comes second in the file, though first in memory.
    void swapAt(std::size_t size) { m_swap = size; }
    std::uint64_t fileOffsetOf(std::uint64_t address) const;

    /// Nothing where the detector has no walk for such a dump.
    std::vector<Match> walk(const Detector& detector) const { return walked(detector).matches; }
    /// Whether the detector's walk told that there was more than it holds.
    bool leavesOut(const Detector& detector) const { return walked(detector).leftOut; }

    static constexpr std::uint64_t base = 0x555555550000;

private:
    struct Walked {
        std::vector<Match> matches;
        bool leftOut = false;
    };
    Walked walked(const Detector& detector) const;
    void putWord(std::vector<std::uint8_t>& to, std::uint64_t value, unsigned size) const;
    std::uint64_t start() const
    {
        return m_start != 0 ? m_start : m_wordSize == 4 ? 0x8040000 : base;
    }

    unsigned m_wordSize;
    ByteOrder m_order;
    std::vector<std::uint8_t> m_bytes;
    std::size_t m_swap = 0;
    std::uint64_t m_start = 0;
    std::string m_module;
    AddressRange m_moduleMemory = *AddressRange::make(0x1000, 0x1000);
    Access m_access {true, true, false};
};

/// Memory at which Go's runtime has its heap; some of it is in use.
MemoryImage goHeapImage();

/// The numbers of a key that libcrypto makes for this run.
RsaNumbers rsaNumbers(const MadeKey& key);

} // namespace coredact
