// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scanner/client/packs.h"
#include "scanner/client/protocol.h"
#include "scanner/redact/signingkey.h"

#include <functional>
#include <memory>

namespace coredact {

/// A running engine process and the conversation with it. Thread-safe. A reader thread of its own
/// calls the handlers; a handler must be quick and must not destroy the client. When the engine
/// dies, every open request ends with Failed{ErrorCode::Sandbox}, and later ones fail at once,
/// inside `send`: start a new client. The same happens to an engine that breaks the protocol: an
/// event that its request cannot have, or a place outside the file that it opened.
class Client {
public:
    using RequestId = std::uint64_t;
    using Handler = std::function<void(const protocol::Event&)>;

    /// Starts the engine program. An empty path means the one beside the running program
    /// ("coredact-engine"), else the one in the library folder, else PATH.
    static Result<std::unique_ptr<Client>> start(const std::string& enginePath = {});
    /// Asks the engine to end, then ends it. Open requests end with Failed before it returns.
    ~Client();

    /// Sends a request; descriptors are duplicated by the send and stay the caller's.
    RequestId send(const protocol::Request& request, std::span<const int> descriptors,
                   Handler handler);
    void cancel(RequestId request);
    bool alive() const;
    int processId() const;

    /// Sends and waits for the last event, which it returns; earlier events go to `progress`.
    /// A Failed comes back as its Error. `stop`, where given, is asked about ten times a second,
    /// and cancels the request when it says true; an engine that does not care is ended.
    Result<protocol::Event> call(const protocol::Request& request,
                                 std::span<const int> descriptors = {},
                                 const Handler& progress = {},
                                 const std::function<bool()>& stop = {});

private:
    struct State;
    explicit Client(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

/// Opens a dump read-only as a front end does: the path is resolved, links are not followed after
/// that, and only regular files are taken.
struct OpenedFile {
    Descriptor descriptor;
    std::string path; ///< resolved
};
Result<OpenedFile> openDump(const std::string& path);

/// An empty unlinked file, in the folder given or the system's temporary one; mode 0600.
Result<Descriptor> unlinkedFile(const std::string& folder = {});

/// An empty memory file for values that go from one engine to another.
Result<Descriptor> memoryFile();

/// Opens a dump in an engine with what it needs beside the dump, and waits.
Result<protocol::Opened> openIn(Client& client, const OpenedFile& file,
                                const Client::Handler& progress = {},
                                const std::function<bool()>& stop = {}, Form form = Form::Whole);

/// Compares the file at `path` with the dump that is open in the engine, and waits.
Result<protocol::Compared> compareIn(Client& client, const std::string& path,
                                     const Client::Handler& progress = {},
                                     const std::function<bool()>& stop = {});

struct HandOver {
    std::string target; ///< path of the copy; must not exist
    std::string certificate; ///< path; "" means <target>.coredact.json
    std::string privateRecord; ///< path; "" means none is kept
    /// Signs the certificate, and writes <certificate>.sig for ssh-keygen. No engine gets it.
    std::shared_ptr<const SigningKey> signer;
    Triage triage;
    PlanPolicy policy;
    Form form = Form::Whole; ///< as the dump was opened
    std::vector<KeptRange> kept; ///< as Opened told, where it is minimised
    unsigned threads = 0;
    std::string enginePath;
    std::vector<RuleFile> ruleFiles; ///< the same as the scanning engine's
    RuleSetOptions ruleOptions;
    /// Where it is noted that a copy was made: see ExportHistory. "": nowhere.
    std::string historyFolder;
    /// Already in `triage`; here for the verification and for the certificate to say. Everything
    /// is redacted unless a front end says otherwise.
    PackPolicy packs {{}};
};

struct HandedOver {
    protocol::Exported exported;
    VerificationReport verification;
    Form form = Form::Whole;
    std::string mode = "redact"; ///< "redact", "minimise" or "custom"
    bool roundUp = false; ///< lengths were to be hidden
    std::vector<KeptRange> kept; ///< of a minimised copy
    std::string target;
    std::string certificate;
    std::string signature; ///< path; "" where the certificate is not signed
    std::string signer; ///< fingerprint of the key; "" where the certificate is not signed
    /// Other policies under which copies of the same input were made before, as far as is known.
    std::uint64_t earlierPolicies = 0;
    bool published = false; ///< false: verification failed and nothing was written
};

/// Whether `handOver` could write under the names of `options`: the refusals that need no scan.
Status canHandOver(const OpenedFile& original, const HandOver& options);

/// Export by the engine that scanned, verification by a fresh one, and only then the names:
/// certificate first, the copy last. Refuses a target that exists or that is the original through
/// any link. Whatever fails, no file stays behind. Blocks; call it from a thread of its own.
Result<HandedOver> handOver(Client& scanned, const OpenedFile& original,
                            std::span<const Finding> findings, const HandOver& options,
                            const Client::Handler& progress = {},
                            const std::function<bool()>& stop = {});

} // namespace coredact
