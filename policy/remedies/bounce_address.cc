#include "policy/remedies/bounce_address.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "policy/base/hexadecimal.h"
#include "policy/base/sha256.h"
#include "policy/base/text.h"
#include "policy/message/address.h"

namespace postern {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kVerp = "bounces+";
constexpr std::size_t kHashSize = 6;  // 30 bits; each guess costs a delivery
constexpr int kDaySlots = 1024;       // two digits of Base32
// Longer than any MTA keeps trying; what postsrsd allows.
constexpr int kMostDays = 21;

std::string DayStamp(int day) {
  return {kBase32[static_cast<std::size_t>(day / 32)],
          kBase32[static_cast<std::size_t>(day % 32)]};
}

int DayOf(TimePoint now) {
  const auto days = std::chrono::floor<std::chrono::days>(now);
  return static_cast<int>(days.time_since_epoch().count() % kDaySlots);
}

std::optional<int> ReadDay(std::string_view stamp) {
  if (stamp.size() != 2) return std::nullopt;
  int day = 0;
  for (const char c : stamp) {
    const std::string upper = {
        static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c)};
    const std::size_t digit = kBase32.find(upper);
    if (digit == std::string_view::npos) return std::nullopt;
    day = day * 32 + static_cast<int>(digit);
  }
  return day;
}

using Parts = std::span<const std::string_view>;

// The first digits of an HMAC over the parts in lower case.
std::string HashOf(std::string_view secret, Parts parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += ToLower(part);
    text += '\0';
  }
  const std::string mac = HmacSha256(secret, text);
  std::string hash;
  unsigned bits = 0;
  int have = 0;
  for (const char octet : mac) {
    bits = bits << 8 | static_cast<unsigned char>(octet);
    for (have += 8; have >= 5 && hash.size() < kHashSize; have -= 5)
      hash += kBase32[bits >> (have - 5) & 31];
  }
  return hash;
}

bool IsSigned(std::string_view hash, Parts parts,
              std::span<const std::string> secrets) {
  bool is_signed = false;  // by any; no early end, for the clock's sake
  for (const std::string& secret : secrets) {
    const std::string wanted = HashOf(secret, parts);
    is_signed |=
        !wanted.empty() && IsSameSecret(ToLower(wanted), ToLower(hash));
  }
  return is_signed;
}

// "SRS0=", "srs1-", "SRS0+".
bool IsSrs(std::string_view local_part, char kind) {
  return local_part.size() > 5 && StartsWithIgnoreCase(local_part, "SRS") &&
         local_part[3] == kind && Contains("=+-", local_part.substr(4, 1));
}

// What stands before the separator; the text then begins behind it.
std::optional<std::string_view> Cut(std::string_view* text) {
  const std::size_t end = text->find('=');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view piece = text->substr(0, end);
  text->remove_prefix(end + 1);
  return piece;
}

std::string Srs1(std::string_view secret, std::string_view host,
                 std::string_view rest) {
  const std::array<std::string_view, 3> parts = {"srs1", host, rest};
  return fmt::format("SRS1={}={}={}", HashOf(secret, parts), host, rest);
}

std::optional<std::string> ToSrs(const AddrSpec& sender,
                                 std::string_view secret, TimePoint now) {
  if (IsSrs(sender.local_part, '0'))
    return Srs1(secret, sender.domain,
                std::string_view(sender.local_part).substr(4));
  if (IsSrs(sender.local_part, '1')) {
    std::string_view rest = std::string_view(sender.local_part).substr(5);
    const auto hash = Cut(&rest);
    const auto host = Cut(&rest);
    if (!hash || !host || host->empty() || rest.empty()) return std::nullopt;
    return Srs1(secret, *host, rest);
  }
  const std::string day = DayStamp(DayOf(now));
  const std::array<std::string_view, 4> parts = {"srs0", day, sender.domain,
                                                 sender.local_part};
  return fmt::format("SRS0={}={}={}={}", HashOf(secret, parts), day,
                     sender.domain, sender.local_part);
}

std::string ToVerp(const AddrSpec& sender, std::span<const std::string> secrets,
                   TimePoint now) {
  if (secrets.empty())
    return fmt::format("{}{}={}", kVerp, sender.local_part, sender.domain);
  const std::string day = DayStamp(DayOf(now));
  const std::array<std::string_view, 4> parts = {"verp", day, sender.domain,
                                                 sender.local_part};
  return fmt::format("{}{}={}={}={}", kVerp, HashOf(secrets.front(), parts),
                     day, sender.local_part, sender.domain);
}

struct Reading {
  const Config& config;
  TimePoint now;

  // Whether the day and the hash vouch for domain and local part.
  [[nodiscard]] Result<std::string> Judge(std::string_view hash,
                                          Parts parts) const {
    if (!IsSigned(hash, parts, config.sender_secrets))
      return Fail("forged: the hash is not ours");
    const std::optional<int> day = ReadDay(parts[1]);
    if (!day) return Fail("forged: no day");
    const int age = (DayOf(now) - *day + kDaySlots) % kDaySlots;
    // A clock that runs a day ahead on another of our hosts is no reason.
    if (age > kMostDays && age != kDaySlots - 1)
      return Fail(fmt::format("expired: {} days old, at most {} are allowed",
                              age, kMostDays));
    return fmt::format("{}@{}", parts[3], parts[2]);
  }

  [[nodiscard]] Result<std::string> Srs0(std::string_view text) const {
    const auto hash = Cut(&text);
    const auto day = Cut(&text);
    const auto domain = Cut(&text);
    if (!hash || !day || !domain) return Fail("not an SRS0 address");
    return Judge(*hash,
                 std::array<std::string_view, 4>{"srs0", *day, *domain, text});
  }

  [[nodiscard]] Result<std::string> Srs1(std::string_view text) const {
    const auto hash = Cut(&text);
    const auto host = Cut(&text);
    if (!hash || !host) return Fail("not an SRS1 address");
    // Its age is judged by the forwarder whose SRS0 address it was.
    const std::array<std::string_view, 3> parts = {"srs1", *host, text};
    if (!IsSigned(*hash, parts, config.sender_secrets))
      return Fail("forged: the hash is not ours");
    return fmt::format("SRS0{}@{}", text, *host);
  }

  [[nodiscard]] Result<std::string> Verp(std::string_view text) const {
    const auto hash = Cut(&text);
    const auto day = Cut(&text);
    const std::size_t end = text.rfind('=');
    if (!hash || !day || end == std::string_view::npos)
      return Fail("not a signed bounce address");
    return Judge(*hash,
                 std::array<std::string_view, 4>{
                     "verp", *day, text.substr(end + 1), text.substr(0, end)});
  }
};

}  // namespace

std::optional<std::string> BounceAddressFor(std::string_view sender,
                                            const Config& config,
                                            TimePoint now) {
  if (!config.bounce_domain || config.sender_rewrite == "off")
    return std::nullopt;
  const std::optional<AddrSpec> original = ParsePath(sender);
  if (!original || original->local_part.starts_with('"')) return std::nullopt;
  if (DomainOf(sender) == config.bounce_domain) return std::nullopt;
  std::optional<std::string> local_part;
  if (config.sender_rewrite != "srs")
    local_part = ToVerp(*original, config.sender_secrets, now);
  else if (!config.sender_secrets.empty())
    local_part = ToSrs(*original, config.sender_secrets.front(), now);
  if (!local_part) return std::nullopt;
  std::string address = *local_part + "@" + config.bounce_domain->text();
  if (!PathFault(address).empty()) return std::nullopt;
  // What would lead nobody back is not written: a foreign SRS1 address may have
  // anything in it.
  const bool is_signed = !config.sender_secrets.empty();
  if (is_signed && !SenderBehind(address, config, now)) return std::nullopt;
  return address;
}

Result<std::string> SenderBehind(std::string_view address, const Config& config,
                                 TimePoint now) {
  if (!config.bounce_domain) return Fail("sender.bounce_domain is not set");
  if (config.sender_secrets.empty())
    return Fail("sender.srs_secret_file is not set: nothing can be proved");
  const std::optional<AddrSpec> path = ParsePath(address);
  if (!path) return Fail("not an address");
  if (DomainOf(address) != config.bounce_domain)
    return Fail("not an address of " + config.bounce_domain->text());
  const std::string_view local_part = path->local_part;
  const Reading reading{config, now};
  Result<std::string> sender = Fail("not a bounce address");
  if (IsSrs(local_part, '0')) sender = reading.Srs0(local_part.substr(5));
  if (IsSrs(local_part, '1')) sender = reading.Srs1(local_part.substr(5));
  if (StartsWithIgnoreCase(local_part, kVerp))
    sender = reading.Verp(local_part.substr(kVerp.size()));
  if (!sender) return sender;
  if (!PathFault(*sender).empty())
    return Fail("no address behind it: " + PathFault(*sender));
  if (DomainOf(*sender) == config.bounce_domain)
    return Fail("leads back to " + config.bounce_domain->text());
  return sender;
}

}  // namespace postern
