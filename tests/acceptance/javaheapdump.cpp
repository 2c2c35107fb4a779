// SPDX-License-Identifier: GPL-3.0-or-later
#include "javaheapdump.h"

#include <QDataStream>
#include <QIODevice>
#include <QMap>

namespace {

const QByteArray header("JAVA PROFILE 1.0.2\0", 19);
constexpr quint32 idBytes = 8;

enum Record : quint8 { Name = 0x01, LoadClass = 0x02, Segment = 0x1c, End = 0x2c };
enum Part : quint8 { ClassDump = 0x20, Instance = 0x21, NumberArray = 0x23 };
enum Type : quint8 { Object = 2, Char = 5, Byte = 8, Int = 10 };

constexpr quint64 stringClass = 0x7000;
constexpr quint32 stringBytes = idBytes + 4 + 1; // value, hash, coder

quint32 sizeOf(quint8 type)
{
    static const QMap<quint8, quint32> sizes {{Object, idBytes}, {4, 1}, {Char, 2}, {6, 4}, {7, 8},
                                              {Byte, 1},         {9, 2}, {Int, 4},  {11, 8}};
    return sizes.value(type);
}

void addRecord(QDataStream& dump, Record tag, const QByteArray& body)
{
    dump << quint8(tag) << quint32(0) << quint32(body.size());
    dump.writeRawData(body.constData(), int(body.size()));
}

void addName(QDataStream& dump, quint64 id, const QByteArray& name)
{
    QByteArray body;
    QDataStream(&body, QIODevice::WriteOnly) << id;
    addRecord(dump, Name, body + name);
}

void addArray(QDataStream& heap, quint64 id, Type type, const QByteArray& content)
{
    heap << quint8(NumberArray) << id << quint32(0) << quint32(content.size() / sizeOf(type))
         << quint8(type);
    heap.writeRawData(content.constData(), int(content.size()));
}

QByteArray inUtf16(const QByteArray& text)
{
    QByteArray wide;
    for (const char c : text)
        wide += QByteArray(1, '\0') + c;
    return wide;
}

/// Reads the records, and objects inside of segments.
class Reader {
public:
    explicit Reader(const QByteArray& bytes)
        : m_bytes(bytes)
        , m_in(bytes)
    {
    }

    QStringList lines()
    {
        if (!m_bytes.startsWith(header))
            return {QStringLiteral("damaged")};
        m_in.skipRawData(int(header.size()));
        tell(QStringLiteral("header"), {u4(), u4(), u4()});
        while (m_in.status() == QDataStream::Ok && !m_in.atEnd())
            record();
        if (m_in.status() != QDataStream::Ok)
            m_lines << QStringLiteral("damaged");
        return m_lines;
    }

private:
    quint8 u1() { return number<quint8>(); }
    quint16 u2() { return number<quint16>(); }
    quint32 u4() { return number<quint32>(); }
    quint64 u8() { return number<quint64>(); }
    template <typename T> T number()
    {
        T value = 0;
        m_in >> value;
        return value;
    }
    qint64 position() const { return m_in.device()->pos(); }
    void skip(quint32 size)
    {
        if (m_in.skipRawData(int(size)) != int(size))
            m_in.setStatus(QDataStream::ReadPastEnd);
    }
    void tell(const QString& kind, const QList<quint64>& numbers)
    {
        QString line = kind;
        for (const quint64 value : numbers)
            line += QLatin1Char(' ') + QString::number(value, 16);
        m_lines << line;
    }

    void record()
    {
        const quint8 tag = u1();
        const quint32 time = u4();
        const quint32 size = u4();
        tell(QStringLiteral("record"), {tag, time, size});
        const qint64 end = position() + size;
        if (tag == Name) {
            tell(QStringLiteral("name"), {u8()});
            skip(size - idBytes);
        } else if (tag == LoadClass) {
            tell(QStringLiteral("class"), {u4(), u8(), u4(), u8()});
        } else if (tag == Segment) {
            while (m_in.status() == QDataStream::Ok && position() < end)
                part();
        } else {
            skip(size);
        }
        if (position() != end)
            m_in.setStatus(QDataStream::ReadCorruptData);
    }

    void part()
    {
        switch (const quint8 kind = u1()) {
        case ClassDump:
            classDump();
            break;
        case Instance: {
            tell(QStringLiteral("instance"), {u8(), u4(), u8()});
            const quint32 size = u4();
            if (size != stringBytes)
                return m_in.setStatus(QDataStream::ReadCorruptData);
            tell(QStringLiteral("fields"), {u8(), u4(), u1()});
            break;
        }
        case NumberArray: {
            const quint64 id = u8();
            const quint32 stack = u4();
            const quint32 count = u4();
            const quint8 type = u1();
            tell(QStringLiteral("array"), {id, stack, count, type});
            skip(count * sizeOf(type));
            break;
        }
        default:
            tell(QStringLiteral("unknown"), {kind});
            m_in.setStatus(QDataStream::ReadCorruptData);
        }
    }

    void classDump()
    {
        tell(QStringLiteral("class dump"), {u8(), u4(), u8(), u8(), u8(), u8(), u8(), u8(), u4()});
        tell(QStringLiteral("constants"), {u2()});
        for (quint16 left = u2(); left > 0; --left) {
            const quint64 name = u8();
            const quint8 type = u1();
            tell(QStringLiteral("static"), {name, type});
            skip(sizeOf(type));
        }
        for (quint16 left = u2(); left > 0; --left)
            tell(QStringLiteral("field"), {u8(), u1()});
    }

    const QByteArray& m_bytes;
    QDataStream m_in;
    QStringList m_lines;
};

} // namespace

QByteArray javaHeapDump(const QList<QByteArray>& strings)
{
    enum : quint64 { NameString = 0x100, NameValue, NameHash, NameCoder, NameConstant };
    QByteArray bytes = header;
    QDataStream dump(&bytes, QIODevice::WriteOnly | QIODevice::Append);
    dump << idBytes << quint64(1'700'000'000'000);
    addName(dump, NameString, "java/lang/String");
    addName(dump, NameValue, "value");
    addName(dump, NameHash, "hash");
    addName(dump, NameCoder, "coder");
    // javac puts constant texts of classes among the names.
    addName(dump, NameConstant, strings.first());
    QByteArray loaded;
    QDataStream(&loaded, QIODevice::WriteOnly)
        << quint32(1) << stringClass << quint32(0) << quint64(NameString);
    addRecord(dump, LoadClass, loaded);

    QByteArray segment;
    QDataStream heap(&segment, QIODevice::WriteOnly);
    heap << quint8(ClassDump) << stringClass << quint32(0);
    for (int i = 0; i < 6; ++i)
        heap << quint64(0); // super class, loader, signers, domain, two reserved
    heap << stringBytes << quint16(0) << quint16(0) << quint16(3);
    heap << quint64(NameValue) << quint8(Object) << quint64(NameHash) << quint8(Int)
         << quint64(NameCoder) << quint8(Byte);
    quint64 id = 0x10000;
    for (const QByteArray& text : strings) {
        heap << quint8(Instance) << id << quint32(0) << stringClass << stringBytes << id + 0x20
             << quint32(0) << quint8(0);
        addArray(heap, id + 0x20, Byte, text);
        addArray(heap, id + 0x21, Char, inUtf16(text));
        id += 0x40;
    }
    addRecord(dump, Segment, segment);
    addRecord(dump, End, {});
    return bytes;
}

QStringList recordsOf(const QByteArray& heapDump) { return Reader(heapDump).lines(); }
