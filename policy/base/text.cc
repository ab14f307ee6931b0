#include "policy/base/text.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>

#include <fmt/format.h>

namespace postern {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsAlnum(char c) { return IsDigit(c) || IsAlpha(c); }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ToLower(c);
  return lower;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

bool EndsWithIgnoreCase(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         EqualsIgnoreCase(text.substr(text.size() - suffix.size()), suffix);
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string Join(std::span<const std::string> parts,
                 std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string Base64Encode(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()),
                      static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> Base64Decode(std::string_view text) {
  std::string packed;
  packed.reserve(text.size());
  for (const char c : text)
    if (!IsBlank(c) && c != '\r' && c != '\n') packed += c;
  if (packed.empty()) return std::string();
  const std::size_t end = packed.find('=');
  const std::size_t padding =
      end == std::string::npos ? 0 : packed.size() - end;
  if (packed.size() % 4 != 0 || padding > 2) return std::nullopt;
  if (padding == 2 && packed.back() != '=') return std::nullopt;
  std::string octets(packed.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                      reinterpret_cast<const unsigned char*>(packed.data()),
                      static_cast<int>(packed.size()));
  if (length < 0) return std::nullopt;
  octets.resize(static_cast<std::size_t>(length) - padding);
  return octets;
}

std::string EscapeForLog(std::string_view text, std::size_t max_bytes) {
  std::string safe;
  for (const char c : text) {
    if (safe.size() >= max_bytes) return safe + "...";
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) {
      safe += fmt::format("\\x{:02x}", octet);
    } else {
      if (c == '"' || c == '\\') safe += '\\';
      safe += c;
    }
  }
  return safe;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  const std::size_t columns = b.size() + 1;
  std::vector<std::size_t> before(columns), last(columns), row(columns);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool is_swap =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string> NearestName(
    std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> nearest;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string RandomId() {
  std::array<unsigned char, 16> octets{};
  // Without randomness no token may be made: better to stop than to guess.
  if (RAND_bytes(octets.data(), static_cast<int>(octets.size())) != 1)
    std::abort();
  std::string id;
  for (const unsigned char octet : octets) id += fmt::format("{:02x}", octet);
  return id;
}

}  // namespace postern
