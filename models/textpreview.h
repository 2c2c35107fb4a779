// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytecache.h"
#include "models/marks.h"

#include <QString>

#include <vector>

namespace coredact {

/// The readable text around one place of a secret, with every secret in it masked.
struct TextPreview {
    struct Mask {
        int begin = 0; ///< in characters of `text`
        int length = 0;
        Severity severity = Severity::Info;
    };

    QString text; ///< "" where the surroundings are no text
    QString syntax; ///< name of a KSyntaxHighlighting definition, "" for none
    std::vector<Mask> masks; ///< in order
};

/// Looks at the text through `occurrence`, which lies in `bytes`. Secrets become dots, at most
/// eighteen however long they are; only public prefixes stay. For a JWT its decoded head and
/// claims are shown, with the claims that name no person.
/// False when bytes are still missing: ask again after ByteCache::arrived.
bool textPreview(ByteCache& bytes, const Marks& marks, const Finding& finding,
                 const Occurrence& occurrence, TextPreview& preview);

/// The name of the definition that fits the text best: JSON, XML, INI, ...; "" for none.
QString syntaxOf(const QString& text);

/// The decoded head and claims of a JWT as JSON text, with masks over what is not public.
TextPreview jwtPreview(ByteView token, Severity severity);

} // namespace coredact
