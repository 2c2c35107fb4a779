// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/io/outputfile.h"

#include <string>
#include <vector>

namespace coredact {

struct PublicationNames {
    std::string copy;
    std::string certificate;
    std::string signature; ///< of the certificate's file, for ssh-keygen; "" where none is made
    std::string privateRecord; ///< "" where none is kept
};

/// The texts that go with a copy; those without a name are not written.
struct PublicationTexts {
    std::string certificate;
    std::string signature;
    std::string privateRecord;
};

/// The files of one hand-over, nameless until all of them are finished. Destroying it before
/// `publish` leaves nothing behind.
class Publication {
public:
    /// Refuses names that exist, that are the same, or that lead to the original through any link.
    static Result<Publication> make(PublicationNames names, int original);

    /// The copy's file, for the engine to write.
    int copy() const { return m_copy.descriptor(); }
    /// From here on nobody may write to the copy any more.
    Status copyIsWritten();
    /// Gives the names: the texts' first, the copy's last. Fails when the copy was written to
    /// since `copyIsWritten`. After a failure no name stays.
    Status publish(const PublicationTexts& texts);

private:
    Publication(PublicationNames names, OutputFile copy);

    Status publishText(const std::string& path, const std::string& text);
    void takeBack();

    struct Named {
        std::string path;
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };

    PublicationNames m_names;
    OutputFile m_copy;
    FileIdentity m_written;
    std::vector<Named> m_published;
};

} // namespace coredact
