// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/document.h"
#include "models/marks.h"
#include "widgets/hexview/hexview.h"
#include "widgets/memorymap/mapstrip.h"

#include <QTimer>
#include <QWidget>

namespace coredact {

/// The map strip above the bytes, both with the findings painted in. Keeps them in step with the
/// document; reveals one finding for a few seconds.
class DumpPage : public QWidget {
    Q_OBJECT

public:
    explicit DumpPage(Document& document, QWidget* parent = nullptr);

    static constexpr int revealSeconds = 10;

    HexView& hex() { return *m_hex; }
    MemoryMapStrip& map() { return *m_map; }
    const Marks& marks() const { return m_marks; }
    /// The finding with the most to say about the byte at the cursor; null for none.
    FindingPtr findingAtCursor() const;
    bool cursorIsOn(const Finding& finding) const;
    /// The finding at the cursor where the bytes have the keys and `current` is not there; or null.
    FindingPtr aimedAt(const FindingPtr& current) const;
    bool goTo(std::uint64_t fileOffset);
    bool select(FileRange range);

    void reveal(const std::string& finding);
    void mask();
    bool revealing() const { return m_secondsLeft > 0; }

signals:
    void findingPicked(const QString& id);
    void leaving(); ///< the map is about to take the analyst elsewhere
    void revealChanged(int secondsLeft);
    void marksChanged();

private:
    void showDump();
    void showMarks();
    void showBookmarks();
    void showLens();
    void tick();
    std::optional<std::uint32_t> numberOf(const std::string& finding) const;
    QString titleOf(std::uint32_t number) const;

    Document& m_document;
    MemoryMapStrip* m_map;
    HexView* m_hex;
    Marks m_marks;
    QTimer m_marksSoon; ///< one rebuild for a burst of findings
    QTimer m_revealTimer;
    std::string m_revealed;
    int m_secondsLeft = 0;
};

} // namespace coredact
