// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/sandbox/sandbox.h"

#include <fcntl.h>
#include <unistd.h>

namespace coredact::sandbox {

void openStandardFiles()
{
    // The lowest free number is given out, so those below 3 fill up one after the other.
    int last = -1;
    do
        last = open("/dev/null", O_RDWR);
    while (last >= 0 && last <= STDERR_FILENO);
    if (last > STDERR_FILENO)
        close(last);
}

} // namespace coredact::sandbox
