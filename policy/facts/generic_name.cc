// Whether a PTR name looks as if nobody had chosen it.

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/facts/egress_health.h"

namespace postern {
namespace {

constexpr std::array<std::string_view, 14> kWords = {
    "adsl", "cable", "dhcp",    "dial", "dialin", "dialup", "dip",
    "dsl",  "dyn",   "dynamic", "pool", "ppp",    "vdsl",   "xdsl"};

// The labels that the holder of the registered domain chose.
std::string_view BelowRegistered(std::string_view name) {
  const auto domain = Domain::Parse(name);
  const auto registered = domain ? RegistrableDomain(*domain) : std::nullopt;
  if (!registered || !name.ends_with(registered->text())) return name;
  return name.substr(0, name.size() - registered->text().size());
}

std::vector<std::string_view> Runs(std::string_view text, bool (*is_in)(char)) {
  std::vector<std::string_view> runs;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_in(text[i])) continue;
    if (i > begin) runs.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return runs;
}

bool HasWord(std::string_view text) {
  return std::ranges::any_of(Runs(text, IsAlpha), [](std::string_view run) {
    return std::ranges::find(kWords, run) != kWords.end();
  });
}

// Three of the four octets, each as a number of its own; or all of them run
// together, in decimal with zeros or in hexadecimal.
bool HasOctets(std::string_view text, std::string_view octets) {
  std::string joined, hexadecimal;
  std::vector<int> numbers;
  for (const std::string_view run : Runs(text, IsDigit)) {
    int number = -1;
    std::from_chars(run.data(), run.data() + run.size(), number);
    numbers.push_back(run.size() <= 3 ? number : -1);
  }
  int found = 0;
  for (const char c : octets) {
    const int octet = static_cast<unsigned char>(c);
    joined += fmt::format("{:03}", octet);
    hexadecimal += fmt::format("{:02x}", octet);
    const auto place = std::ranges::find(numbers, octet);
    if (place == numbers.end()) continue;
    numbers.erase(place);
    ++found;
  }
  return found >= 3 || Contains(text, joined) || Contains(text, hexadecimal);
}

// The last 64 bits of an IPv6 address, as groups or run together.
bool HasInterfaceId(std::string_view text, std::string_view octets) {
  std::string digits(text);
  std::erase_if(digits, [](char c) { return c == '-' || c == '.'; });
  std::string whole;
  for (const char c : octets.substr(8))
    whole += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return Contains(digits, whole);
}

}  // namespace

bool IsGenericName(std::string_view name, const IpAddress& address) {
  const std::string lower = ToLower(name);
  const std::string_view text = BelowRegistered(lower);
  const bool is_v4 = address.family() == IpAddress::Family::kV4;
  return HasWord(text) || (is_v4 ? HasOctets(text, address.octets())
                                 : HasInterfaceId(text, address.octets()));
}

}  // namespace postern
