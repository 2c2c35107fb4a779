<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Open…</source>
            <translation>Ö&amp;ffnen…</translation>
        </message>
        <message>
            <source>Open the &amp;sample</source>
            <translation>&amp;Beispiel öffnen</translation>
        </message>
        <message>
            <source>&amp;Take over decisions…</source>
            <translation>Entscheidungen über&amp;nehmen…</translation>
        </message>
        <message>
            <source>Save session &amp;as…</source>
            <translation>Sitzung speichern &amp;unter…</translation>
        </message>
        <message>
            <source>Save &amp;report…</source>
            <translation>Be&amp;richt speichern…</translation>
        </message>
        <message>
            <source>&amp;Export redacted copy…</source>
            <translation>&amp;Geschwärzte Kopie exportieren…</translation>
        </message>
        <message>
            <source>&amp;Close the dump</source>
            <translation>Dump s&amp;chließen</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <source>Copy as &amp;hex</source>
            <translation>Als &amp;Hex kopieren</translation>
        </message>
        <message>
            <source>Copy as &amp;text</source>
            <translation>Als &amp;Text kopieren</translation>
        </message>
        <message>
            <source>Copy the &amp;address</source>
            <translation>&amp;Adresse kopieren</translation>
        </message>
        <message>
            <source>&amp;Search</source>
            <translation>&amp;Suchen</translation>
        </message>
        <message>
            <source>Search &amp;next</source>
            <translation>&amp;Weitersuchen</translation>
        </message>
        <message>
            <source>Search &amp;previous</source>
            <translation>R&amp;ückwärts suchen</translation>
        </message>
        <message>
            <source>&amp;Go to…</source>
            <translation>&amp;Gehe zu…</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <source>&amp;Forward</source>
            <translation>&amp;Vorwärts</translation>
        </message>
        <message>
            <source>&amp;Next finding</source>
            <translation>&amp;Nächster Fund</translation>
        </message>
        <message>
            <source>&amp;Previous finding</source>
            <translation>Vor&amp;iger Fund</translation>
        </message>
        <message>
            <source>Next &amp;undecided finding</source>
            <translation>Nächster &amp;offener Fund</translation>
        </message>
        <message>
            <source>Next p&amp;lace of the secret</source>
            <translation>Nächste &amp;Stelle des Geheimnisses</translation>
        </message>
        <message>
            <source>Pre&amp;vious place of the secret</source>
            <translation>Vorige St&amp;elle des Geheimnisses</translation>
        </message>
        <message>
            <source>To the &amp;crash</source>
            <translation>Zum &amp;Absturz</translation>
        </message>
        <message>
            <source>&amp;Redact</source>
            <translation>&amp;Schwärzen</translation>
        </message>
        <message>
            <source>&amp;Keep…</source>
            <translation>&amp;Behalten…</translation>
        </message>
        <message>
            <source>Keep: &amp;false positive</source>
            <translation>Behalten: &amp;Fehlalarm</translation>
        </message>
        <message>
            <source>Keep: &amp;test data</source>
            <translation>Behalten: &amp;Testdaten</translation>
        </message>
        <message>
            <source>Keep: &amp;accepted risk</source>
            <translation>Behalten: &amp;akzeptiertes Risiko</translation>
        </message>
        <message>
            <source>Keep: re&amp;voked</source>
            <translation>Behalten: &amp;widerrufen</translation>
        </message>
        <message>
            <source>&amp;Undecided</source>
            <translation>&amp;Offen</translation>
        </message>
        <message>
            <source>&amp;Note</source>
            <translation>&amp;Notiz</translation>
        </message>
        <message>
            <source>Re&amp;veal for 10 seconds</source>
            <translation>10 Sekunden auf&amp;decken</translation>
        </message>
        <message>
            <source>&amp;Scan again</source>
            <translation>&amp;Neu scannen</translation>
        </message>
        <message>
            <source>&amp;Cancel the job</source>
            <translation>Vorgang &amp;abbrechen</translation>
        </message>
        <message>
            <source>&amp;Restart the engine</source>
            <translation>&amp;Engine neu starten</translation>
        </message>
        <message>
            <source>Check the san&amp;dbox</source>
            <translation>Sand&amp;box prüfen</translation>
        </message>
        <message>
            <source>&amp;Larger bytes</source>
            <translation>&amp;Größere Bytes</translation>
        </message>
        <message>
            <source>&amp;Smaller bytes</source>
            <translation>&amp;Kleinere Bytes</translation>
        </message>
        <message>
            <source>&amp;Usual size</source>
            <translation>&amp;Normale Größe</translation>
        </message>
        <message>
            <source>&amp;Filter findings</source>
            <translation>Funde &amp;filtern</translation>
        </message>
        <message>
            <source>&amp;Keys</source>
            <translation>&amp;Tasten</translation>
        </message>
        <message>
            <source>&amp;About Coredact</source>
            <translation>&amp;Über Coredact</translation>
        </message>
        <message>
            <source>Next re&amp;gion</source>
            <translation>Nächster Be&amp;reich</translation>
        </message>
        <message>
            <source>Previous reg&amp;ion</source>
            <translation>Vorheriger Berei&amp;ch</translation>
        </message>
        <message>
            <source>Set or remove a book&amp;mark</source>
            <translation>&amp;Lesezeichen setzen oder entfernen</translation>
        </message>
        <message>
            <source>Next b&amp;ookmark</source>
            <translation>Nächstes Lese&amp;zeichen</translation>
        </message>
        <message>
            <source>Previous boo&amp;kmark</source>
            <translation>Vorheriges Lesezeiche&amp;n</translation>
        </message>
        <message>
            <source>Co&amp;mpare with a copy…</source>
            <translation>Mit einer &amp;Kopie vergleichen…</translation>
        </message>
        <message>
            <source>Next c&amp;hange of the copy</source>
            <translation>Nächste &amp;Änderung der Kopie</translation>
        </message>
        <message>
            <source>Previous chan&amp;ge of the copy</source>
            <translation>Vorige Ä&amp;nderung der Kopie</translation>
        </message>
        <message>
            <source>Rule &amp;packs…</source>
            <translation>Regel&amp;pakete…</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederholen</translation>
        </message>
    </context>
    <context>
        <name>DataValues</name>
        <message>
            <source>Unix time</source>
            <translation>Unix-Zeit</translation>
        </message>
        <message>
            <source>Windows time</source>
            <translation>Windows-Zeit</translation>
        </message>
        <message>
            <source>Pointer</source>
            <translation>Zeiger</translation>
        </message>
    </context>
    <context>
        <name>ExportPreview</name>
        <message>
            <source>%1 at offset %2: %3</source>
            <comment>title, offset, why</comment>
            <translation>%1 bei Offset %2: %3</translation>
        </message>
        <message>
            <source>stacks, general registers, threads and modules with their paths, so that a debugger shows the same backtraces</source>
            <translation>Stacks, allgemeine Register, Threads und Module mit ihren Pfaden, damit ein Debugger dieselben Aufrufketten zeigt</translation>
        </message>
        <message>
            <source>names of arguments and environment variables, without their values</source>
            <translation>Namen von Argumenten und Umgebungsvariablen, ohne ihre Werte</translation>
        </message>
        <message>
            <source>arguments and environment variables with their values, as you chose, where they are no found secret</source>
            <translation>Argumente und Umgebungsvariablen mit ihren Werten, wie gewählt, soweit sie kein gefundenes Geheimnis sind</translation>
        </message>
        <message>
            <source>floating-point and vector registers, as you chose; they often hold keys</source>
            <translation>Gleitkomma- und Vektorregister, wie gewählt; sie enthalten oft Schlüssel</translation>
        </message>
        <message>
            <source>the random seed of the process, as you chose</source>
            <translation>der Zufallsstartwert des Prozesses, wie gewählt</translation>
        </message>
        <message>
            <source>what Coredact does not know (notes, streams, bytes between the parts): scanned, but not filled</source>
            <translation>was Coredact nicht kennt (Notizen, Ströme, Bytes zwischen den Teilen): durchsucht, aber nicht überschrieben</translation>
        </message>
        <message>
            <source>what the rules for %1 find, as you chose, unless you redact it</source>
            <comment>pack</comment>
            <translation>was die Regeln für %1 finden, wie Sie es gewählt haben, außer Sie schwärzen es</translation>
        </message>
        <message>
            <source>what only the rules for %1 would find: they are off, as you chose</source>
            <comment>pack</comment>
            <translation>was nur die Regeln für %1 fänden: sie sind aus, wie Sie es gewählt haben</translation>
        </message>
        <message>
            <source>%1, as you chose: no known secret is there, but others may be</source>
            <translation>%1, wie Sie es gewählt haben: kein bekanntes Geheimnis ist dort, aber andere können dort sein</translation>
        </message>
        <message numerus="yes">
            <source>%1, as you chose, with %n places of known secrets</source>
            <translation>
                <numerusform>%1, wie Sie es gewählt haben, mit einer Stelle eines bekannten Geheimnisses</numerusform>
                <numerusform>%1, wie Sie es gewählt haben, mit %Ln Stellen bekannter Geheimnisse</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Figures</name>
        <message>
            <source>%1/s</source>
            <comment>a rate, such as 1.6 GB/s</comment>
            <translation>%1/s</translation>
        </message>
        <message>
            <source>%1 s left</source>
            <translation>noch %1 s</translation>
        </message>
        <message>
            <source>%1 min left</source>
            <translation>noch %1 min</translation>
        </message>
        <message>
            <source>%1 h left</source>
            <translation>noch %1 h</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
    </context>
    <context>
        <name>HexText</name>
        <message>
            <source>not memory: headers, notes and everything else in the file</source>
            <translation>kein Speicher: Köpfe, Notizen und alles Übrige in der Datei</translation>
        </message>
        <message>
            <source>nothing saved here: %1 · %2</source>
            <translation>hier nichts gesichert: %1 · %2</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <translation>
                <numerusform>%1 und %Ln weiterer</numerusform>
                <numerusform>%1 und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>not in the dump: %1 · %2 · %3</source>
            <translation>nicht im Dump: %1 · %2 · %3</translation>
        </message>
        <message>
            <source>address %1</source>
            <translation>Adresse %1</translation>
        </message>
        <message>
            <source>offset %1</source>
            <translation>Offset %1</translation>
        </message>
        <message>
            <source>masked bytes</source>
            <translation>maskierte Bytes</translation>
        </message>
    </context>
    <context>
        <name>IdentityText</name>
        <message>
            <source>expires %1</source>
            <comment>time</comment>
            <translation>läuft ab %1</translation>
        </message>
        <message>
            <source>issuer %1</source>
            <translation>Aussteller %1</translation>
        </message>
        <message>
            <source>key id %1</source>
            <translation>Schlüsselkennung %1</translation>
        </message>
        <message>
            <source>algorithm %1</source>
            <translation>Verfahren %1</translation>
        </message>
    </context>
    <context>
        <name>PlaceMap</name>
        <message>
            <source>heap</source>
            <translation>Heap</translation>
        </message>
        <message>
            <source>stack</source>
            <translation>Stack</translation>
        </message>
        <message>
            <source>file pages</source>
            <translation>Dateiseiten</translation>
        </message>
        <message>
            <source>anonymous</source>
            <translation>anonym</translation>
        </message>
        <message>
            <source>registers</source>
            <translation>Register</translation>
        </message>
        <message>
            <source>notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <source>elsewhere</source>
            <translation>anderswo</translation>
        </message>
    </context>
    <context>
        <name>Texts</name>
        <message>
            <source>critical</source>
            <translation>kritisch</translation>
        </message>
        <message>
            <source>high</source>
            <translation>hoch</translation>
        </message>
        <message>
            <source>medium</source>
            <translation>mittel</translation>
        </message>
        <message>
            <source>low</source>
            <translation>niedrig</translation>
        </message>
        <message>
            <source>info</source>
            <translation>Info</translation>
        </message>
        <message>
            <source>verified</source>
            <translation>bewiesen</translation>
        </message>
        <message>
            <source>likely</source>
            <translation>wahrscheinlich</translation>
        </message>
        <message>
            <source>possible</source>
            <translation>möglich</translation>
        </message>
        <message>
            <source>undecided</source>
            <translation>offen</translation>
        </message>
        <message>
            <source>redact</source>
            <translation>schwärzen</translation>
        </message>
        <message>
            <source>keep</source>
            <translation>behalten</translation>
        </message>
        <message>
            <source>false positive</source>
            <translation>Fehlalarm</translation>
        </message>
        <message>
            <source>test data</source>
            <translation>Testdaten</translation>
        </message>
        <message>
            <source>accepted risk</source>
            <translation>akzeptiertes Risiko</translation>
        </message>
        <message>
            <source>revoked</source>
            <translation>widerrufen</translation>
        </message>
        <message>
            <source>left by policy</source>
            <translation>laut Richtlinie belassen</translation>
        </message>
        <message>
            <source>zero bytes</source>
            <translation>Nullbytes</translation>
        </message>
        <message>
            <source>bytes a5</source>
            <translation>Bytes a5</translation>
        </message>
        <message>
            <source>the letter X</source>
            <translation>dem Buchstaben X</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>heap</source>
            <translation>Heap</translation>
        </message>
        <message>
            <source>stack</source>
            <translation>Stack</translation>
        </message>
        <message>
            <source>file</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>anonymous</source>
            <translation>anonym</translation>
        </message>
        <message>
            <source>kernel page (vdso)</source>
            <translation>Kernelseite (vdso)</translation>
        </message>
        <message>
            <source>notes and structure</source>
            <translation>Notizen und Struktur</translation>
        </message>
        <message>
            <source>ELF core (Linux, BSD)</source>
            <translation>ELF-Core (Linux, BSD)</translation>
        </message>
        <message>
            <source>Minidump (Windows)</source>
            <translation>Minidump (Windows)</translation>
        </message>
        <message>
            <source>Raw bytes</source>
            <translation>Rohe Bytes</translation>
        </message>
        <message>
            <source>Decompressing</source>
            <translation>Entpacken</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>Lesen</translation>
        </message>
        <message>
            <source>Scanning</source>
            <translation>Scannen</translation>
        </message>
        <message>
            <source>Looking for keys</source>
            <translation>Suche nach Schlüsseln</translation>
        </message>
        <message>
            <source>Looking for copies</source>
            <translation>Suche nach Kopien</translation>
        </message>
        <message>
            <source>Writing the copy</source>
            <translation>Schreiben der Kopie</translation>
        </message>
        <message>
            <source>Compressing the copy</source>
            <translation>Packen der Kopie</translation>
        </message>
        <message>
            <source>Computing the checksum</source>
            <translation>Berechnen der Prüfsumme</translation>
        </message>
        <message>
            <source>Verifying the copy</source>
            <translation>Prüfen der Kopie</translation>
        </message>
        <message>
            <source>Working</source>
            <translation>Arbeit läuft</translation>
        </message>
        <message>
            <source>The system refused</source>
            <translation>Das System hat abgelehnt</translation>
        </message>
        <message>
            <source>The file ends too early</source>
            <translation>Die Datei endet zu früh</translation>
        </message>
        <message>
            <source>The file contradicts its format</source>
            <translation>Die Datei widerspricht ihrem Format</translation>
        </message>
        <message>
            <source>This is not supported</source>
            <translation>Das wird nicht unterstützt</translation>
        </message>
        <message>
            <source>A limit was reached</source>
            <translation>Eine Grenze wurde erreicht</translation>
        </message>
        <message>
            <source>The file changed</source>
            <translation>Die Datei hat sich geändert</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <source>Refused</source>
            <translation>Abgelehnt</translation>
        </message>
        <message>
            <source>That makes no sense</source>
            <translation>Das ergibt keinen Sinn</translation>
        </message>
        <message>
            <source>The engine stopped</source>
            <translation>Die Engine ist stehen geblieben</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>kind of error, message</comment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>%1 (at offset %2)</source>
            <translation>%1 (bei Offset %2)</translation>
        </message>
        <message>
            <source>The promise: no secret was found that had to go; unknown secrets may remain.</source>
            <translation>Das Versprechen: Es wurde kein Geheimnis gefunden, das weg musste; unbekannte Geheimnisse können bleiben.</translation>
        </message>
        <message numerus="yes">
            <source>The promise: no copy of these %n secrets remains; unknown secrets may remain.</source>
            <translation>
                <numerusform>Das Versprechen: Von diesem Geheimnis bleibt keine Kopie; unbekannte Geheimnisse können bleiben.</numerusform>
                <numerusform>Das Versprechen: Von diesen %Ln Geheimnissen bleibt keine Kopie; unbekannte Geheimnisse können bleiben.</numerusform>
            </translation>
        </message>
        <message>
            <source>signal %1</source>
            <translation>Signal %1</translation>
        </message>
        <message>
            <source>exception %1</source>
            <translation>Ausnahme %1</translation>
        </message>
        <message>
            <source>plain</source>
            <translation>im Klartext</translation>
        </message>
        <message>
            <source>reversed</source>
            <translation>umgekehrt</translation>
        </message>
        <message>
            <source>words swapped</source>
            <translation>Wörter vertauscht</translation>
        </message>
        <message>
            <source>long words swapped</source>
            <translation>lange Wörter vertauscht</translation>
        </message>
        <message>
            <source>fragment</source>
            <translation>Bruchstück</translation>
        </message>
        <message>
            <source>limbs of 32 bits</source>
            <translation>Limbs zu 32 Bit</translation>
        </message>
        <message>
            <source>limbs of 64 bits</source>
            <translation>Limbs zu 64 Bit</translation>
        </message>
        <message>
            <source>hex</source>
            <translation>Hex</translation>
        </message>
        <message>
            <source>percent-encoded</source>
            <translation>prozentkodiert</translation>
        </message>
        <message>
            <source>decimal numbers</source>
            <translation>Dezimalzahlen</translation>
        </message>
        <message>
            <source>JSON text</source>
            <translation>JSON-Text</translation>
        </message>
        <message>
            <source>XML text</source>
            <translation>XML-Text</translation>
        </message>
        <message>
            <source>with escapes</source>
            <translation>mit Escapes</translation>
        </message>
        <message>
            <source>digits of Python</source>
            <translation>Ziffern von Python</translation>
        </message>
        <message>
            <source>limbs of Java</source>
            <translation>Limbs von Java</translation>
        </message>
        <message>
            <source>Base64</source>
            <translation>Base64</translation>
        </message>
        <message>
            <source>Base64 (URL)</source>
            <translation>Base64 (URL)</translation>
        </message>
        <message>
            <source>UTF-16</source>
            <translation>UTF-16</translation>
        </message>
        <message>
            <source>UTF-16 (big-endian)</source>
            <translation>UTF-16 (Big-Endian)</translation>
        </message>
        <message>
            <source>UTF-32</source>
            <translation>UTF-32</translation>
        </message>
        <message>
            <source>UTF-32 (big-endian)</source>
            <translation>UTF-32 (Big-Endian)</translation>
        </message>
        <message>
            <source>SPKI SHA-256</source>
            <translation>SPKI SHA-256</translation>
        </message>
        <message>
            <source>SSH fingerprint</source>
            <translation>SSH-Fingerabdruck</translation>
        </message>
        <message>
            <source>AWS account</source>
            <translation>AWS-Konto</translation>
        </message>
        <message>
            <source>AWS key id</source>
            <translation>AWS-Schlüssel-ID</translation>
        </message>
        <message>
            <source>JWT</source>
            <translation>JWT</translation>
        </message>
        <message>
            <source>JWE</source>
            <translation>JWE</translation>
        </message>
        <message>
            <source>hash</source>
            <translation>Hash</translation>
        </message>
        <message>
            <source>location</source>
            <translation>Ort</translation>
        </message>
        <message>
            <source>address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>user</source>
            <translation>Benutzer</translation>
        </message>
        <message>
            <source>floating-point and vector registers</source>
            <translation>Gleitkomma- und Vektorregister</translation>
        </message>
        <message>
            <source>random seed of the process (AT_RANDOM)</source>
            <translation>Zufallsstartwert des Prozesses (AT_RANDOM)</translation>
        </message>
        <message>
            <source>structural bytes, which stay as they are</source>
            <translation>Strukturbytes, die bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>past the end of the file</source>
            <translation>hinter dem Ende der Datei</translation>
        </message>
        <message>
            <source>wiped with the %1</source>
            <translation>gelöscht mit: %1</translation>
        </message>
        <message>
            <source>the copy has the original&apos;s size</source>
            <translation>die Kopie ist so groß wie das Original</translation>
        </message>
        <message>
            <source>bytes outside the plan are unchanged</source>
            <translation>Bytes außerhalb des Plans sind unverändert</translation>
        </message>
        <message>
            <source>every planned byte holds its fill</source>
            <translation>jedes geplante Byte trägt seine Füllung</translation>
        </message>
        <message>
            <source>holes of the original are holes in the copy</source>
            <translation>Löcher des Originals sind Löcher in der Kopie</translation>
        </message>
        <message>
            <source>the structure reads the same</source>
            <translation>die Struktur liest sich gleich</translation>
        </message>
        <message>
            <source>no structural byte was filled</source>
            <translation>kein Strukturbyte wurde gefüllt</translation>
        </message>
        <message>
            <source>a fresh scan finds nothing that is not kept</source>
            <translation>ein neuer Scan findet nichts, was nicht behalten wird</translation>
        </message>
        <message>
            <source>no redacted value is left in any encoding</source>
            <translation>kein geschwärzter Wert ist in irgendeiner Kodierung übrig</translation>
        </message>
        <message>
            <source>opening a file is refused</source>
            <translation>eine Datei zu öffnen wird verweigert</translation>
        </message>
        <message>
            <source>opening a network socket is refused</source>
            <translation>einen Netzwerk-Socket zu öffnen wird verweigert</translation>
        </message>
        <message>
            <source>opening a local socket is refused</source>
            <translation>einen lokalen Socket zu öffnen wird verweigert</translation>
        </message>
        <message>
            <source>running a program is refused</source>
            <translation>ein Programm auszuführen wird verweigert</translation>
        </message>
        <message>
            <source>starting a process is refused</source>
            <translation>einen Prozess zu starten wird verweigert</translation>
        </message>
        <message>
            <source>mapping executable memory is refused</source>
            <translation>ausführbaren Speicher einzublenden wird verweigert</translation>
        </message>
        <message>
            <source>making memory executable is refused</source>
            <translation>Speicher ausführbar zu machen wird verweigert</translation>
        </message>
        <message>
            <source>plain memory can be mapped</source>
            <translation>gewöhnlicher Speicher ist zu haben</translation>
        </message>
        <message>
            <source>looking into a process is refused</source>
            <translation>in einen Prozess zu sehen wird verweigert</translation>
        </message>
        <message>
            <source>signalling another process is refused</source>
            <translation>einem anderen Prozess Signale zu senden wird verweigert</translation>
        </message>
        <message>
            <source>the process leaves no core dump</source>
            <translation>der Prozess hinterlässt keinen Core-Dump</translation>
        </message>
        <message>
            <source>a pseudonym for each secret</source>
            <translation>einem Pseudonym je Geheimnis</translation>
        </message>
        <message>
            <source>%1 fragment</source>
            <comment>of a secret in an encoding</comment>
            <translation>Bruchstück, %1</translation>
        </message>
        <message>
            <source>the copy is compressed as the original is</source>
            <translation>die Kopie ist gepackt wie das Original</translation>
        </message>
        <message>
            <source>the size is the certificate&apos;s</source>
            <translation>die Größe ist die des Zertifikats</translation>
        </message>
        <message>
            <source>the SHA-256 is the certificate&apos;s</source>
            <translation>der SHA-256 ist der des Zertifikats</translation>
        </message>
        <message>
            <source>Searching</source>
            <translation>Suche</translation>
        </message>
        <message>
            <source>1Password account</source>
            <translation>1Password-Konto</translation>
        </message>
        <message>
            <source>account</source>
            <translation>Konto</translation>
        </message>
        <message>
            <source>Azure service</source>
            <translation>Azure-Dienst</translation>
        </message>
        <message>
            <source>Azure storage account</source>
            <translation>Azure-Speicherkonto</translation>
        </message>
        <message>
            <source>cookie</source>
            <translation>Cookie</translation>
        </message>
        <message>
            <source>Discord user</source>
            <translation>Discord-Benutzer</translation>
        </message>
        <message>
            <source>Discord webhook</source>
            <translation>Discord-Webhook</translation>
        </message>
        <message>
            <source>field</source>
            <translation>Feld</translation>
        </message>
        <message>
            <source>GitLab route</source>
            <translation>GitLab-Route</translation>
        </message>
        <message>
            <source>Grafana key</source>
            <translation>Grafana-Schlüssel</translation>
        </message>
        <message>
            <source>header</source>
            <translation>Kopfzeile</translation>
        </message>
        <message>
            <source>host</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>kind of key</source>
            <translation>Art des Schlüssels</translation>
        </message>
        <message>
            <source>machine</source>
            <translation>Maschine</translation>
        </message>
        <message>
            <source>name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>PASETO</source>
            <translation>PASETO</translation>
        </message>
        <message>
            <source>registry</source>
            <translation>Registry</translation>
        </message>
        <message>
            <source>Salesforce organisation</source>
            <translation>Salesforce-Organisation</translation>
        </message>
        <message>
            <source>Sentry organisation</source>
            <translation>Sentry-Organisation</translation>
        </message>
        <message>
            <source>service account</source>
            <translation>Dienstkonto</translation>
        </message>
        <message>
            <source>Slack app</source>
            <translation>Slack-App</translation>
        </message>
        <message>
            <source>Slack team</source>
            <translation>Slack-Team</translation>
        </message>
        <message>
            <source>Telegram bot</source>
            <translation>Telegram-Bot</translation>
        </message>
        <message>
            <source>token id</source>
            <translation>Token-Kennung</translation>
        </message>
        <message>
            <source>kind of token</source>
            <translation>Art des Tokens</translation>
        </message>
        <message>
            <source>Twilio account</source>
            <translation>Twilio-Konto</translation>
        </message>
        <message>
            <source>variable</source>
            <translation>Variable</translation>
        </message>
        <message>
            <source>Comparing</source>
            <translation>Vergleich läuft</translation>
        </message>
        <message>
            <source>values of arguments and environment variables</source>
            <translation>Werte von Argumenten und Umgebungsvariablen</translation>
        </message>
        <message>
            <source>notes and streams of unknown kinds</source>
            <translation>Notizen und Ströme unbekannter Art</translation>
        </message>
        <message>
            <source>what only the check of a copy found</source>
            <translation>was erst die Prüfung einer Kopie fand</translation>
        </message>
        <message>
            <source>bytes that no part of the file claims</source>
            <translation>Bytes, die zu keinem Teil der Datei gehören</translation>
        </message>
        <message>
            <source>The promise: only stacks, selected registers, modules and loader data were kept.</source>
            <translation>Das Versprechen: Nur Stacks, ausgewählte Register, Module und Daten des Laders wurden behalten.</translation>
        </message>
        <message>
            <source>stacks</source>
            <translation>Stacks</translation>
        </message>
        <message>
            <source>thread control blocks</source>
            <translation>Steuerblöcke der Threads</translation>
        </message>
        <message>
            <source>loader data</source>
            <translation>Daten des Laders</translation>
        </message>
        <message>
            <source>modules</source>
            <translation>Module</translation>
        </message>
        <message>
            <source>headers and notes, with selected registers</source>
            <translation>Köpfe und Notizen, mit ausgewählten Registern</translation>
        </message>
        <message>
            <source>nothing is there but what the list of kept ranges names</source>
            <translation>nichts ist da, was die Liste der behaltenen Bereiche nicht nennt</translation>
        </message>
        <message>
            <source>minimising the original again keeps the same</source>
            <translation>das Original noch einmal verkleinert behält dasselbe</translation>
        </message>
        <message>
            <source>secrets</source>
            <translation>Geheimnisse</translation>
        </message>
        <message>
            <source>wallets</source>
            <translation>Geldbörsen (Wallets)</translation>
        </message>
        <message>
            <source>personal data</source>
            <translation>persönliche Daten</translation>
        </message>
        <message>
            <source>all of: %1</source>
            <comment>kind of bytes</comment>
            <translation>alles davon: %1</translation>
        </message>
        <message>
            <source>other private memory</source>
            <translation>anderer privater Speicher</translation>
        </message>
        <message>
            <source>writable data of files</source>
            <translation>beschreibbare Daten von Dateien</translation>
        </message>
        <message>
            <source>read-only pages of files</source>
            <translation>nur lesbare Seiten von Dateien</translation>
        </message>
        <message>
            <source>executable code</source>
            <translation>ausführbarer Code</translation>
        </message>
        <message>
            <source>thread and loader data</source>
            <translation>Daten von Threads und Lader</translation>
        </message>
        <message>
            <source>general registers</source>
            <translation>allgemeine Register</translation>
        </message>
        <message>
            <source>arguments and environment</source>
            <translation>Argumente und Umgebung</translation>
        </message>
        <message>
            <source>notes and streams</source>
            <translation>Notizen und Datenströme</translation>
        </message>
        <message>
            <source>scan: fill what is found</source>
            <translation>durchsuchen: Gefundenes füllen</translation>
        </message>
        <message>
            <source>keep, secrets included</source>
            <translation>behalten, samt Geheimnissen</translation>
        </message>
        <message>
            <source>fill all of it</source>
            <translation>alles füllen</translation>
        </message>
        <message>
            <source>With filled stacks backtraces end at their first frame.</source>
            <translation>Mit gefüllten Stacks enden Backtraces bei ihrem ersten Frame.</translation>
        </message>
        <message>
            <source>With filled data of a statically linked program a debugger may tell its threads by their numbers only.</source>
            <translation>Mit gefüllten Daten eines statisch gelinkten Programms kennt ein Debugger dessen Threads womöglich nur nach ihren Nummern.</translation>
        </message>
        <message>
            <source>With filled general registers there are no backtraces.</source>
            <translation>Mit gefüllten allgemeinen Registern gibt es keine Backtraces.</translation>
        </message>
        <message>
            <source>With filled loader data a debugger cannot tell what is loaded, and backtraces break.</source>
            <translation>Mit gefüllten Laderdaten kann ein Debugger nicht sagen, was geladen ist, und Backtraces brechen ab.</translation>
        </message>
        <message>
            <source>With filled pages of programs and libraries backtraces need the very same files.</source>
            <translation>Mit gefüllten Seiten von Programmen und Bibliotheken brauchen Backtraces genau dieselben Dateien.</translation>
        </message>
        <message>
            <source>filled whole: %1</source>
            <translation>ganz gefüllt: %1</translation>
        </message>
        <message>
            <source>kept as they were, secrets included: %1</source>
            <translation>unverändert behalten, samt Geheimnissen: %1</translation>
        </message>
        <message>
            <source>scanned: %1</source>
            <translation>durchsucht: %1</translation>
        </message>
        <message>
            <source>no secret was found that had to go and went whole</source>
            <translation>kein Geheimnis wurde gefunden, das weg musste und ganz weg ist</translation>
        </message>
        <message numerus="yes">
            <source>no copy of %n secrets remains</source>
            <translation>
                <numerusform>von einem Geheimnis bleibt keine Kopie</numerusform>
                <numerusform>von %Ln Geheimnissen bleibt keine Kopie</numerusform>
            </translation>
        </message>
        <message>
            <source>unknown secrets may remain in what was scanned or kept</source>
            <translation>unbekannte Geheimnisse können bleiben, wo durchsucht oder behalten wurde</translation>
        </message>
        <message>
            <source>unknown secrets may remain in what was kept</source>
            <translation>unbekannte Geheimnisse können bleiben, wo behalten wurde</translation>
        </message>
        <message>
            <source>unknown secrets may remain in what was scanned</source>
            <translation>unbekannte Geheimnisse können bleiben, wo durchsucht wurde</translation>
        </message>
        <message>
            <source>The promise: %1.</source>
            <translation>Das Versprechen: %1.</translation>
        </message>
        <message>
            <source>stays, since all of this is kept: %1</source>
            <comment>kind of bytes</comment>
            <translation>bleibt, denn dies wird ganz behalten: %1</translation>
        </message>
        <message>
            <source>kept classes are as they were</source>
            <translation>behaltene Arten von Bytes sind unverändert</translation>
        </message>
        <message>
            <source>filled classes hold nothing but fill</source>
            <translation>gefüllte Arten von Bytes enthalten nur Füllung</translation>
        </message>
        <message>
            <source>how long each secret was: the length of its place</source>
            <translation>wie lang jedes Geheimnis war: die Länge seiner Stelle</translation>
        </message>
        <message>
            <source>how long secrets were at %1 of %2 places; at the others the end of an allocation or text hides it</source>
            <translation>wie lang Geheimnisse an %1 von %2 Stellen waren; an den anderen verbirgt es das Ende eines belegten Speichers oder Textes</translation>
        </message>
        <message numerus="yes">
            <source>%n secrets get no pseudonym: there are so few values of that kind that equal ones would tell it.</source>
            <translation>
                <numerusform>Ein Geheimnis bekommt kein Pseudonym: Es gibt so wenige Werte dieser Art, dass gleiche es verrieten.</numerusform>
                <numerusform>%Ln Geheimnisse bekommen kein Pseudonym: Es gibt so wenige Werte dieser Art, dass gleiche sie verrieten.</numerusform>
            </translation>
        </message>
        <message>
            <source>shared with “%1”, which is redacted</source>
            <comment>title of a finding</comment>
            <translation>geteilt mit „%1“, das geschwärzt wird</translation>
        </message>
    </context>
    <context>
        <name>coredact::Bookmarks</name>
        <message>
            <source>label of a bookmark</source>
            <translation>Name eines Lesezeichens</translation>
        </message>
        <message>
            <source>Bookmark</source>
            <translation>Lesezeichen</translation>
        </message>
        <message>
            <source>Label</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>In</source>
            <translation>In</translation>
        </message>
        <message>
            <source>bookmark</source>
            <translation>Lesezeichen</translation>
        </message>
        <message>
            <source>remove the bookmark</source>
            <translation>Lesezeichen entfernen</translation>
        </message>
    </context>
    <context>
        <name>coredact::CheckList</name>
        <message>
            <source>Check</source>
            <translation>Prüfung</translation>
        </message>
        <message>
            <source>Outcome</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>Einzelheiten</translation>
        </message>
        <message>
            <source>Checks of the verification</source>
            <translation>Einzelne Prüfungen</translation>
        </message>
        <message>
            <source>waits</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>passed</source>
            <translation>bestanden</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>nicht bestanden</translation>
        </message>
        <message>
            <source>offset %1</source>
            <translation>Offset %1</translation>
        </message>
    </context>
    <context>
        <name>coredact::ClassTable</name>
        <message>
            <source>Kind of bytes</source>
            <translation>Art der Bytes</translation>
        </message>
        <message>
            <source>Bytes</source>
            <translation>Bytes</translation>
        </message>
        <message>
            <source>What becomes of them</source>
            <translation>Was mit ihnen geschieht</translation>
        </message>
        <message>
            <source>What becomes of each kind of bytes</source>
            <translation>Was mit jeder Art von Bytes geschieht</translation>
        </message>
    </context>
    <context>
        <name>coredact::CompareView</name>
        <message>
            <source>Bytes of the original</source>
            <translation>Bytes des Originals</translation>
        </message>
        <message>
            <source>Bytes of the copy</source>
            <translation>Bytes der Kopie</translation>
        </message>
        <message>
            <source>Original</source>
            <translation>Original</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopie</translation>
        </message>
        <message>
            <source>Progress of the comparison</source>
            <translation>Fortschritt des Vergleichs</translation>
        </message>
        <message>
            <source>Previous change</source>
            <translation>Vorige Änderung</translation>
        </message>
        <message>
            <source>Next change</source>
            <translation>Nächste Änderung</translation>
        </message>
        <message>
            <source>End the comparison</source>
            <translation>Vergleich beenden</translation>
        </message>
        <message>
            <source>Copy: %1</source>
            <comment>file name</comment>
            <translation>Kopie: %1</translation>
        </message>
        <message>
            <source>Original: %1</source>
            <comment>file name</comment>
            <translation>Original: %1</translation>
        </message>
        <message>
            <source>in no range of the plan</source>
            <translation>in keinem Bereich des Plans</translation>
        </message>
        <message>
            <source>no certificate says why</source>
            <translation>kein Zertifikat sagt, warum</translation>
        </message>
        <message>
            <source>offset %1</source>
            <translation>Offset %1</translation>
        </message>
        <message>
            <source>This file is no copy of the open dump: it has another size.</source>
            <translation>Diese Datei ist keine Kopie des offenen Dumps: Sie hat eine andere Größe.</translation>
        </message>
        <message>
            <source>Both files hold the same bytes.</source>
            <translation>Beide Dateien enthalten dieselben Bytes.</translation>
        </message>
        <message numerus="yes">
            <source>%n changes</source>
            <translation>
                <numerusform>%Ln Änderung</numerusform>
                <numerusform>%Ln Änderungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>More than %n changes; the first are shown.</source>
            <translation>
                <numerusform>Mehr als %Ln Änderung; die erste wird gezeigt.</numerusform>
                <numerusform>Mehr als %Ln Änderungen; die ersten werden gezeigt.</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 von %2</translation>
        </message>
    </context>
    <context>
        <name>coredact::DataPanel</name>
        <message>
            <source>Values at the cursor</source>
            <translation>Werte am Cursor</translation>
        </message>
    </context>
    <context>
        <name>coredact::DockButtons</name>
        <message>
            <source>Tables</source>
            <translation>Tabellen</translation>
        </message>
    </context>
    <context>
        <name>coredact::ExportDialog</name>
        <message>
            <source>Export and verify</source>
            <translation>Exportieren und prüfen</translation>
        </message>
        <message>
            <source>Export redacted copy</source>
            <translation>Geschwärzte Kopie exportieren</translation>
        </message>
        <message>
            <source>Working out what will change…</source>
            <translation>Es wird ermittelt, was sich ändert…</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Cancelling…</source>
            <translation>Wird abgebrochen…</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Minimising the dump and scanning what is kept…</source>
            <translation>Der Dump wird verkleinert und das Behaltene durchsucht…</translation>
        </message>
        <message>
            <source>Your decisions are kept.</source>
            <translation>Die Entscheidungen bleiben erhalten.</translation>
        </message>
        <message>
            <source>Scanning the dump again with a fresh engine…</source>
            <translation>Eine frische Engine durchsucht den Dump noch einmal…</translation>
        </message>
        <message>
            <source>Restart the engine</source>
            <translation>Engine neu starten</translation>
        </message>
    </context>
    <context>
        <name>coredact::FacetChip</name>
        <message numerus="yes">
            <source>%1, %n places</source>
            <comment>filter chip</comment>
            <translation>
                <numerusform>%1, %Ln Stelle</numerusform>
                <numerusform>%1, %Ln Stellen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %n findings</source>
            <comment>filter chip</comment>
            <translation>
                <numerusform>%1, %Ln Fund</numerusform>
                <numerusform>%1, %Ln Funde</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::FindingsModel</name>
        <message numerus="yes">
            <source>%1, %2, %3, %n places, %4</source>
            <comment>title, severity, confidence, verdict</comment>
            <translation>
                <numerusform>%1, %2, %3, %Ln Stelle, %4</numerusform>
                <numerusform>%1, %2, %3, %Ln Stellen, %4</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::FindingsPanel</name>
        <message>
            <source>Filter findings</source>
            <translation>Funde filtern</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Funde</translation>
        </message>
        <message numerus="yes">
            <source>%n places</source>
            <comment>of secrets</comment>
            <translation>
                <numerusform>%Ln Stelle</numerusform>
                <numerusform>%Ln Stellen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 of %2 secrets · %3</source>
            <comment>shown, all, places</comment>
            <translation>%1 von %2 Geheimnissen · %3</translation>
        </message>
        <message numerus="yes">
            <source>%n secrets</source>
            <comment>number of findings</comment>
            <translation>
                <numerusform>%Ln Geheimnis</numerusform>
                <numerusform>%Ln Geheimnisse</numerusform>
            </translation>
        </message>
        <message>
            <source>No findings</source>
            <translation>Keine Funde</translation>
        </message>
        <message>
            <source>No finding passes the filter</source>
            <translation>Kein Fund passt zum Filter</translation>
        </message>
    </context>
    <context>
        <name>coredact::FirstPage</name>
        <message>
            <source>Open a dump…</source>
            <translation>Dump öffnen…</translation>
        </message>
        <message>
            <source>Open the sample</source>
            <translation>Beispiel öffnen</translation>
        </message>
        <message>
            <source>Opening %1…</source>
            <comment>file</comment>
            <translation>%1 wird geöffnet…</translation>
        </message>
        <message>
            <source>See every secret in a crash dump</source>
            <translation>Jedes Geheimnis in einem Absturzabbild sehen</translation>
        </message>
        <message>
            <source>A sandboxed engine reads the file. The original is never written.</source>
            <translation>Eine Engine in einer Sandbox liest die Datei. Das Original wird nie beschrieben.</translation>
        </message>
        <message>
            <source>Drop a core dump or minidump here, or open one. You decide what is a secret, and hand on a verified copy without the secrets. Nothing leaves this machine.</source>
            <translation>Einen Core-Dump oder Minidump hierher ziehen oder öffnen, entscheiden, was geheim ist, und eine geprüfte Kopie ohne diese Geheimnisse weitergeben. Nichts verlässt diesen Rechner.</translation>
        </message>
    </context>
    <context>
        <name>coredact::GoToDialog</name>
        <message>
            <source>Go to</source>
            <translation>Gehe zu</translation>
        </message>
        <message>
            <source>An &amp;address (7f28c4a1e240), an offset in the file (@21e240 or +2220608)</source>
            <translation>Eine &amp;Adresse (7f28c4a1e240) oder ein Offset in der Datei (@21e240 oder +2220608)</translation>
        </message>
        <message>
            <source>Go</source>
            <translation>Los</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>coredact::HelpOverlay</name>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
    </context>
    <context>
        <name>coredact::HexOverview</name>
        <message>
            <source>Overview of the bytes</source>
            <translation>Übersicht der Bytes</translation>
        </message>
        <message>
            <source>Click or drag to scroll the bytes.</source>
            <translation>Klicken oder Ziehen rollt die Bytes.</translation>
        </message>
    </context>
    <context>
        <name>coredact::HexView</name>
        <message>
            <source>Address: %1</source>
            <translation>Adresse: %1</translation>
        </message>
        <message>
            <source>File offset: %1</source>
            <translation>Offset in der Datei: %1</translation>
        </message>
        <message>
            <source>Region: %1</source>
            <translation>Bereich: %1</translation>
        </message>
        <message>
            <source>Bytes of the dump</source>
            <translation>Bytes des Dumps</translation>
        </message>
        <message>
            <source>Arrow keys move, Shift selects, Tab goes to the text column.</source>
            <translation>Pfeiltasten bewegen, Umschalt wählt aus, Tab geht zur Textspalte.</translation>
        </message>
        <message>
            <source>The selection is too long for the clipboard; up to 1 MiB fits.</source>
            <translation>Die Auswahl ist zu lang für die Zwischenablage; bis zu 1 MiB passt.</translation>
        </message>
    </context>
    <context>
        <name>coredact::Inspector</name>
        <message>
            <source>%1; redacted like the rest</source>
            <comment>undecided</comment>
            <translation>%1; wird geschwärzt wie der Rest</translation>
        </message>
        <message>
            <source>Mask (%1)</source>
            <comment>button, seconds</comment>
            <translation>Maskieren (%1)</translation>
        </message>
        <message>
            <source>Reveal</source>
            <translation>Aufdecken</translation>
        </message>
        <message>
            <source>Select a finding to see what it is and what to do about it.</source>
            <translation>Ein ausgewählter Fund zeigt hier, was er ist und was zu tun ist.</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Note on this finding</source>
            <translation>Notiz zu diesem Fund</translation>
        </message>
        <message>
            <source>At the cursor</source>
            <translation>Am Cursor</translation>
        </message>
        <message>
            <source>Where</source>
            <translation>Wo</translation>
        </message>
        <message>
            <source>Identity</source>
            <translation>Identität</translation>
        </message>
        <message>
            <source>Rule</source>
            <translation>Regel</translation>
        </message>
        <message>
            <source>Verdict</source>
            <translation>Urteil</translation>
        </message>
        <message>
            <source>Redact</source>
            <translation>Schwärzen</translation>
        </message>
        <message>
            <source>Keep…</source>
            <translation>Behalten…</translation>
        </message>
        <message>
            <source>Places of this secret</source>
            <translation>Stellen dieses Geheimnisses</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <comment>regions</comment>
            <translation>
                <numerusform>%1 und %Ln weiterer</numerusform>
                <numerusform>%1 und %Ln weitere</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n places</source>
            <comment>of a secret</comment>
            <translation>
                <numerusform>%Ln Stelle</numerusform>
                <numerusform>%Ln Stellen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n encodings</source>
            <translation>
                <numerusform>%Ln Kodierung</numerusform>
                <numerusform>%Ln Kodierungen</numerusform>
            </translation>
        </message>
        <message>
            <source>Proof</source>
            <translation>Beweis</translation>
        </message>
        <message>
            <source>Evidence</source>
            <translation>Anhaltspunkt</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Was zu tun ist</translation>
        </message>
        <message>
            <source>Belongs to</source>
            <translation>Gehört zu</translation>
        </message>
        <message>
            <source>The dump is full of this word: only what stands beside such a name is redacted.</source>
            <translation>Der Dump ist voll von diesem Wort: nur was neben einem solchen Namen steht, wird geschwärzt.</translation>
        </message>
        <message>
            <source>Everybody has this key: it is redacted where it was recognised, and looked for nowhere else.</source>
            <translation>Diesen Schlüssel hat jeder: er wird geschwärzt, wo er erkannt wurde, und sonst nirgends gesucht.</translation>
        </message>
    </context>
    <context>
        <name>coredact::KeepDialog</name>
        <message>
            <source>Keep in the copy</source>
            <translation>In der Kopie behalten</translation>
        </message>
        <message numerus="yes">
            <source>The bytes of %n findings stay in the copy. Why?</source>
            <translation>
                <numerusform>Die Bytes von %Ln Fund bleiben in der Kopie. Warum?</numerusform>
                <numerusform>Die Bytes von %Ln Funden bleiben in der Kopie. Warum?</numerusform>
            </translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Note on this finding</source>
            <translation>Notiz zu diesem Fund</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>coredact::KeyButton</name>
        <message>
            <source>%1 (key %2)</source>
            <comment>button, key</comment>
            <translation>%1 (Taste %2)</translation>
        </message>
    </context>
    <context>
        <name>coredact::MainWindow</name>
        <message>
            <source>Coredact</source>
            <translation>Coredact</translation>
        </message>
        <message>
            <source>Restart the engine</source>
            <translation>Engine neu starten</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <source>Scan complete</source>
            <translation>Scan vollständig</translation>
        </message>
        <message>
            <source>Scan incomplete: see the summary</source>
            <translation>Scan unvollständig: siehe Übersicht</translation>
        </message>
        <message>
            <source>Not everything was looked into: %1</source>
            <comment>reason</comment>
            <translation>Nicht alles wurde durchsucht: %1</translation>
        </message>
        <message>
            <source>Not scanned</source>
            <translation>Nicht gescannt</translation>
        </message>
        <message>
            <source>%1 – Coredact</source>
            <comment>file</comment>
            <translation>%1 – Coredact</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 von %2</translation>
        </message>
        <message>
            <source>sandbox on</source>
            <translation>Sandbox an</translation>
        </message>
        <message>
            <source>sandbox incomplete</source>
            <translation>Sandbox unvollständig</translation>
        </message>
        <message>
            <source>offline</source>
            <translation>offline</translation>
        </message>
        <message>
            <source>network not denied</source>
            <translation>Netz nicht gesperrt</translation>
        </message>
        <message>
            <source>The engine can open no file, no socket and no other program; this window can reach no network.</source>
            <translation>Die Engine kann keine Datei, keinen Socket und kein anderes Programm öffnen; dieses Fenster erreicht kein Netz.</translation>
        </message>
        <message>
            <source>masked: part of a secret</source>
            <translation>maskiert: Teil eines Geheimnisses</translation>
        </message>
        <message>
            <source>&amp;Undo: %1</source>
            <translation>&amp;Rückgängig: %1</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>&amp;Redo: %1</source>
            <translation>&amp;Wiederholen: %1</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <source>Open a dump</source>
            <translation>Dump öffnen</translation>
        </message>
        <message>
            <source>Save report</source>
            <translation>Bericht speichern</translation>
        </message>
        <message>
            <source>Reports (*.html *.json *.sarif *.csv *.txt)</source>
            <translation>Berichte (*.html *.json *.sarif *.csv *.txt)</translation>
        </message>
        <message>
            <source>The report is saved. It holds no secret.</source>
            <translation>Der Bericht ist gespeichert. Er enthält kein Geheimnis.</translation>
        </message>
        <message>
            <source>Take over decisions of a session or an edited report</source>
            <translation>Entscheidungen einer Sitzung oder eines bearbeiteten Berichts übernehmen</translation>
        </message>
        <message>
            <source>Sessions and reports (*.coredact-session *.json);;All files (*)</source>
            <translation>Sitzungen und Berichte (*.coredact-session *.json);;Alle Dateien (*)</translation>
        </message>
        <message numerus="yes">
            <source>%n decisions were taken over.</source>
            <translation>
                <numerusform>%Ln Entscheidung wurde übernommen.</numerusform>
                <numerusform>%Ln Entscheidungen wurden übernommen.</numerusform>
            </translation>
        </message>
        <message>
            <source>Save session as</source>
            <translation>Sitzung speichern unter</translation>
        </message>
        <message>
            <source>The session is saved. It holds no secret.</source>
            <translation>Die Sitzung ist gespeichert. Sie enthält kein Geheimnis.</translation>
        </message>
        <message>
            <source>Sandbox of the engine</source>
            <translation>Sandbox der Engine</translation>
        </message>
        <message>
            <source>About Coredact</source>
            <translation>Über Coredact</translation>
        </message>
        <message>
            <source>Coredact %1</source>
            <comment>version</comment>
            <translation>Coredact %1</translation>
        </message>
        <message>
            <source>Opens crash dumps, shows the secrets in them, and hands on a redacted copy that was verified. It works offline and never writes the original.

Free software under the GNU General Public License, version 3 or later.</source>
            <translation>Öffnet Absturzabbilder, zeigt die Geheimnisse darin und gibt eine geschwärzte, geprüfte Kopie weiter. Es arbeitet ohne Netz und beschreibt nie das Original.

Freie Software unter der GNU General Public License, Version 3 oder neuer.</translation>
        </message>
        <message>
            <source>Bytes</source>
            <translation>Bytes</translation>
        </message>
        <message>
            <source>Summary</source>
            <translation>Übersicht</translation>
        </message>
        <message>
            <source>Regions</source>
            <translation>Bereiche</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Funde</translation>
        </message>
        <message>
            <source>Inspector</source>
            <translation>Inspektor</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>Threads</translation>
        </message>
        <message>
            <source>Modules</source>
            <translation>Module</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>&amp;Appearance</source>
            <translation>&amp;Erscheinung</translation>
        </message>
        <message>
            <source>&amp;Go</source>
            <translation>&amp;Gehe zu</translation>
        </message>
        <message>
            <source>&amp;Triage</source>
            <translation>&amp;Urteil</translation>
        </message>
        <message>
            <source>T&amp;ools</source>
            <translation>&amp;Werkzeuge</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>High contrast, light</source>
            <translation>Hoher Kontrast, hell</translation>
        </message>
        <message>
            <source>High contrast, dark</source>
            <translation>Hoher Kontrast, dunkel</translation>
        </message>
        <message>
            <source>Tool bar</source>
            <translation>Werkzeugleiste</translation>
        </message>
        <message>
            <source>Search the dump</source>
            <translation>Im Dump suchen</translation>
        </message>
        <message>
            <source>Your decisions are not being saved. %1</source>
            <translation>Die Entscheidungen werden nicht gespeichert. %1</translation>
        </message>
        <message numerus="yes">
            <source>%n decisions of an earlier session are back.</source>
            <translation>
                <numerusform>%Ln Entscheidung einer früheren Sitzung ist wieder da.</numerusform>
                <numerusform>%Ln Entscheidungen einer früheren Sitzung sind wieder da.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n fit no finding any more and are undecided again.</source>
            <translation>
                <numerusform>%Ln passt zu keinem Fund mehr und ist wieder offen.</numerusform>
                <numerusform>%Ln passen zu keinem Fund mehr und sind wieder offen.</numerusform>
            </translation>
        </message>
        <message>
            <source>one secret revealed</source>
            <translation>ein Geheimnis aufgedeckt</translation>
        </message>
        <message>
            <source>secrets masked</source>
            <translation>Geheimnisse maskiert</translation>
        </message>
        <message>
            <source>Scanning…</source>
            <translation>Wird gescannt…</translation>
        </message>
        <message>
            <source>Bookmarks</source>
            <translation>Lesezeichen</translation>
        </message>
        <message>
            <source>Search text, hex, regex, number  %1</source>
            <comment>key</comment>
            <translation>Text, Hex, Regex, Zahl suchen  %1</translation>
        </message>
        <message>
            <source>Text; bytes as de ad be ef or hex:deadbeef; a pointer as 0x7f…; a number as u16:, u32: or u64:; a regular expression as re:…; text: for everything else</source>
            <translation>Text; Bytes als de ad be ef oder hex:deadbeef; ein Zeiger als 0x7f…; eine Zahl als u16:, u32: oder u64:; ein regulärer Ausdruck als re:…; text: für alles andere</translation>
        </message>
        <message>
            <source>Compare with a copy</source>
            <translation>Mit einer Kopie vergleichen</translation>
        </message>
        <message>
            <source>Comparison</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <source>Scan complete, without the rules for %1</source>
            <comment>packs</comment>
            <translation>Suche vollständig, ohne die Regeln für %1</translation>
        </message>
        <message>
            <source>%1 is a folder: open the dumps in it one by one, or give the whole folder to “coredact-cli scan”.</source>
            <comment>name</comment>
            <translation>%1 ist ein Ordner: die Dumps darin einzeln öffnen oder den ganzen Ordner „coredact-cli scan“ geben.</translation>
        </message>
        <message>
            <source>This is no kind of dump that Coredact knows. All of it was scanned as plain bytes, without addresses, regions and threads.</source>
            <translation>Coredact kennt keine solche Art von Dump. Alles wurde als einfache Bytes durchsucht, ohne Adressen, Bereiche und Threads.</translation>
        </message>
        <message>
            <source>Your decisions are kept.</source>
            <translation>Die Entscheidungen bleiben erhalten.</translation>
        </message>
    </context>
    <context>
        <name>coredact::MemoryMapStrip</name>
        <message>
            <source>not memory
file offset %1 · %2</source>
            <translation>kein Speicher
Offset in der Datei %1 · %2</translation>
        </message>
        <message>
            <source>not in the dump</source>
            <translation>nicht im Dump</translation>
        </message>
        <message numerus="yes">
            <source>%n place(s) of findings here</source>
            <translation>
                <numerusform>hier %Ln Stelle von Funden</numerusform>
                <numerusform>hier %Ln Stellen von Funden</numerusform>
            </translation>
        </message>
        <message>
            <source>address %1, %2</source>
            <translation>Adresse %1, %2</translation>
        </message>
        <message>
            <source>file offset %1, %2</source>
            <translation>Offset in der Datei %1, %2</translation>
        </message>
        <message>
            <source>Memory map</source>
            <translation>Speicherkarte</translation>
        </message>
        <message>
            <source>Arrow keys move along the address space, with Ctrl from finding to finding, Enter goes there, plus and minus zoom.</source>
            <translation>Pfeiltasten bewegen durch den Adressraum, mit Strg von Fund zu Fund, Eingabe geht dorthin, Plus und Minus ändern den Maßstab.</translation>
        </message>
        <message>
            <source>thread %1</source>
            <translation>Thread %1</translation>
        </message>
        <message>
            <source>stack of %1</source>
            <translation>Stack von %1</translation>
        </message>
        <message>
            <source>crash: %1, pc %2</source>
            <translation>Absturz: %1, pc %2</translation>
        </message>
        <message>
            <source>notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <source>bytes of the file</source>
            <translation>Bytes der Datei</translation>
        </message>
        <message>
            <source>stopped: %1, pc %2</source>
            <translation>angehalten: %1, pc %2</translation>
        </message>
    </context>
    <context>
        <name>coredact::MessageBar</name>
        <message>
            <source>Dismiss</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Dismiss the message</source>
            <translation>Meldung schließen</translation>
        </message>
    </context>
    <context>
        <name>coredact::ModeChoice</name>
        <message>
            <source>&amp;Redact</source>
            <translation>&amp;Schwärzen</translation>
        </message>
        <message>
            <source>&amp;Minimise</source>
            <translation>&amp;Verkleinern</translation>
        </message>
        <message>
            <source>All but the secrets stays in the copy.</source>
            <translation>Alles außer den Geheimnissen bleibt in der Kopie.</translation>
        </message>
        <message>
            <source>What backtraces do not need goes from the copy, and the secrets from the rest.</source>
            <translation>Was Backtraces nicht brauchen, fehlt in der Kopie, und aus dem Rest die Geheimnisse.</translation>
        </message>
        <message>
            <source>C&amp;ustom</source>
            <translation>E&amp;igene Wahl</translation>
        </message>
        <message>
            <source>You choose for each kind of bytes: scan, keep or fill.</source>
            <translation>Sie wählen für jede Art von Bytes: durchsuchen, behalten oder füllen.</translation>
        </message>
        <message>
            <source>What is scanned, kept and filled, you choose by kind of bytes.</source>
            <translation>Was durchsucht, behalten und gefüllt wird, wählen Sie je Art von Bytes.</translation>
        </message>
    </context>
    <context>
        <name>coredact::ModulesModel</name>
        <message>
            <source>Module</source>
            <translation>Modul</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Build id</source>
            <translation>Build-ID</translation>
        </message>
    </context>
    <context>
        <name>coredact::Navigator</name>
        <message>
            <source>This is no address and no offset.</source>
            <translation>Das ist weder Adresse noch Offset.</translation>
        </message>
        <message>
            <source>The file ends before offset %1.</source>
            <translation>Die Datei endet vor Offset %1.</translation>
        </message>
        <message>
            <source>%1 was mapped (%2), but its bytes are not in the dump.</source>
            <comment>address, region</comment>
            <translation>%1 war eingeblendet (%2), aber die Bytes sind nicht im Dump.</translation>
        </message>
        <message>
            <source>Nothing was mapped at %1.</source>
            <translation>Bei %1 war nichts eingeblendet.</translation>
        </message>
        <message>
            <source>This is nothing to search for.</source>
            <translation>Danach lässt sich nicht suchen.</translation>
        </message>
        <message>
            <source>Found, from the other end of the file</source>
            <translation>Gefunden, vom anderen Ende der Datei her</translation>
        </message>
        <message>
            <source>Found at offset %1</source>
            <translation>Gefunden bei Offset %1</translation>
        </message>
        <message>
            <source>Not found</source>
            <translation>Nicht gefunden</translation>
        </message>
        <message>
            <source>Search cancelled</source>
            <translation>Suche abgebrochen</translation>
        </message>
    </context>
    <context>
        <name>coredact::OccurrencesModel</name>
        <message numerus="yes">
            <source>%n bytes</source>
            <translation>
                <numerusform>%Ln Byte</numerusform>
                <numerusform>%Ln Bytes</numerusform>
            </translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Written as</source>
            <translation>Geschrieben als</translation>
        </message>
        <message>
            <source>Region</source>
            <translation>Bereich</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
    </context>
    <context>
        <name>coredact::OutcomePage</name>
        <message>
            <source>Open folder</source>
            <translation>Ordner öffnen</translation>
        </message>
        <message>
            <source>Nothing was written: no copy and no certificate exist.</source>
            <translation>Nichts wurde geschrieben: Es gibt weder Kopie noch Zertifikat.</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <source>The export failed</source>
            <translation>Der Export ist gescheitert</translation>
        </message>
        <message>
            <source>The copy did not pass its verification</source>
            <translation>Die Kopie hat die Prüfung nicht bestanden</translation>
        </message>
        <message numerus="yes">
            <source>The copy broke the promise in %n places, so it was thrown away.</source>
            <translation>
                <numerusform>Die Kopie brach das Versprechen an %Ln Stelle und wurde verworfen.</numerusform>
                <numerusform>Die Kopie brach das Versprechen an %Ln Stellen und wurde verworfen.</numerusform>
            </translation>
        </message>
        <message>
            <source>Verified. The redacted copy is ready.</source>
            <translation>Geprüft. Die geschwärzte Kopie ist fertig.</translation>
        </message>
        <message>
            <source>Copy: %1</source>
            <comment>path</comment>
            <translation>Kopie: %1</translation>
        </message>
        <message>
            <source>Certificate: %1</source>
            <comment>path</comment>
            <translation>Zertifikat: %1</translation>
        </message>
        <message>
            <source>%1 of %2 changed</source>
            <comment>bytes, bytes</comment>
            <translation>%1 von %2 geändert</translation>
        </message>
        <message>
            <source>Compare with the original</source>
            <translation>Mit dem Original vergleichen</translation>
        </message>
        <message>
            <source>Signed by: %1</source>
            <comment>fingerprint</comment>
            <translation>Signiert von: %1</translation>
        </message>
        <message>
            <source>Signature: %1</source>
            <comment>path</comment>
            <translation>Signatur: %1</translation>
        </message>
        <message>
            <source>%1 of %2 kept</source>
            <comment>bytes, bytes</comment>
            <translation>%1 von %2 behalten</translation>
        </message>
        <message numerus="yes">
            <source>Copies of this dump were made before under %n other policies. Who has both sees in one what the other hides: hand on one of them.</source>
            <translation>
                <numerusform>Kopien dieses Dumps wurden schon mit einer anderen Wahl gemacht. Wer beide hat, sieht in der einen, was die andere verbirgt: Geben Sie nur eine weiter.</numerusform>
                <numerusform>Kopien dieses Dumps wurden schon mit %Ln anderen Wahlen gemacht. Wer zwei hat, sieht in der einen, was die andere verbirgt: Geben Sie nur eine weiter.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::PacksDialog</name>
        <message>
            <source>&amp;Secrets: keys, tokens, passwords</source>
            <translation>&amp;Geheimnisse: Schlüssel, Token, Passwörter</translation>
        </message>
        <message>
            <source>&amp;Wallets: their keys and recovery phrases</source>
            <translation>&amp;Wallets: ihre Schlüssel und Wiederherstellungsphrasen</translation>
        </message>
        <message>
            <source>&amp;Personal data: cards, bank accounts, people</source>
            <translation>&amp;Persönliche Daten: Karten, Bankkonten, Personen</translation>
        </message>
        <message>
            <source>redact</source>
            <translation>schwärzen</translation>
        </message>
        <message>
            <source>show, and leave in the copy</source>
            <translation>zeigen, und in der Kopie lassen</translation>
        </message>
        <message>
            <source>off: do not look for them</source>
            <translation>aus: nicht danach suchen</translation>
        </message>
        <message>
            <source>Rule packs</source>
            <translation>Regelpakete</translation>
        </message>
        <message>
            <source>What becomes of what a pack of rules finds. A finding that you decided on yourself stays as you decided. Certificates say which packs were left in place or off.</source>
            <translation>Was aus dem wird, was ein Paket von Regeln findet. Über was Sie selbst entschieden haben, das bleibt so. Zertifikate sagen, welche Pakete belassen wurden oder aus waren.</translation>
        </message>
        <message>
            <source>Apply</source>
            <translation>Anwenden</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>coredact::PlanPage</name>
        <message>
            <source>What changes</source>
            <translation>Was sich ändert</translation>
        </message>
        <message>
            <source>Secrets</source>
            <translation>Geheimnisse</translation>
        </message>
        <message>
            <source>Ranges</source>
            <translation>Stellen</translation>
        </message>
        <message>
            <source>Bytes</source>
            <translation>Bytes</translation>
        </message>
        <message>
            <source>What the export changes and keeps</source>
            <translation>Was der Export ändert und behält</translation>
        </message>
        <message>
            <source>Path of the copy</source>
            <translation>Pfad der Kopie</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>Durchsuchen…</translation>
        </message>
        <message>
            <source>&amp;Copy to</source>
            <translation>&amp;Kopie nach</translation>
        </message>
        <message>
            <source>Wipe floating-point and vector registers</source>
            <translation>Gleitkomma- und Vektorregister löschen</translation>
        </message>
        <message>
            <source>They often hold keys; stack traces do not need them.</source>
            <translation>Sie enthalten oft Schlüssel; Stacktraces brauchen sie nicht.</translation>
        </message>
        <message>
            <source>Wipe the random seed of the process</source>
            <translation>Zufallsstartwert des Prozesses löschen</translation>
        </message>
        <message>
            <source>Keep a private record beside the copy</source>
            <translation>Einen privaten Nachweis neben die Kopie legen</translation>
        </message>
        <message>
            <source>It proves later which original the copy came from. Do not hand it on.</source>
            <translation>Er belegt später, aus welchem Original die Kopie stammt. Nicht weitergeben.</translation>
        </message>
        <message>
            <source>&amp;Overwrite with</source>
            <translation>&amp;Überschreiben mit</translation>
        </message>
        <message>
            <source>Path of the redacted copy</source>
            <translation>Pfad der geschwärzten Kopie</translation>
        </message>
        <message numerus="yes">
            <source>%1 will be overwritten to remove %n secrets.</source>
            <comment>bytes; secrets</comment>
            <translation>
                <numerusform>%1 werden überschrieben, um %Ln Geheimnis zu entfernen.</numerusform>
                <numerusform>%1 werden überschrieben, um %Ln Geheimnisse zu entfernen.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them are undecided: they are redacted too.</source>
            <translation>
                <numerusform>%Ln davon ist offen und wird auch geschwärzt.</numerusform>
                <numerusform>%Ln davon sind offen und werden auch geschwärzt.</numerusform>
            </translation>
        </message>
        <message>
            <source>By kind of secret</source>
            <translation>Nach Art des Geheimnisses</translation>
        </message>
        <message>
            <source>By place</source>
            <translation>Nach Ort</translation>
        </message>
        <message>
            <source>What stays, and why</source>
            <translation>Was bleibt, und warum</translation>
        </message>
        <message>
            <source>no reason given</source>
            <translation>kein Grund angegeben</translation>
        </message>
        <message>
            <source>Conflicts</source>
            <translation>Konflikte</translation>
        </message>
        <message>
            <source>Say where the copy goes.</source>
            <translation>Sagen Sie, wohin die Kopie kommt.</translation>
        </message>
        <message>
            <source>This is a folder; a file name is missing.</source>
            <translation>Das ist ein Ordner; der Dateiname fehlt.</translation>
        </message>
        <message>
            <source>This file exists. A file is never replaced.</source>
            <translation>Diese Datei gibt es schon. Eine Datei wird nie ersetzt.</translation>
        </message>
        <message>
            <source>There is no folder %1.</source>
            <translation>Es gibt keinen Ordner %1.</translation>
        </message>
        <message>
            <source>You may not write into this folder.</source>
            <translation>In diesen Ordner dürfen Sie nicht schreiben.</translation>
        </message>
        <message>
            <source>Fill the values of arguments and environment variables</source>
            <translation>Werte von Argumenten und Umgebungsvariablen überschreiben</translation>
        </message>
        <message>
            <source>Passwords are often given that way. The names stay. Without this, values stay where they are no found secret.</source>
            <translation>So werden oft Passwörter übergeben. Die Namen bleiben. Ohne dies bleiben Werte stehen, soweit sie kein gefundenes Geheimnis sind.</translation>
        </message>
        <message>
            <source>Strict: fill also what Coredact does not know</source>
            <translation>Streng: auch überschreiben, was Coredact nicht kennt</translation>
        </message>
        <message>
            <source>Notes and streams of unknown kinds, and bytes that no part of the file claims. They are scanned in any case; a debugger may miss them.</source>
            <translation>Notizen und Ströme unbekannter Art und Bytes, die zu keinem Teil der Datei gehören. Durchsucht werden sie in jedem Fall; einem Debugger können sie fehlen.</translation>
        </message>
        <message>
            <source>Mode</source>
            <translation>Modus</translation>
        </message>
        <message>
            <source>All that the minimised copy holds</source>
            <translation>Alles, was die verkleinerte Kopie enthält</translation>
        </message>
        <message>
            <source>Hide how long secrets are</source>
            <translation>Verbergen, wie lang Geheimnisse sind</translation>
        </message>
        <message>
            <source>Fills up to the end of the allocation, or of the text, that holds a secret. What stands behind it in there goes too.</source>
            <translation>Füllt bis zum Ende des belegten Speichers oder des Textes, der ein Geheimnis enthält. Was darin dahinter steht, geht mit.</translation>
        </message>
        <message>
            <source>%1 will be overwritten. No secret was found that has to go.</source>
            <comment>bytes</comment>
            <translation>%1 werden überschrieben. Kein Geheimnis wurde gefunden, das weg muss.</translation>
        </message>
    </context>
    <context>
        <name>coredact::PreviewView</name>
        <message>
            <source>Text around the secret, masked</source>
            <translation>Text um das Geheimnis, maskiert</translation>
        </message>
    </context>
    <context>
        <name>coredact::RegionModel</name>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>Gesichert</translation>
        </message>
        <message>
            <source>Access</source>
            <translation>Zugriff</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Funde</translation>
        </message>
    </context>
    <context>
        <name>coredact::RegionTable</name>
        <message>
            <source>Only with findings</source>
            <translation>Nur mit Funden</translation>
        </message>
        <message>
            <source>Filter by name, kind, access or address</source>
            <translation>Nach Name, Art, Zugriff oder Adresse filtern</translation>
        </message>
        <message>
            <source>Filter of the regions</source>
            <translation>Filter der Bereiche</translation>
        </message>
        <message>
            <source>Regions</source>
            <translation>Bereiche</translation>
        </message>
        <message>
            <source>%1 of %2 regions</source>
            <translation>%1 von %2 Bereichen</translation>
        </message>
        <message numerus="yes">
            <source>%n regions</source>
            <translation>
                <numerusform>%Ln Bereich</numerusform>
                <numerusform>%Ln Bereiche</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>coredact::SigningChoice</name>
        <message>
            <source>&amp;Sign the certificate with the key</source>
            <translation>Das Zertifikat &amp;signieren mit dem Schlüssel</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>Durchsuchen…</translation>
        </message>
        <message>
            <source>An Ed25519 key as coredact-cli keygen makes it, without a passphrase. Only this window reads it, and it remembers nothing of it.</source>
            <translation>Ein Ed25519-Schlüssel, wie coredact-cli keygen ihn macht, ohne Passphrase. Nur dieses Fenster liest ihn, und es merkt sich nichts davon.</translation>
        </message>
        <message>
            <source>Path of the signing key</source>
            <translation>Pfad des Signaturschlüssels</translation>
        </message>
        <message>
            <source>private key file</source>
            <translation>Datei des privaten Schlüssels</translation>
        </message>
        <message>
            <source>Say which key signs.</source>
            <translation>Sagen Sie, welcher Schlüssel signiert.</translation>
        </message>
        <message>
            <source>Public key: %1</source>
            <comment>fingerprint</comment>
            <translation>Öffentlicher Schlüssel: %1</translation>
        </message>
        <message>
            <source>Key that signs the certificate</source>
            <translation>Schlüssel, der das Zertifikat signiert</translation>
        </message>
    </context>
    <context>
        <name>coredact::StatusLine</name>
        <message>
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>%1 in file</source>
            <comment>size</comment>
            <translation>%1 in der Datei</translation>
        </message>
        <message>
            <source>%1, %2 covered</source>
            <comment>&apos;25 MB in file&apos;, share</comment>
            <translation>%1, %2 erfasst</translation>
        </message>
    </context>
    <context>
        <name>coredact::SummaryPage</name>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>Compressed</source>
            <translation>Gepackt</translation>
        </message>
        <message>
            <source>%1, %2 as it lies there</source>
            <comment>names, size</comment>
            <translation>%1, %2 auf der Platte</translation>
        </message>
        <message>
            <source>Content</source>
            <translation>Inhalt</translation>
        </message>
        <message>
            <source>Process</source>
            <translation>Prozess</translation>
        </message>
        <message>
            <source>Process id</source>
            <translation>Prozess-ID</translation>
        </message>
        <message>
            <source>Architecture</source>
            <translation>Architektur</translation>
        </message>
        <message>
            <source>Ended by</source>
            <translation>Beendet durch</translation>
        </message>
        <message>
            <source>Fault address</source>
            <translation>Fehleradresse</translation>
        </message>
        <message>
            <source>Modules</source>
            <translation>Module</translation>
        </message>
        <message>
            <source>Regions</source>
            <translation>Bereiche</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Funde</translation>
        </message>
        <message>
            <source>Secrets</source>
            <translation>Geheimnisse</translation>
        </message>
        <message numerus="yes">
            <source>%1 in %n places</source>
            <translation>
                <numerusform>%1 an %Ln Stelle</numerusform>
                <numerusform>%1 an %Ln Stellen</numerusform>
            </translation>
        </message>
        <message>
            <source>Coverage</source>
            <translation>Erfassung</translation>
        </message>
        <message>
            <source>Scanned</source>
            <translation>Gescannt</translation>
        </message>
        <message>
            <source>%1 of %2 (%3)</source>
            <comment>bytes, bytes, share</comment>
            <translation>%1 von %2 (%3)</translation>
        </message>
        <message>
            <source>not complete</source>
            <translation>nicht vollständig</translation>
        </message>
        <message>
            <source>Not scanned</source>
            <translation>Nicht gescannt</translation>
        </message>
        <message>
            <source>%1 from offset %2: %3</source>
            <comment>size, offset, reason</comment>
            <translation>%1 ab Offset %2: %3</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>offset %1: %2</source>
            <comment>offset, message</comment>
            <translation>Offset %1: %2</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>Threads</translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <comment>threads</comment>
            <translation>
                <numerusform>und %Ln weiterer</numerusform>
                <numerusform>und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>at %1</source>
            <comment>address</comment>
            <translation>bei %1</translation>
        </message>
        <message>
            <source>at %1 in %2</source>
            <comment>address, module</comment>
            <translation>bei %1 in %2</translation>
        </message>
        <message>
            <source>Protection</source>
            <translation>Schutz</translation>
        </message>
        <message>
            <source>Engine</source>
            <translation>Engine</translation>
        </message>
        <message>
            <source>sandboxed: no files, no network, no other programs</source>
            <translation>in einer Sandbox: keine Dateien, kein Netz, keine anderen Programme</translation>
        </message>
        <message>
            <source>Missing</source>
            <translation>Fehlt</translation>
        </message>
        <message>
            <source>Stopped by</source>
            <translation>Angehalten durch</translation>
        </message>
    </context>
    <context>
        <name>coredact::ThreadsModel</name>
        <message>
            <source>Thread</source>
            <translation>Thread</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Signal</source>
            <translation>Signal</translation>
        </message>
        <message>
            <source>Program counter</source>
            <translation>Befehlszeiger</translation>
        </message>
        <message>
            <source>In</source>
            <translation>In</translation>
        </message>
        <message>
            <source>Stack pointer</source>
            <translation>Stapelzeiger</translation>
        </message>
    </context>
    <context>
        <name>coredact::TriageControl</name>
        <message>
            <source>keep</source>
            <translation>behalten</translation>
        </message>
    </context>
    <context>
        <name>coredact::Verdicts</name>
        <message numerus="yes">
            <source>%1 (%n findings)</source>
            <comment>undo text: verdict</comment>
            <translation>
                <numerusform>%1 (%Ln Fund)</numerusform>
                <numerusform>%1 (%Ln Funde)</numerusform>
            </translation>
        </message>
        <message>
            <source>note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>decisions of a session</source>
            <translation>Entscheidungen einer Sitzung</translation>
        </message>
    </context>
    <context>
        <name>coredact::WorkPage</name>
        <message>
            <source>Progress of the export</source>
            <translation>Fortschritt des Exports</translation>
        </message>
        <message>
            <source>The copy gets its name only after a fresh engine has verified it.</source>
            <translation>Die Kopie bekommt ihren Namen erst, nachdem eine frische Engine sie geprüft hat.</translation>
        </message>
    </context>
    <context>
        <name>main</name>
        <message>
            <source>Shows the secrets in crash dumps and hands on redacted, verified copies.</source>
            <translation>Zeigt die Geheimnisse in Absturzabbildern und gibt geschwärzte, geprüfte Kopien weiter.</translation>
        </message>
        <message>
            <source>Dumps to open, each in a window.</source>
            <translation>Zu öffnende Dumps, jeder in einem Fenster.</translation>
        </message>
    </context>
</TS>
