#include "policy/config/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kTenYears = std::int64_t{3653} * 86'400'000;  // ms
constexpr std::int64_t kMostAtOnce = 1'000'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
// From the largest down, for Format.
constexpr std::array<Unit, 5> kDurationUnits = {{{"d", 86'400'000},
                                                 {"h", 3'600'000},
                                                 {"min", 60'000},
                                                 {"s", 1'000},
                                                 {"ms", 1}}};
constexpr std::array<Unit, 7> kSizeUnits = {{{"GiB", 1 << 30},
                                             {"GB", 1'000'000'000},
                                             {"MiB", 1 << 20},
                                             {"MB", 1'000'000},
                                             {"KiB", 1 << 10},
                                             {"kB", 1'000},
                                             {"", 1}}};

std::optional<std::int64_t> ParseNumber(std::string_view digits) {
  if (digits.empty() || digits.size() > 15) return std::nullopt;
  if (!std::ranges::all_of(digits, IsDigit)) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<std::int64_t> FactorOf(std::string_view unit,
                                     std::span<const Unit> units) {
  for (const Unit& known : units)
    if (known.name == unit) return known.factor;
  return std::nullopt;
}

// A number directly followed by a unit; the product is at most `most`.
std::optional<std::int64_t> ParseQuantity(std::string_view text,
                                          std::span<const Unit> units,
                                          std::int64_t most) {
  const auto end = std::ranges::find_if_not(text, IsDigit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  const auto number = ParseNumber(text.substr(0, digits));
  const auto factor = FactorOf(text.substr(digits), units);
  if (!number || !factor || *number > most / *factor) return std::nullopt;
  return *number * *factor;
}

bool IsPort(std::string_view text) {
  const auto port = ParseNumber(text);
  return port && *port >= 1 && *port <= 65535;
}

bool IsHostOrAddress(std::string_view text) {
  return IpAddress::Parse(text).has_value() || IsHostName(text);
}

bool IsHostLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return IsAlnum(c) || c == '-';
         });
}

}  // namespace

std::optional<milliseconds> ParseDuration(std::string_view text) {
  const auto total = ParseQuantity(text, kDurationUnits, kTenYears);
  if (!total) return std::nullopt;
  return milliseconds(*total);
}

std::string FormatDuration(milliseconds duration) {
  if (duration.count() == 0) return "0s";
  for (const Unit& unit : kDurationUnits)
    if (duration.count() % unit.factor == 0)
      return fmt::format("{}{}", duration.count() / unit.factor, unit.name);
  return {};  // not reached: every count is a multiple of 1 ms
}

std::optional<LimitRate> ParseRate(std::string_view text) {
  constexpr std::string_view kBurst = " burst ";
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto count =
      ParseQuantity(text.substr(0, slash), kSizeUnits, kMostAtOnce);
  std::string_view rest = text.substr(slash + 1);
  auto burst = count;
  if (const auto at = rest.find(kBurst); at != std::string_view::npos) {
    burst =
        ParseQuantity(rest.substr(at + kBurst.size()), kSizeUnits, kMostAtOnce);
    rest = rest.substr(0, at);
  }
  const auto period = ParseDuration(!rest.empty() && IsDigit(rest.front())
                                        ? std::string(rest)
                                        : fmt::format("1{}", rest));
  if (!count || !burst || !period) return std::nullopt;
  if (*count < 1 || *count > kMostAtOnce) return std::nullopt;
  if (*burst < 1 || *burst > kMostAtOnce) return std::nullopt;
  if (period->count() < 1000 || period->count() % 1000 != 0)
    return std::nullopt;
  // The time in which a used-up burst becomes free must stay countable.
  const double refill = static_cast<double>(*burst) /
                        static_cast<double>(*count) *
                        static_cast<double>(period->count());
  if (refill > static_cast<double>(kTenYears)) return std::nullopt;
  return LimitRate{*count, std::chrono::duration_cast<seconds>(*period),
                   *burst};
}

std::string FormatRate(const LimitRate& rate) {
  std::string period = FormatDuration(rate.period);
  const bool is_one =
      period.size() > 1 && period[0] == '1' && !IsDigit(period[1]);
  if (is_one) period.erase(0, 1);
  std::string text = fmt::format("{}/{}", rate.count, period);
  if (rate.burst != rate.count) text += fmt::format(" burst {}", rate.burst);
  return text;
}

std::optional<std::int64_t> ParseSize(std::string_view text) {
  return ParseQuantity(text, kSizeUnits, std::int64_t{1} << 40);
}
std::string FormatSize(std::int64_t bytes) {
  if (bytes == 0) return "0";
  for (const Unit& unit : kSizeUnits)
    if (bytes % unit.factor == 0)
      return fmt::format("{}{}", bytes / unit.factor, unit.name);
  return {};  // not reached: every count is a multiple of 1
}

std::optional<unsigned> ParseOctalMode(std::string_view text) {
  if (text.size() < 3 || text.size() > 4) return std::nullopt;
  unsigned mode = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, mode, 8);
  if (fault != std::errc() || stop != end || mode > 0777) return std::nullopt;
  return mode;
}

bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  return std::ranges::all_of(Split(text, '.'), IsHostLabel);
}

bool IsMilterSocket(std::string_view text) {
  constexpr std::size_t kLongestPath = 107;  // sockaddr_un.sun_path
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  if (kind == "unix" || kind == "local")
    return rest.size() > 1 && rest.size() <= kLongestPath && rest[0] == '/';
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos || !IsPort(rest.substr(0, at))) return false;
  const std::string_view host = rest.substr(at + 1);
  const auto address = IpAddress::Parse(host);
  if (kind == "inet")
    return address ? address->family() == IpAddress::Family::kV4
                   : IsHostName(host);
  return kind == "inet6" && IsHostOrAddress(host);
}

bool IsHostAndPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !IsPort(text.substr(colon + 1)))
    return false;
  const std::string_view host = text.substr(0, colon);
  if (!host.starts_with('[') || !host.ends_with(']') || host.size() < 2)
    return host.find(':') == std::string_view::npos && IsHostOrAddress(host);
  const auto address = IpAddress::Parse(host.substr(1, host.size() - 2));
  return address && address->family() == IpAddress::Family::kV6;
}

bool IsDnsServer(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return IpAddress::Parse(text).has_value();
  return IpAddress::Parse(text.substr(0, at)) && IsPort(text.substr(at + 1));
}

bool IsSelector(std::string_view text) {
  return !text.empty() && text.size() <= 191 &&
         std::ranges::all_of(Split(text, '.'), [](std::string_view label) {
           return Domain::Parse(label).has_value() && !Contains(label, ".") &&
                  std::ranges::all_of(label, [](char c) {
                    return IsAlnum(c) || c == '-' || c == '_';
                  });
         });
}

bool IsMxSuffix(std::string_view text) {
  if (text.starts_with('.')) text.remove_prefix(1);
  return IsHostName(text) && ToLower(text) == text;
}

bool IsPlainMailbox(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  // RFC 5322 s.3.2.3: dot-atom.
  constexpr std::string_view kSpecials = "!#$%&'*+-/=?^_`{|}~.";
  const bool is_atom = std::ranges::all_of(local, [&](char c) {
    return IsAlnum(c) || kSpecials.find(c) != kSpecials.npos;
  });
  return is_atom && local.front() != '.' && local.back() != '.' &&
         !Contains(local, "..") && IsHostName(text.substr(at + 1));
}

bool IsExtensionFieldName(std::string_view text) {
  return StartsWithIgnoreCase(text, "X-") && text.size() > 2 &&
         text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           return IsAlnum(c) || c == '-';
         });
}

bool IsRecordFieldName(std::string_view text) {
  // The token of a release is not for everybody's eyes.
  if (EqualsIgnoreCase(text, "X-Postern-Release")) return false;
  return text.empty() || EqualsIgnoreCase(text, "Authentication-Results") ||
         (StartsWithIgnoreCase(text, "X-") && text.size() > 2 &&
          IsPlainName(text));
}

bool IsSignableField(std::string_view name) {
  // Postfix removes the first four after its milters, Sendmail too (RFC 6376
  // s.5.4.1 names the others).
  constexpr std::string_view kNever[] = {
      "bcc",      "content-length",         "full-name",     "return-path",
      "received", "authentication-results", "dkim-signature"};
  const std::string lower = ToLower(name);
  if (std::ranges::find(kNever, lower) != std::end(kNever)) return false;
  for (const std::string_view prefix : {"x-postern-", "arc-", "resent-bcc"})
    if (lower.starts_with(prefix)) return false;
  // RFC 5322 s.3.6.8: printable but ':'; in h= also no ';' (RFC 6376 s.3.2).
  return !name.empty() && name.size() <= 77 &&
         std::ranges::all_of(name, [](char c) {
           return c > ' ' && c < 0x7f && c != ':' && c != ';';
         });
}

bool IsPlainName(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(
             text, [](char c) { return IsAlnum(c) || c == '-' || c == '_'; });
}

}  // namespace postern
