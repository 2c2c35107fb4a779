// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/client.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace coredact::test {

/// A folder with dumps in it, gone after the test.
class Workplace {
public:
    std::string path(const char* name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    void write(const char* name, const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("the test's folder cannot be written");
    }
    QByteArray read(const char* name) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// The names in the folder, hidden ones too.
    QStringList names() const
    {
        return QDir(m_folder.path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                       QDir::Name);
    }

private:
    QTemporaryDir m_folder;
};

/// An engine with a dump open in it.
struct OpenedEngine {
    std::unique_ptr<Client> client;
    OpenedFile file;
    protocol::Opened opened;
};

inline Result<OpenedEngine> openedEngine(const std::string& path)
{
    auto client = Client::start();
    if (!client)
        return client.error();
    auto file = openDump(path);
    if (!file)
        return file.error();
    auto opened = openIn(**client, *file);
    if (!opened)
        return opened.error();
    return OpenedEngine {std::move(*client), std::move(*file), std::move(*opened)};
}

/// The text of an error for a failed check, "" where there is none.
template <typename T>
const char* why(const Result<T>& result)
{
    return result ? "" : result.error().message.c_str();
}

} // namespace coredact::test
