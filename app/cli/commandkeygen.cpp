// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "app/cli/keyfile.h"
#include "app/cli/messages.h"
#include "app/cli/reportfile.h"

#include <CLI/CLI.hpp>

namespace coredact::cli {

namespace {

int makeKey(const std::string& path, StopSignal& stop)
{
    ProgressLine progress(ProgressMode::Never);
    Surroundings around {stop, progress};
    const auto key = SigningKey::make();
    if (!key)
        return failed(around, key.error());
    if (const Status written = writeKeyPair(*key, path); !written)
        return failed(around, written.error());
    const std::string text = "Private key: " + path + "\nPublic key:  " + path
        + ".pub\nFingerprint: " + key->publicKey().fingerprint() + "\n";
    const Status given = giveReport({}, text, {});
    return given ? 0 : failed(around, given.error());
}

} // namespace

Run addKeygen(CLI::App& program)
{
    const auto path = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("keygen", "Make a key that signs certificates");
    command->add_option("key", *path, "The private key; beside it KEY.pub. Neither may exist")
        ->required()
        ->type_name("KEY");
    command->footer(
        "An Ed25519 key in OpenSSH's format without a passphrase, readable by you alone. Keep\n"
        "KEY; give KEY.pub, or the fingerprint, to those who receive your copies.\n\n"
        "Examples:\n"
        "  coredact-cli keygen team.key\n"
        "  coredact-cli redact core.1234 --sign team.key -o copy.core\n"
        "  coredact-cli verify copy.core --signer team.key.pub\n\n"
        + std::string(exitCodeHelp));
    return [path](StopSignal& stop) { return makeKey(*path, stop); };
}

} // namespace coredact::cli
