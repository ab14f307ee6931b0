#include "policy/facts/link_expander.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "policy/base/public_address.h"
#include "policy/base/text.h"
#include "policy/facts/personal_link.h"

namespace postern {
namespace {

using std::chrono::milliseconds;

// How long a failure is believed, and an URL that its shortener does not know.
constexpr std::chrono::minutes kFailureTtl{1};
constexpr std::chrono::minutes kGoneTtl{5};
constexpr std::size_t kLongestUrl = 2'048;
// RFC 9110 s.15.6.2, s.15.5.6: this server does not do HEAD.
constexpr int kNotImplemented = 501, kNotAllowed = 405;
// RFC 7725: shut off for legal reasons. RFC 6585 s.4: asked too often.
constexpr int kLegalReasons = 451, kTooMany = 429;

Expansion Unknown(std::string_view reason) {
  return {.reason = EscapeForLog(reason, 200)};
}

Deadline Now() { return std::chrono::steady_clock::now(); }

// As browsers send it: what is not printable ASCII is escaped.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c > ' ' && c < 0x7f)
      escaped += c;
    else
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

bool IsWeb(const Url& url) {
  return url.host_kind == Url::HostKind::kName &&
         (url.scheme == "http" || url.scheme == "https");
}

std::uint16_t PortOf(const Url& url) {
  return url.port.value_or(url.scheme == "https" ? 443 : 80);
}

// What is asked; it has no userinfo, query or fragment.
std::string Written(const Url& url) {
  std::string written = url.scheme + "://" + url.host;
  if (url.port) written += ":" + std::to_string(*url.port);
  return written + Escaped(url.path());
}

// Listed as a shortener, and no tracking domain of ours.
const LinkHosts::Entry* ShortenerOf(const Url& url, const Config& config) {
  const LinkHosts::Entry* entry = IsWeb(url) && config.link_hosts
                                      ? config.link_hosts->Find(url.host)
                                      : nullptr;
  if (entry == nullptr || entry->host_class != HostClass::kShortener)
    return nullptr;
  const std::optional<Domain> domain = Domain::Parse(url.host);
  const bool is_ours =
      domain && std::ranges::any_of(
                    config.links.tracking_domains,
                    [&](const Domain& own) { return domain->IsWithin(own); });
  return is_ours ? nullptr : entry;
}

bool HasNote(const LinkHosts::Entry& entry, std::string_view note) {
  return std::ranges::find(entry.notes, note) != entry.notes.end();
}

// The shortener's page for links that it has shut off: "abuse:host/path".
bool IsWarning(const Url& url, const LinkHosts::Entry& entry) {
  if (!IsWeb(url)) return false;
  const std::string place =
      std::string(kAbuseNote) + url.host + std::string(url.path());
  return std::ranges::any_of(entry.notes, [&](const std::string& note) {
    return Contains(note, "/") && place.starts_with(note);
  });
}

Expansion Disabled(std::string_view reason) {
  return {.result = Expansion::Result::kDisabled,
          .reason = EscapeForLog(reason, 200)};
}

milliseconds KeptFor(const Expansion& answer, const ExpandBy& by) {
  const milliseconds ttl = by.config.links.expand_ttl;
  switch (answer.result) {
    case Expansion::Result::kTarget:
    case Expansion::Result::kDisabled:
      return ttl;
    case Expansion::Result::kGone:
      return std::min(ttl, milliseconds(kGoneTtl));
    case Expansion::Result::kUnknown:
      // What the message had no time for says nothing of the link.
      return Now() < by.deadline ? std::min(ttl, milliseconds(kFailureTtl))
                                 : milliseconds(0);
  }
  return milliseconds(0);
}

// The first one's duty: settles in every case, so that nobody waits in vain.
struct Turn {
  ExpansionCache& cache;
  const std::string& url;
  Expansion answer = {};
  Deadline until = {};

  Turn(ExpansionCache& in, const std::string& of) : cache(in), url(of) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { cache.Settle(url, answer, until); }
};

}  // namespace

bool IsPublicWeb(const IpAddress& address, std::uint16_t port) {
  return (port == 80 || port == 443) && IsPublic(address);
}

Expansion LinkExpander::Expand(const std::string& url, const ExpandBy& by) {
  if (url.size() > kLongestUrl) return Unknown("too long");
  std::optional<Url> parsed = ParseUrl(url);
  if (!parsed || ShortenerOf(*parsed, by.config) == nullptr)
    return Unknown("not on the list of shorteners");
  if (MayBePersonal(*parsed)) return Unknown("may be personal");
  const std::string key = Written(*parsed);
  const ExpansionCache::Place place = cache_.Find(key, Now());
  if (place.answer) return *place.answer;
  if (!place.is_first) return place.pending->Wait(by.deadline);
  Turn turn(cache_, key);
  turn.answer = Walk(*std::move(parsed), by);
  turn.until = Now() + KeptFor(turn.answer, by);
  return turn.answer;
}

Expansion LinkExpander::Walk(Url url, const ExpandBy& by) {
  std::set<std::string> seen;
  std::string via;
  const std::string first = url.host;
  for (int hop = 0; hop < by.config.links.expand_hops; ++hop) {
    if (!seen.insert(Written(url)).second) return Unknown("leads in a circle");
    if (url.host != first) via = url.host;
    Step step = Ask(url, by);
    if (!step.next) {
      step.end.via = via;
      return step.end;
    }
    url = *std::move(step.next);
  }
  return Unknown(
      fmt::format("more than {} redirects", by.config.links.expand_hops));
}

LinkExpander::Step LinkExpander::Ask(const Url& url, const ExpandBy& by) {
  const LinkHosts::Entry* entry = ShortenerOf(url, by.config);
  if (entry == nullptr) return {Unknown("not on the list of shorteners"), {}};
  if (MayBePersonal(url))
    return {Unknown("leads to " + url.host + ", maybe a personal link"), {}};
  Result<HeadQuestion> question = Question(url, by);
  if (!question) return {Unknown(question.error().message), {}};
  if (HasNote(*entry, kGetNote)) question->method = HeadQuestion::Method::kGet;
  const Result<HeadAnswer> answer = Answer(*std::move(question), by);
  if (!answer) return {Unknown(answer.error().message), {}};

  const std::string status = std::to_string(answer->status);
  if (answer->status == kLegalReasons ||
      HasNote(*entry, std::string(kAbuseNote) + status))
    return {Disabled(url.host + " answers " + status), {}};
  if (answer->status == 404 || answer->status == 410)
    return {{.result = Expansion::Result::kGone,
             .reason = url.host + " answers " + status},
            {}};
  if (answer->location.empty())
    return {Unknown(url.host + " answers " + status + ", no redirect"), {}};
  std::optional<Url> next = ParseUrl(answer->location);
  if (!next || answer->location.size() > kLongestUrl)
    return {Unknown(url.host + " leads to what is no URL"), {}};
  if (IsWarning(*next, *entry))
    return {Disabled(url.host + " leads to its warning"), {}};
  if (ShortenerOf(*next, by.config) != nullptr) return {{}, std::move(next)};
  return {{.result = Expansion::Result::kTarget, .url = Escaped(next->text)},
          {}};
}

Result<HeadQuestion> LinkExpander::Question(const Url& url,
                                            const ExpandBy& by) const {
  const HostAddresses found = AskAddresses(by.dns, url.host, by.deadline);
  if (found.status != DnsStatus::kOk)
    return Fail(url.host + (found.status == DnsStatus::kTempError
                                ? ": DNS did not answer"
                                : ": no address"));
  const std::uint16_t port = PortOf(url);
  // All of them: one that is not public is reason enough to distrust the rest.
  for (const IpAddress& address : found.addresses) {
    const bool is_ours =
        std::ranges::any_of(by.config.egress, [&](const EgressRoute& route) {
          return std::ranges::find(route.addresses, address) !=
                 route.addresses.end();
        });
    if (is_ours || !may_reach_(address, port))
      return Fail(fmt::format("{} is at {} port {}, which is not asked",
                              url.host, address.ToString(), port));
  }
  return HeadQuestion{.url = Written(url),
                      .host = url.host,
                      .port = port,
                      .addresses = found.addresses};
}

Result<HeadAnswer> LinkExpander::Answer(HeadQuestion question,
                                        const ExpandBy& by) {
  const std::string host = question.host;
  if (cache_.IsPaused(host, Now()))
    return Fail(host + " did not answer a moment ago");
  const auto ask = [&] {
    const milliseconds most = by.config.links.expand_time / 2;
    const auto left =
        std::chrono::duration_cast<milliseconds>(by.deadline - Now());
    question.timeout = std::min(most, left);
    Result<HeadAnswer> answer = AskHead(question);
    const bool is_overrun =
        answer &&
        (answer->status == kTooMany ||
         (answer->status >= 500 && answer->status != kNotImplemented));
    // Not its fault where we gave it no time.
    if (is_overrun || (!answer && left >= most))
      cache_.Pause(host, Now() + kFailureTtl);
    return answer;
  };
  Result<HeadAnswer> answer = ask();
  const bool is_head_refused =
      answer && question.method == HeadQuestion::Method::kHead &&
      (answer->status == kNotAllowed || answer->status == kNotImplemented);
  if (is_head_refused) {
    question.method = HeadQuestion::Method::kGet;
    answer = ask();
  }
  if (!answer) return Fail(host + ": " + answer.error().message);
  return answer;
}

}  // namespace postern
