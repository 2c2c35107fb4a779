// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace coredact::test {

/// Which calls of the whole program NthFailure makes fail: pread (EIO), pwrite (ENOSPC), lseek
/// (EIO), fstat (EIO), ftruncate (ENOSPC) or fsync (EIO). Linked into a program with
/// failingcalls.cpp.
enum class Failing { Reads, Writes, Seeks, Looks, Sizes, Syncs };
extern Failing failing;

} // namespace coredact::test
