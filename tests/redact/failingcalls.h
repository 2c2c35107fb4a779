// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace coredact::test {

/// Which calls of the whole program NthFailure makes fail: pread (EIO), pwrite (ENOSPC), lseek
/// (EIO), fstat (EIO), ftruncate (ENOSPC) or fsync (EIO); or pread and pwrite, as a signal does that
/// comes before the first byte (EINTR). Linked into a program with failingcalls.cpp.
enum class Failing { Reads, Writes, Seeks, Looks, Sizes, Syncs, Interrupted };
extern Failing failing;

} // namespace coredact::test
