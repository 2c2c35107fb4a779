// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placemap.h"

#include <QString>

#include <vector>

namespace coredact {

/// One reading of the bytes at the cursor.
struct DataValue {
    QString name; ///< "u32"
    QString text;
};

/// The bytes at the cursor as integers, floating-point numbers, times and a pointer, in the
/// dump's byte order; readings that need more bytes than there are have no row. `places` may be
/// null. Not for bytes of a secret: the caller checks.
std::vector<DataValue> dataValues(ByteView bytes, const Dump& dump, const PlaceMap* places);

} // namespace coredact
