// The host of a URL by the WHATWG URL standard (s.4.4, s.3.5), special schemes
// only. What browsers refuse to open has no host.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "policy/base/idn.h"
#include "policy/base/ip_address.h"
#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/links.h"

namespace postern {
namespace {

constexpr std::size_t kMaxHost = 1000;

bool IsSlash(char c) { return c == '/' || c == '\\'; }
bool IsC0OrSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }

// s.4.4: leading and trailing C0 controls and space go, TAB, LF, CR anywhere.
std::string Cleaned(std::string_view url) {
  while (!url.empty() && IsC0OrSpace(url.front())) url.remove_prefix(1);
  while (!url.empty() && IsC0OrSpace(url.back())) url.remove_suffix(1);
  std::string clean(url);
  std::erase_if(clean,
                [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return clean;
}

// Without the colon, lower case; nullopt: none.
std::optional<std::string> SchemeOf(std::string_view url) {
  if (url.empty() || !IsAlpha(url[0])) return std::nullopt;
  for (std::size_t i = 1; i < url.size(); ++i) {
    if (url[i] == ':') return ToLower(url.substr(0, i));
    if (!IsAlnum(url[i]) && !Contains("+-.", url.substr(i, 1))) break;
  }
  return std::nullopt;
}

// What stands between the slashes and the path; nullopt: no authority.
std::optional<std::string_view> AuthorityOf(std::string_view url) {
  const bool is_www = StartsWithIgnoreCase(url, "www.");
  const std::optional<std::string> scheme = SchemeOf(url);
  if (scheme && !is_www) {
    constexpr std::array<std::string_view, 5> kSpecial = {"http", "https",
                                                          "ftp", "ws", "wss"};
    if (std::find(kSpecial.begin(), kSpecial.end(), *scheme) == kSpecial.end())
      return std::nullopt;
    url.remove_prefix(scheme->size() + 1);
  } else if (!is_www &&
             (url.size() < 2 || !IsSlash(url[0]) || !IsSlash(url[1])))
    return std::nullopt;
  while (!url.empty() && IsSlash(url[0])) url.remove_prefix(1);
  return url.substr(0, url.find_first_of("/\\?#"));
}

// Without the port; nullopt: a port that is none.
std::optional<std::string_view> WithoutPort(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == host.npos ? 0 : bracket);
  if (colon == host.npos) return host;
  int port = 0;
  for (const char c : host.substr(colon + 1)) {
    if (!IsDigit(c)) return std::nullopt;
    port = port * 10 + (c - '0');
    if (port > 65535) return std::nullopt;
  }
  return host.substr(0, colon);
}

int HexValue(char c) {
  const char lower = ToLower(c);
  if (IsDigit(c)) return c - '0';
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string PercentDecoded(std::string_view text) {
  if (!Contains(text, "%")) return std::string(text);
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (text[i] != '%' || high < 0 || low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

// s.3.5 forbidden domain code points.
constexpr std::array<bool, 256> ForbiddenOctets() {
  std::array<bool, 256> forbidden{};
  for (std::size_t c = 0; c <= ' '; ++c) forbidden[c] = true;
  for (const char c : std::string_view("#/:<>?@[\\]^|%\x7f"))
    forbidden[static_cast<unsigned char>(c)] = true;
  return forbidden;
}

bool HasForbidden(std::string_view host) {
  static constexpr auto kForbidden = ForbiddenOctets();
  return std::any_of(host.begin(), host.end(), [](char c) {
    return kForbidden[static_cast<unsigned char>(c)];
  });
}

// s.3.5 IPv4 number: decimal, 0 octal, 0x hexadecimal; nullopt: none.
std::optional<std::uint64_t> NumberOf(std::string_view text) {
  int base = 10;
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
    if (digit < 0 || digit >= base) return std::nullopt;
    value = std::min<std::uint64_t>(value * base + digit, 1ull << 40);
  }
  return value;
}

bool EndsInNumber(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool is_digits =
      !last.empty() && std::all_of(last.begin(), last.end(), IsDigit);
  return is_digits || (StartsWithIgnoreCase(last, "0x") && NumberOf(last));
}

UrlHost Ipv4Of(std::string_view host) {
  const std::vector<std::string_view> parts = Split(host, '.');
  if (parts.size() > 4) return {};
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<std::uint64_t> number = NumberOf(parts[i]);
    const bool is_last = i + 1 == parts.size();
    const std::size_t bits = is_last ? 8 * (4 - i) : 8;
    if (!number || *number >> bits != 0) return {};
    address = (address << bits) | *number;
  }
  return {fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255,
                      (address >> 8) & 255, address & 255),
          true};
}

UrlHost Ipv6Of(std::string_view host) {
  if (host.size() < 2 || host.back() != ']') return {};
  const auto address = IpAddress::Parse(host.substr(1, host.size() - 2));
  if (!address || !Contains(host, ":")) return {};
  return {address->ToString(), true};
}

UrlHost NameOf(std::string_view text) {
  std::string host = PercentDecoded(text);
  if (!IsAscii(host)) {
    const std::optional<std::string> converted = ToALabels(host);
    if (!converted) return {};
    host = *converted;
  }
  host = ToLower(host);
  if (host.ends_with('.')) host.pop_back();
  if (host.empty() || HasForbidden(host)) return {};
  // Browsers take empty labels, the DNS does not.
  if (host.front() == '.' || host.back() == '.' || Contains(host, ".."))
    return {};
  if (EndsInNumber(host)) return Ipv4Of(host);
  return {host, false};
}

}  // namespace

UrlHost HostOfUrl(std::string_view url) {
  const std::string clean = Cleaned(url);
  const std::optional<std::string_view> authority = AuthorityOf(clean);
  if (!authority) return {};
  const std::string_view after_user =
      authority->substr(authority->rfind('@') + 1);
  const std::optional<std::string_view> host = WithoutPort(after_user);
  if (!host || host->empty() || host->size() > kMaxHost) return {};
  return host->front() == '[' ? Ipv6Of(*host) : NameOf(*host);
}

}  // namespace postern
