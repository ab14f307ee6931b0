// The host of a URL by the WHATWG URL standard (s.3.5), and the host that links
// lead to.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "policy/base/idn.h"
#include "policy/base/ip_address.h"
#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/links.h"
#include "policy/message/url.h"

namespace postern {
namespace {

using enum Url::HostKind;

constexpr std::size_t kMaxHost = 1000;

constexpr std::string_view kForbiddenInHosts = "#/:<>?@[\\]^| ";

// s.3.5 forbidden domain code points: those of hosts, and controls and "%".
constexpr std::array<bool, 256> ForbiddenOctets() {
  std::array<bool, 256> forbidden{};
  for (std::size_t c = 0; c <= ' '; ++c) forbidden[c] = true;
  for (const char c : kForbiddenInHosts)
    forbidden[static_cast<unsigned char>(c)] = true;
  forbidden['%'] = forbidden[0x7f] = true;
  return forbidden;
}

bool HasForbidden(std::string_view domain) {
  static constexpr auto kForbidden = ForbiddenOctets();
  return std::any_of(domain.begin(), domain.end(), [](char c) {
    return kForbidden[static_cast<unsigned char>(c)];
  });
}

int HexValue(char c) {
  const char lower = ToLower(c);
  if (IsDigit(c)) return c - '0';
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// s.3.5 IPv4 number: decimal, 0 octal, 0x hexadecimal; nullopt: none.
std::optional<std::uint64_t> NumberOf(std::string_view text) {
  std::uint64_t base = 10;
  if (text.empty()) return std::nullopt;
  if (StartsWithIgnoreCase(text, "0x")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = HexValue(c);
    if (digit < 0 || static_cast<std::uint64_t>(digit) >= base)
      return std::nullopt;
    value = std::min(value * base + static_cast<std::uint64_t>(digit),
                     std::uint64_t{1} << 40);
  }
  return value;
}

std::string_view WithoutLastDot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool EndsInNumber(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool is_digits =
      !last.empty() && std::all_of(last.begin(), last.end(), IsDigit);
  return is_digits || (StartsWithIgnoreCase(last, "0x") && NumberOf(last));
}

std::optional<HostRead> Ipv4Of(std::string_view host) {
  const std::vector<std::string_view> parts = Split(host, '.');
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<std::uint64_t> number = NumberOf(parts[i]);
    const bool is_last = i + 1 == parts.size();
    const std::size_t bits = is_last ? 8 * (4 - i) : 8;
    if (!number || *number >> bits != 0) return std::nullopt;
    address = (address << bits) | *number;
  }
  return HostRead{
      fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255,
                  (address >> 8) & 255, address & 255),
      kIpv4};
}

std::optional<HostRead> Ipv6Of(std::string_view host) {
  if (host.size() < 2 || host.back() != ']') return std::nullopt;
  const auto address = IpAddress::Parse(host.substr(1, host.size() - 2));
  if (!address || !Contains(host, ":")) return std::nullopt;
  return HostRead{address->ToString(), kIpv6};
}

// Of a scheme that is not special: escaped as s.1.3's C0 control set wants it.
std::optional<HostRead> OpaqueOf(std::string_view text) {
  std::string host;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '\0' || Contains(kForbiddenInHosts, {&c, 1})) return std::nullopt;
    if (octet < ' ' || octet > '~')
      host += fmt::format("%{:02X}", octet);
    else
      host += c;
  }
  return HostRead{host, kOpaque};
}

bool HasAceLabel(std::string_view lower) {
  for (std::size_t at = lower.find("xn--"); at != lower.npos;
       at = lower.find("xn--", at + 1))
    if (at == 0 || lower[at - 1] == '.') return true;
  return false;
}

}  // namespace

std::optional<HostRead> ReadHost(std::string_view text, SchemeKind scheme) {
  if (text.empty() || text.size() > kMaxHost) return std::nullopt;
  if (text.front() == '[') return Ipv6Of(text);
  if (scheme == SchemeKind::kOther) return OpaqueOf(text);
  std::string host =
      ToLower(Contains(text, "%") ? PercentDecoded(text) : std::string(text));
  if (!IsAscii(host) || HasAceLabel(host)) {
    std::optional<std::string> converted = ToALabels(host);
    if (!converted) return std::nullopt;
    host = std::move(*converted);
  }
  if (host.empty() || HasForbidden(host)) return std::nullopt;
  const std::string_view bare = WithoutLastDot(host);
  if (EndsInNumber(bare)) return Ipv4Of(bare);
  return HostRead{std::move(host), kName};
}

namespace {

// What people write without a scheme: "www.example.com", "//example.com".
std::optional<Url> ParseLoosely(std::string_view url) {
  while (!url.empty() && static_cast<unsigned char>(url.front()) <= ' ')
    url.remove_prefix(1);
  const bool begins_with_slashes = url.size() >= 2 &&
                                   (url[0] == '/' || url[0] == '\\') &&
                                   (url[1] == '/' || url[1] == '\\');
  if (begins_with_slashes) return ParseUrl("http:" + std::string(url));
  if (StartsWithIgnoreCase(url, "www."))
    return ParseUrl("http://" + std::string(url));
  return ParseUrl(url);
}

// Browsers take empty labels, the DNS does not.
bool HasEmptyLabel(std::string_view host) {
  return host.empty() || host.front() == '.' || host.back() == '.' ||
         Contains(host, "..");
}

}  // namespace

UrlHost HostOfUrl(std::string_view url) {
  std::optional<Url> parsed = ParseLoosely(url);
  if (!parsed) return {};
  UrlHost read{.scheme = std::move(parsed->scheme),
               .port = parsed->port.value_or(0),
               .has_userinfo = !parsed->userinfo.empty(),
               .is_oddly_written = parsed->has_backslash ||
                                   parsed->has_odd_slashes ||
                                   parsed->has_escaped_host};
  const bool is_name = parsed->host_kind == kName;
  const bool is_numeric =
      parsed->host_kind == kIpv4 || parsed->host_kind == kIpv6;
  // A file: URL leads into the reader's own network.
  if ((!is_name && !is_numeric) || read.scheme == "file") return read;
  if (parsed->host.ends_with('.')) parsed->host.pop_back();
  if (HasEmptyLabel(parsed->host)) return read;
  read.host = std::move(parsed->host);
  read.is_numeric = is_numeric;
  return read;
}

}  // namespace postern
