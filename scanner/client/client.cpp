// SPDX-License-Identifier: GPL-3.0-or-later
#include "scanner/client/client.h"

#include "scanner/client/channel.h"
#include "scanner/client/engineprocess.h"
#include "scanner/client/sound.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <new>
#include <system_error>
#include <thread>

#include <sys/socket.h>

namespace coredact {
namespace {

using namespace std::chrono_literals;
using protocol::Event;
using protocol::Failed;
using protocol::Request;

/// How long an engine may take to end after the conversation has ended.
constexpr auto endPatience = 500ms;
/// How long a cancelled request may go on before the engine is ended.
constexpr auto cancelPatience = 5s;

Error brokenProtocol(std::string_view what)
{
    return {ErrorCode::Sandbox, "the engine was ended: " + std::string(what), std::nullopt};
}

/// The request without its content: enough to know which events may answer it.
Request kindOf(const Request& request)
{
    return std::visit([]<typename T>(const T&) -> Request { return T(); }, request);
}

} // namespace

struct Client::State {
    struct Waiting {
        Request kind;
        std::shared_ptr<const Handler> handler;
    };

    State(Descriptor socket, EngineProcess started)
        : channel(std::move(socket))
        , process(std::move(started))
        , processId(process.id())
    {
    }

    void listen();
    Status dispatch(const Channel::Message& message);
    void failAll(const Error& error);

    Channel channel;
    EngineProcess process; ///< touched by the reader thread only
    const pid_t processId;
    std::mutex mutex;
    std::map<RequestId, Waiting> waiting;
    RequestId last = 0;
    std::optional<Error> death; ///< set once the conversation is over
    std::optional<std::uint64_t> fileSize; ///< of the dump that the engine opened
    std::thread reader;
};

void Client::State::listen()
{
    std::optional<Error> broken;
    try {
        while (!broken) {
            const auto message = channel.receive();
            if (!message && message.error().code != ErrorCode::System)
                broken = brokenProtocol(message.error().message);
            if (!message || !*message)
                break;
            if (const Status done = dispatch(**message); !done)
                broken = brokenProtocol(done.error().message);
        }
    } catch (const std::bad_alloc&) {
        broken = brokenProtocol("an answer needs more memory than there is");
    }
    channel.close();
    const std::string words = process.end(broken ? 0ms : endPatience);
    failAll(broken ? *broken
                   : Error {ErrorCode::Sandbox, "the engine stopped: " + words, std::nullopt});
}

Status Client::State::dispatch(const Channel::Message& message)
{
    const auto numbered = protocol::decodeEvent(message.bytes);
    if (!numbered)
        return numbered.error();
    const Event& event = numbered->event;
    std::shared_ptr<const Handler> handler;
    {
        const std::scoped_lock lock(mutex);
        const auto found = waiting.find(numbered->id);
        if (found == waiting.end() || !protocol::answers(event, found->second.kind))
            return Error {ErrorCode::Malformed, "it answered what was not asked", std::nullopt};
        if (const auto* opened = std::get_if<protocol::Opened>(&event))
            fileSize = opened->dump.size;
        if (!protocol::inside(event, fileSize.value_or(0)))
            return Error {ErrorCode::Malformed, "it named a place outside the file", std::nullopt};
        handler = found->second.handler;
        if (protocol::isLast(event))
            waiting.erase(found);
    }
    if (*handler)
        (*handler)(event);
    return {};
}

void Client::State::failAll(const Error& error)
{
    std::map<RequestId, Waiting> failed;
    {
        const std::scoped_lock lock(mutex);
        death = error;
        failed.swap(waiting);
    }
    for (const auto& [id, request] : failed)
        if (*request.handler)
            (*request.handler)(Failed {error});
}

Result<std::unique_ptr<Client>> Client::start(const std::string& enginePath)
{
    std::string path = enginePath;
    if (path.empty()) {
        auto found = findEngine();
        if (!found)
            return found.error();
        path = std::move(*found);
    }
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return systemError("cannot make a socket for the engine", errno);
    Descriptor ours(pair[0]);
    const Descriptor theirs(pair[1]);
    auto process = EngineProcess::start(path, theirs);
    if (!process)
        return process.error();
    auto state = std::make_unique<State>(std::move(ours), std::move(*process));
    try {
        state->reader = std::thread([bare = state.get()] { bare->listen(); });
    } catch (const std::system_error& error) {
        state->process.end(0ms);
        return systemError("cannot start a thread for the engine", error.code().value());
    }
    return std::unique_ptr<Client>(new Client(std::move(state)));
}

Client::Client(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Client::~Client()
{
    m_state->channel.close();
    m_state->reader.join();
}

Client::RequestId Client::send(const Request& request, std::span<const int> descriptors,
                               Handler handler)
{
    const bool answered = !std::holds_alternative<protocol::Cancel>(request);
    const auto kept = std::make_shared<const Handler>(std::move(handler));
    RequestId id = 0;
    std::optional<Error> failure;
    {
        const std::scoped_lock lock(m_state->mutex);
        id = ++m_state->last;
        failure = m_state->death;
        if (!failure && answered)
            m_state->waiting.emplace(id, State::Waiting {kindOf(request), kept});
    }
    if (failure) {
        if (answered && *kept)
            (*kept)(Failed {*failure});
        return id;
    }
    const Status sent = m_state->channel.send(protocol::encode(id, request), descriptors);
    if (!sent && sent.error().code == ErrorCode::TooLarge) {
        decltype(m_state->waiting)::node_type refused;
        {
            const std::scoped_lock lock(m_state->mutex);
            refused = m_state->waiting.extract(id);
        }
        if (refused && *refused.mapped().handler)
            (*refused.mapped().handler)(Failed {sent.error()});
    } else if (!sent) {
        m_state->channel.close(); // the reader tells everybody who waits
    }
    return id;
}

void Client::cancel(RequestId request) { send(protocol::Cancel {request}, {}, {}); }

bool Client::alive() const
{
    const std::scoped_lock lock(m_state->mutex);
    return !m_state->death;
}

int Client::processId() const { return m_state->processId; }

Result<Event> Client::call(const Request& request, std::span<const int> descriptors,
                           const Handler& progress, const std::function<bool()>& stop)
{
    struct Wait {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Event> last;
    };
    const auto wait = std::make_shared<Wait>();
    const RequestId id = send(request, descriptors, [wait, progress](const Event& event) {
        if (!protocol::isLast(event)) {
            if (progress)
                progress(event);
            return;
        }
        const std::scoped_lock lock(wait->mutex);
        wait->last = event;
        wait->changed.notify_all();
    });
    std::optional<std::chrono::steady_clock::time_point> deadline;
    std::unique_lock lock(wait->mutex);
    while (!wait->changed.wait_for(lock, 100ms, [&] { return wait->last.has_value(); })) {
        lock.unlock();
        if (!deadline && stop && stop()) {
            cancel(id);
            deadline = std::chrono::steady_clock::now() + cancelPatience;
        } else if (deadline && std::chrono::steady_clock::now() > *deadline) {
            m_state->channel.close();
        }
        lock.lock();
    }
    if (const auto* failed = std::get_if<Failed>(&*wait->last))
        return failed->error;
    return std::move(*wait->last);
}

} // namespace coredact
