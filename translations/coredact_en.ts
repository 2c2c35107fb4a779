<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
    <context>
        <name>ExportPreview</name>
        <message numerus="yes">
            <source>%1, as you chose, with %n places of known secrets</source>
            <translation>
                <numerusform>%1, as you chose, with one place of a known secret</numerusform>
                <numerusform>%1, as you chose, with %Ln places of known secrets</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HexText</name>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <translation>
                <numerusform>%1 and %Ln more</numerusform>
                <numerusform>%1 and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Texts</name>
        <message numerus="yes">
            <source>The promise: no copy of these %n secrets remains; unknown secrets may remain.</source>
            <translation>
                <numerusform>The promise: no copy of this secret remains; unknown secrets may remain.</numerusform>
                <numerusform>The promise: no copy of these %Ln secrets remains; unknown secrets may remain.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>no copy of %n secrets remains</source>
            <translation>
                <numerusform>no copy of one secret remains</numerusform>
                <numerusform>no copy of %Ln secrets remains</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n secrets get no pseudonym: there are so few values of that kind that equal ones would tell it.</source>
            <translation>
                <numerusform>One secret gets no pseudonym: there are so few values of that kind that equal ones would tell it.</numerusform>
                <numerusform>%Ln secrets get no pseudonym: there are so few values of that kind that equal ones would tell it.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::CompareView</name>
        <message numerus="yes">
            <source>%n changes</source>
            <translation>
                <numerusform>%Ln change</numerusform>
                <numerusform>%Ln changes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>More than %n changes; the first are shown.</source>
            <translation>
                <numerusform>More than %Ln change; the first one is shown.</numerusform>
                <numerusform>More than %Ln changes; the first are shown.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::FacetChip</name>
        <message numerus="yes">
            <source>%1, %n places</source>
            <comment>filter chip</comment>
            <translation>
                <numerusform>%1, %Ln place</numerusform>
                <numerusform>%1, %Ln places</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %n findings</source>
            <comment>filter chip</comment>
            <translation>
                <numerusform>%1, %Ln finding</numerusform>
                <numerusform>%1, %Ln findings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::FindingsModel</name>
        <message numerus="yes">
            <source>%1, %2, %3, %n places, %4</source>
            <comment>title, severity, confidence, verdict</comment>
            <translation>
                <numerusform>%1, %2, %3, %Ln place, %4</numerusform>
                <numerusform>%1, %2, %3, %Ln places, %4</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::FindingsPanel</name>
        <message numerus="yes">
            <source>%n places</source>
            <comment>of secrets</comment>
            <translation>
                <numerusform>%Ln place</numerusform>
                <numerusform>%Ln places</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n secrets</source>
            <comment>number of findings</comment>
            <translation>
                <numerusform>%Ln secret</numerusform>
                <numerusform>%Ln secrets</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::Inspector</name>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <comment>regions</comment>
            <translation>
                <numerusform>%1 and %Ln more</numerusform>
                <numerusform>%1 and %Ln more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n places</source>
            <comment>of a secret</comment>
            <translation>
                <numerusform>%Ln place</numerusform>
                <numerusform>%Ln places</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n encodings</source>
            <translation>
                <numerusform>%Ln encoding</numerusform>
                <numerusform>%Ln encodings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::KeepDialog</name>
        <message numerus="yes">
            <source>The bytes of %n findings stay in the copy. Why?</source>
            <translation>
                <numerusform>The bytes of %Ln finding stay in the copy. Why?</numerusform>
                <numerusform>The bytes of %Ln findings stay in the copy. Why?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::MainWindow</name>
        <message numerus="yes">
            <source>%n decisions were taken over.</source>
            <translation>
                <numerusform>%Ln decision was taken over.</numerusform>
                <numerusform>%Ln decisions were taken over.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n decisions of an earlier session are back.</source>
            <translation>
                <numerusform>%Ln decision of an earlier session is back.</numerusform>
                <numerusform>%Ln decisions of an earlier session are back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n fit no finding any more and are undecided again.</source>
            <translation>
                <numerusform>%Ln fits no finding any more and is undecided again.</numerusform>
                <numerusform>%Ln fit no finding any more and are undecided again.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::MemoryMapStrip</name>
        <message numerus="yes">
            <source>%n place(s) of findings here</source>
            <translation>
                <numerusform>%Ln place of findings here</numerusform>
                <numerusform>%Ln places of findings here</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::OccurrencesModel</name>
        <message numerus="yes">
            <source>%n bytes</source>
            <translation>
                <numerusform>%Ln byte</numerusform>
                <numerusform>%Ln bytes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::OutcomePage</name>
        <message numerus="yes">
            <source>The copy broke the promise in %n places, so it was thrown away.</source>
            <translation>
                <numerusform>The copy broke the promise in %Ln place, so it was thrown away.</numerusform>
                <numerusform>The copy broke the promise in %Ln places, so it was thrown away.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Copies of this dump were made before under %n other policies. Who has both sees in one what the other hides: hand on one of them.</source>
            <translation>
                <numerusform>Copies of this dump were made before under another policy. Who has both sees in one what the other hides: hand on one of them.</numerusform>
                <numerusform>Copies of this dump were made before under %Ln other policies. Who has both sees in one what the other hides: hand on one of them.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::PlanPage</name>
        <message numerus="yes">
            <source>%1 will be overwritten to remove %n secrets.</source>
            <comment>bytes; secrets</comment>
            <translation>
                <numerusform>%1 will be overwritten to remove %Ln secret.</numerusform>
                <numerusform>%1 will be overwritten to remove %Ln secrets.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them are undecided: they are redacted too.</source>
            <translation>
                <numerusform>%Ln of them is undecided: it is redacted too.</numerusform>
                <numerusform>%Ln of them are undecided: they are redacted too.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::RegionTable</name>
        <message numerus="yes">
            <source>%n regions</source>
            <translation>
                <numerusform>%Ln region</numerusform>
                <numerusform>%Ln regions</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::SummaryPage</name>
        <message numerus="yes">
            <source>%1 in %n places</source>
            <translation>
                <numerusform>%1 in %Ln place</numerusform>
                <numerusform>%1 in %Ln places</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <comment>threads</comment>
            <translation>
                <numerusform>and %Ln more</numerusform>
                <numerusform>and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::Verdicts</name>
        <message numerus="yes">
            <source>%1 (%n findings)</source>
            <comment>undo text: verdict</comment>
            <translation>
                <numerusform>%1 (%Ln finding)</numerusform>
                <numerusform>%1 (%Ln findings)</numerusform>
            </translation>
        </message>
    </context>
</TS>
