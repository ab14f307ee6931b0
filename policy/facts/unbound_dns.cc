#include "policy/facts/unbound_dns.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unbound.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "policy/base/call_free.h"
#include "policy/base/text.h"
#include "policy/facts/dns_cache.h"
#include "policy/facts/rdata.h"

namespace postern {
namespace {

using Context = std::unique_ptr<ub_ctx, CallFree<ub_ctx_delete>>;
using LibraryResult = std::unique_ptr<ub_result, CallFree<ub_resolve_free>>;

struct Option {
  const char* name;
  const char* value;
};
// A forwarder that answers from memory in 1 ms and recurses in 2 s makes
// libunbound resend early and drop the late answer; the two infra options
// together prevent that, and that silent names make it give up on the server.
constexpr Option kOptions[] = {
    {"infra-cache-min-rtt:", "3000"},
    {"infra-host-ttl:", "0"},
    {"do-not-query-localhost:", "no"},
    {"unblock-lan-zones:", "yes"},
    {"use-syslog:", "no"},
};
// Zones that libunbound answers itself unless they are taken away. Whether they
// hold anything is the servers' business. (onion stays: RFC 7686 s.2.)
constexpr const char* kBuiltInZones[] = {"test.", "invalid.", "home.arpa."};

constexpr int kNxdomain = 3;

Error Failure(std::string_view what, int code) {
  return {fmt::format("dns: {}: {}", what, ub_strerror(code))};
}

// "192.0.2.53" or "127.0.0.1@5353".
bool IsServer(std::string_view text) {
  const std::size_t at = text.find('@');
  if (!IpAddress::Parse(text.substr(0, at))) return false;
  if (at == std::string_view::npos) return true;
  const std::string_view port = text.substr(at + 1);
  return !port.empty() && port.size() <= 5 &&
         std::ranges::all_of(port, IsDigit) &&
         std::stoi(std::string(port)) <= 65535 && port != "0";
}

Result<void> AddServers(ub_ctx* context, const DnsConfig& config) {
  if (config.servers.empty()) {
    const int code = ub_ctx_resolvconf(context, nullptr);
    if (code != 0) return std::unexpected(Failure("/etc/resolv.conf", code));
  }
  for (const std::string& server : config.servers) {
    if (!IsServer(server))
      return Fail(fmt::format("dns: not a server (IP or IP@PORT): \"{}\"",
                              EscapeForLog(server)));
    const int code = ub_ctx_set_fwd(context, server.c_str());
    if (code != 0) return std::unexpected(Failure(server, code));
  }
  return {};
}

// All options are set before the first question: libunbound refuses later.
Result<Context> MakeContext(const DnsConfig& config) {
  Context context(ub_ctx_create());
  if (!context) return Fail("dns: libunbound could not make a context");
  // Its log would go to the standard error; answers tell what went wrong.
  ub_ctx_debugout(context.get(), nullptr);
  for (const auto& [name, value] : kOptions) {
    const int code = ub_ctx_set_option(context.get(), name, value);
    if (code != 0) return std::unexpected(Failure(name, code));
  }
  if (auto added = AddServers(context.get(), config); !added)
    return std::unexpected(added.error());
  int code = ub_ctx_async(context.get(), 1);
  for (const char* zone : kBuiltInZones)
    if (code == 0) code = ub_ctx_zone_remove(context.get(), zone);
  if (code != 0) return std::unexpected(Failure("libunbound", code));
  return context;
}

DnsStatus StatusOf(const ub_result& result) {
  if (result.bogus != 0) return DnsStatus::kTempError;
  if (result.havedata != 0) return DnsStatus::kOk;
  if (result.rcode == kNxdomain || result.nxdomain != 0)
    return DnsStatus::kNxDomain;
  // REFUSED, NOTIMP, FORMERR: the server did not tell, as with SERVFAIL.
  return result.rcode == 0 ? DnsStatus::kNoData : DnsStatus::kTempError;
}

DnsAnswer Decode(RrType type, const ub_result& result) {
  DnsAnswer answer{StatusOf(result), {}, std::chrono::seconds(result.ttl)};
  if (answer.status != DnsStatus::kOk) return answer;
  for (int i = 0; result.data[i] != nullptr; ++i) {
    auto record = DecodeRdata(
        type, {result.data[i], static_cast<std::size_t>(result.len[i])});
    if (record) answer.records.push_back(std::move(*record));
  }
  // Only malformed records: the server did not tell.
  if (answer.records.empty()) answer.status = DnsStatus::kTempError;
  return answer;
}

}  // namespace

class UnboundDns::Library {
 public:
  Library(Context context, int wake_fd)
      : wake_fd_(wake_fd), context_(std::move(context)) {
    pump_ = std::jthread([this](const std::stop_token& stop) { Pump(stop); });
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    pump_.request_stop();
    eventfd_write(wake_fd_, 1);
    pump_.join();
    context_.reset();  // before open_, into which its callbacks point
    close(wake_fd_);
  }

  // The place of a question that is answered, or under way when this returns.
  DnsCache::Place Start(DnsQuestion question);

 private:
  struct Open {
    Library* library;
    DnsQuestion question;
  };
  static void OnAnswer(void* open, int code, ub_result* result);
  void Settle(Open* open, DnsAnswer answer);
  void Pump(const std::stop_token& stop);

  int wake_fd_;
  DnsCache cache_;
  std::mutex mutex_;
  std::map<const Open*, std::unique_ptr<Open>> open_;  // under mutex_
  Context context_;
  std::jthread pump_;
};

DnsCache::Place UnboundDns::Library::Start(DnsQuestion question) {
  DnsCache::Place place =
      cache_.Find(question, std::chrono::steady_clock::now());
  if (!place.is_first) return place;
  const std::string name = EscapeName(question.name);
  const int type = static_cast<int>(question.type);
  auto owned = std::make_unique<Open>(this, std::move(question));
  Open* open = owned.get();
  {
    const std::lock_guard lock(mutex_);
    open_.emplace(open, std::move(owned));
  }
  constexpr int kClassIn = 1;
  const int code = ub_resolve_async(context_.get(), name.c_str(), type,
                                    kClassIn, open, OnAnswer, nullptr);
  if (code != 0) {
    spdlog::error("dns: {} {}: {}", EscapeForLog(name),
                  ToString(static_cast<RrType>(type)), ub_strerror(code));
    Settle(open, DnsAnswer{});
  }
  return place;
}

// Runs in the pump, called by C: nothing may be thrown out of it. Whoever waits
// when memory ends gets kTempError at his deadline.
void UnboundDns::Library::OnAnswer(void* open, int code, ub_result* result) {
  const LibraryResult owned(result);
  auto* const question = static_cast<Open*>(open);
  try {
    DnsAnswer answer;
    if (code == 0 && owned) answer = Decode(question->question.type, *owned);
    question->library->Settle(question, std::move(answer));
  } catch (const std::exception& e) {
    spdlog::error("dns: {}", e.what());
  }
}

void UnboundDns::Library::Settle(Open* open, DnsAnswer answer) {
  cache_.Settle(open->question, std::move(answer),
                std::chrono::steady_clock::now());
  const std::lock_guard lock(mutex_);
  open_.erase(open);
}

void UnboundDns::Library::Pump(const std::stop_token& stop) {
  pollfd waiting[] = {{ub_fd(context_.get()), POLLIN, 0},
                      {wake_fd_, POLLIN, 0}};
  while (!stop.stop_requested()) {
    if (poll(waiting, std::size(waiting), -1) <= 0) continue;
    if (waiting[0].revents == 0) continue;
    const int code = ub_process(context_.get());
    if (code == 0) continue;
    spdlog::error("dns: libunbound: {}; no answers any more",
                  ub_strerror(code));
    return;
  }
}

UnboundDns::UnboundDns(std::unique_ptr<Library> library)
    : library_(std::move(library)) {}
UnboundDns::~UnboundDns() = default;

Result<std::unique_ptr<UnboundDns>> UnboundDns::Make(const DnsConfig& config) {
  Result<Context> context = MakeContext(config);
  if (!context) return std::unexpected(context.error());
  const int wake_fd = eventfd(0, EFD_CLOEXEC);
  if (wake_fd < 0) return Fail("dns: no file descriptor is left");
  return std::unique_ptr<UnboundDns>(
      new UnboundDns(std::make_unique<Library>(std::move(*context), wake_fd)));
}

DnsAnswer UnboundDns::Ask(std::string_view name, RrType type,
                          Deadline deadline) {
  std::optional<std::string> asked = QueryName(name);
  if (!asked) return {DnsStatus::kNxDomain, {}, {}};
  DnsCache::Place place = library_->Start({std::move(*asked), type});
  if (place.answer) return std::move(*place.answer);
  return place.pending->Wait(deadline);
}

void UnboundDns::Prefetch(std::string_view name, RrType type) {
  if (std::optional<std::string> asked = QueryName(name))
    library_->Start({std::move(*asked), type});
}

}  // namespace postern
