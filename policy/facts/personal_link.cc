#include "policy/facts/personal_link.h"

#include <algorithm>
#include <string_view>

#include "policy/base/text.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kLongestCode = 40;
constexpr int kHashDigits = 16;
constexpr std::size_t kShortestName = 3;

bool IsHexadecimal(char c) {
  return (c >= '0' && c <= '9') || (ToLower(c) >= 'a' && ToLower(c) <= 'f');
}

// A run of them; the dashes of a UUID do not end it.
bool HasHash(std::string_view text) {
  int digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    digits = IsHexadecimal(c) ? digits + 1 : 0;
    if (digits >= kHashDigits) return true;
  }
  return false;
}

// In either alphabet of RFC 4648.
bool HidesAddress(std::string_view segment) {
  std::string base64(segment);
  std::ranges::replace(base64, '-', '+');
  std::ranges::replace(base64, '_', '/');
  const std::string text = DecodeTransfer(base64, "base64", kLongestCode);
  return Contains(text, "@") &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

}  // namespace

bool MayBePersonal(const Url& url) {
  if (!url.userinfo.empty() || !url.query().empty() || !url.fragment().empty())
    return true;
  const std::string path = PercentDecoded(url.path());
  if (path.size() <= 1 || Contains(path, "@") || HasHash(path)) return true;
  return std::ranges::any_of(Split(path, '/'), [](std::string_view segment) {
    return segment.size() > kLongestCode || HidesAddress(segment);
  });
}

bool NamesOneOf(const Url& url, std::span<const std::string> addresses) {
  const std::string path = ToLower(PercentDecoded(url.path()));
  return std::ranges::any_of(addresses, [&](const std::string& address) {
    const std::string name = ToLower(address.substr(0, address.rfind('@')));
    return name.size() >= kShortestName && Contains(path, name);
  });
}

}  // namespace postern
