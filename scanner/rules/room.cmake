# SPDX-License-Identifier: GPL-3.0-or-later
# Detectors in code: each one's own file comes from rules.def, what they share stands here.
set(detector_shared
    rules/detectors.cpp
    rules/knownkeys.cpp
    rules/anchorpass.cpp
    rules/byteanchor.cpp
    rules/generatedrule.cpp
    rules/anchors/kernelavx2.cpp
    rules/anchors/kernelavx512.cpp
    rules/anchors/tables.cpp
    rules/walk.cpp
    rules/aes/field.cpp
    rules/aes/generator.cpp
    rules/aes/kernelavx2.cpp
    rules/aes/kernelavx512.cpp
    rules/aes/kernelportable.cpp
    rules/aes/kernels.cpp
    rules/aes/kernelsse2.cpp
    rules/aes/schedule.cpp
    rules/ciphers/aria.cpp
    rules/ciphers/blockkeys.cpp
    rules/ciphers/blowfish.cpp
    rules/ciphers/camellia.cpp
    rules/ciphers/camelliasubkeys.cpp
    rules/ciphers/foldedcamellia.cpp
    rules/ciphers/cast5.cpp
    rules/ciphers/des.cpp
    rules/ciphers/descopies.cpp
    rules/ciphers/islands.cpp
    rules/ciphers/rc2.cpp
    rules/ciphers/rc4.cpp
    rules/ciphers/samples.cpp
    rules/ciphers/seed.cpp
    rules/ciphers/sm4.cpp
    rules/hmac/gopads.cpp
    rules/hmac/keyedhash.cpp
    rules/hmac/pads.cpp
    rules/hmac/states.cpp
    rules/keys/anchors.cpp
    rules/keys/barekeys.cpp
    rules/keys/base64.cpp
    rules/keys/base64lines.cpp
    rules/keys/bignumber.cpp
    rules/keys/certificates.cpp
    rules/keys/collectedstrings.cpp
    rules/keys/der.cpp
    rules/keys/derkey.cpp
    rules/keys/dsaremains.cpp
    rules/keys/eckey.cpp
    rules/keys/ecremains.cpp
    rules/keys/foreignnumbers.cpp
    rules/keys/gomasters.cpp
    rules/keys/heapkeys.cpp
    rules/keys/helddh.cpp
    rules/keys/heldec.cpp
    rules/keys/heldlog.cpp
    rules/keys/heldokp.cpp
    rules/keys/heldrsa.cpp
    rules/keys/hotspot.cpp
    rules/keys/hprof.cpp
    rules/keys/javastore.cpp
    rules/keys/javatypes.cpp
    rules/keys/jsonkey.cpp
    rules/keys/keyislands.cpp
    rules/keys/krbfiles.cpp
    rules/keys/limbs.cpp
    rules/keys/lsakey.cpp
    rules/keys/moduli.cpp
    rules/keys/moduliinuse.cpp
    rules/keys/nametexts.cpp
    rules/keys/lowbits.cpp
    rules/keys/needles.cpp
    rules/keys/nettlescalars.cpp
    rules/keys/numberkeys.cpp
    rules/keys/okpkey.cpp
    rules/keys/onionkey.cpp
    rules/keys/opensslbignums.cpp
    rules/keys/otherder.cpp
    rules/keys/pemtext.cpp
    rules/keys/pgpkey.cpp
    rules/keys/primescan.cpp
    rules/keys/primesearch.cpp
    rules/keys/privatekey.cpp
    rules/keys/puttykey.cpp
    rules/keys/pythonattributes.cpp
    rules/keys/pythonobjects.cpp
    rules/keys/pythonvariables.cpp
    rules/keys/residues.cpp
    rules/keys/rsader.cpp
    rules/keys/rsaforms.cpp
    rules/keys/rsafragments.cpp
    rules/keys/rsakey.cpp
    rules/keys/rsaleftovers.cpp
    rules/keys/rsaremains.cpp
    rules/keys/rubyvariables.cpp
    rules/keys/sessionticket.cpp
    rules/keys/sexpkey.cpp
    rules/keys/shielded.cpp
    rules/keys/signedtokens.cpp
    rules/keys/sshkey.cpp
    rules/keys/structurewords.cpp
    rules/keys/symcryptobjects.cpp
    rules/keys/tablerounds.cpp
    rules/keys/tablerules.cpp
    rules/keys/tablestrings.cpp
    rules/keys/textwords.cpp
    rules/keys/tlskeys.cpp
    rules/keys/tlssecrets.cpp
    rules/keys/tlssession.cpp
    rules/keys/tokenharvest.cpp
    rules/keys/v8heap.cpp
    rules/keys/winkeys.cpp
    rules/keys/wordruns.cpp
    rules/keys/wrappedcache.cpp
    rules/keys/xmlkey.cpp)
# Text rules and their loader; the default rule files become part of the library.
file(GLOB default_rules CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/resources/rules/*.toml")
string(REPLACE ";" "," default_rules_list "${default_rules}")
set(embedded_rules "${CMAKE_CURRENT_BINARY_DIR}/defaultrules.cpp")
add_custom_command(OUTPUT "${embedded_rules}"
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${embedded_rules}" "-DFILES=${default_rules_list}"
        -P "${CMAKE_SOURCE_DIR}/cmake/EmbedRules.cmake"
    DEPENDS ${default_rules} "${CMAKE_SOURCE_DIR}/cmake/EmbedRules.cmake"
    VERBATIM)
set(textrule_sources
    "${embedded_rules}"
    scan/finding.cpp # its types are the rules' too
    rules/byteclass.cpp
    rules/classruns.cpp
    rules/automaton.cpp
    rules/automatoncache.cpp
    rules/codec.cpp
    rules/compiledrule.cpp
    rules/constantruns.cpp
    rules/judge.cpp
    rules/chosentext.cpp
    rules/generatedtext.cpp
    rules/textrarity.cpp
    rules/noise.cpp
    rules/pattern.cpp
    rules/prefilter.cpp
    rules/regex/probe.cpp
    rules/regex/signprobe.cpp
    rules/regex/text.cpp
    rules/regex/tree.cpp
    rules/regex/words.cpp
    rules/rulecheck.cpp
    rules/rulefields.cpp
    rules/rulefile.cpp
    rules/ruleset.cpp
    rules/runbuilder.cpp
    rules/signfinder.cpp
    rules/textruns.cpp
    rules/textscanner.cpp
    rules/wordfinder.cpp
    rules/writtenbytes.cpp
    rules/words/kernel.cpp
    rules/validators/aws.cpp
    rules/validators/azure.cpp
    rules/validators/codehosting.cpp
    rules/validators/foreignpasswords.cpp
    rules/validators/json.cpp
    rules/validators/keytexts.cpp
    rules/validators/jwt.cpp
    rules/validators/passwords.cpp
    rules/validators/keyedvalue.cpp
    rules/validators/nearvalue.cpp
    rules/validators/passwordvalues.cpp
    rules/validators/base58.cpp
    rules/validators/bip39words.cpp
    rules/validators/digits.cpp
    rules/validators/mnemonic.cpp
    rules/validators/nationalids.cpp
    rules/validators/payment.cpp
    rules/validators/travel.cpp
    rules/validators/wallets.cpp
    rules/validators/services.cpp
    rules/validators/tokens.cpp
    rules/validators/validators.cpp)

coredact_room(rules
    SOURCES ${detector_sources} ${detector_shared} ${textrule_sources}
    LINK coredact_dump coredact_io coredact_base OpenSSL::Crypto PkgConfig::HYPERSCAN
        PkgConfig::RE2 PkgConfig::TOMLPLUSPLUS nlohmann_json::nlohmann_json)

# Its loops over rows of masks are worth vectors only where the compiler may weigh that: at -O2 GCC
# makes none. Not where somebody debugs.
set_source_files_properties(rules/runbuilder.cpp PROPERTIES
    COMPILE_OPTIONS "$<$<NOT:$<CONFIG:Debug>>:-O3>")
