// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

/// A Java heap dump (HPROF 1.0.2, ids of 8 bytes) with strings as a JVM holds them: objects of
/// java.lang.String, each with its array of bytes, and an array of characters for each besides.
QByteArray javaHeapDump(const QList<QByteArray>& strings);

/// A line for each record and each object of a heap dump: kind, ids, sizes, references, but not the
/// contents of names and of arrays of numbers. Ends with "damaged" where the records do not follow
/// each other to the end.
/// Source: the JDK's src/hotspot/share/services/heapDumper.cpp, the comment on the format.
QStringList recordsOf(const QByteArray& heapDump);
