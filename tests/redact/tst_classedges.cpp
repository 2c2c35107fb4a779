// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/redact/verifyclasses.h"

#include "tests/redact/planting.h"

#include <QtTest>

using namespace coredact;
using namespace coredact::test;

using Bytes = std::vector<std::uint8_t>;

/// Classes from the first byte of a file to its last, and one by one.
class TestClassEdges : public QObject {
    Q_OBJECT

private slots:
    void reachToBothEndsOfTheFile()
    {
        const Bytes content(100, 'x');
        const auto classesOf = [&](const std::vector<FileRange>& texts) {
            Dump made;
            made.size = content.size();
            for (const FileRange& text : texts)
                made.fields.push_back({"arguments", text, FieldKind::Text});
            return *classRanges(*Source::fromBytes(content), made);
        };
        using Ranges = std::vector<ClassRange>;
        QVERIFY(classesOf({range(0, 1), range(99, 1)})
                == (Ranges {{range(0, 1), DumpClass::Arguments},
                            {range(1, 98), DumpClass::Unclaimed},
                            {range(99, 1), DumpClass::Arguments}}));
        // Neighbours of one class are one range.
        QVERIFY(classesOf({range(0, 9), range(9, 90)})
                == (Ranges {{range(0, 99), DumpClass::Arguments},
                            {range(99, 1), DumpClass::Unclaimed}}));
    }

    void areLookedThroughToTheirLastByteWhereTheyAreFilled()
    {
        constexpr std::uint64_t size = 3 << 20;
        Dump made;
        made.format = "elf-core";
        made.size = size;
        made.segments = {segment(0x1000, 0, size)};
        made.segments[0].kind = RegionKind::Heap;
        Bytes copy(size, 0);
        copy.front() = copy.back() = 'X';
        // Fills of the first and of the last byte only: the others are zero.
        const std::vector<Edit> edits {{range(0, 1), Fill::X, "r", "", ""},
                                       {range(size - 1, 1), Fill::X, "r", "", ""}};
        const std::vector<ClassChoice> choices {{DumpClass::Heap, ClassUse::Fill}};
        const auto verified = [&] {
            VerificationNotes notes;
            const Source original = *Source::fromBytes(copy);
            if (!verifyClasses({choices, {}, edits}, original, &original, &made, notes))
                qFatal("the file cannot be read");
            return std::move(notes).finish({});
        };
        QVERIFY(verified().passed());
        copy[(2 << 20) + 5] = 1;
        QCOMPARE(verified().violations.front().offset, std::optional<std::uint64_t>((2 << 20) + 5));
    }

    void sayWhatFillingEachOfThemCosts()
    {
        QVERIFY(costOfFilling(DumpClass::Stack).starts_with("filled stacks"));
        QVERIFY(costOfFilling(DumpClass::Registers).starts_with("filled general registers"));
        QVERIFY(costOfFilling(DumpClass::Loader).starts_with("filled loader data"));
        QVERIFY(costOfFilling(DumpClass::Code).starts_with("filled pages of programs"));
    }
};

QTEST_APPLESS_MAIN(TestClassEdges)
#include "tst_classedges.moc"
