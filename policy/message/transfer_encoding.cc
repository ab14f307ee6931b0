#include "policy/message/transfer_encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 76;  // RFC 2045 s.6.7, s.6.8
constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::uint8_t kForeign = 0xff;

constexpr std::array<std::uint8_t, 256> Base64Values() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] =
        static_cast<std::uint8_t>(i);
  return values;
}

std::string DecodeBase64(std::string_view raw, std::size_t max_bytes) {
  static constexpr auto kValues = Base64Values();
  std::string octets;
  octets.reserve(std::min(raw.size() / 4 * 3 + 3, max_bytes));
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : raw) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
    if (c == '=') {  // what is left of the group is padding
      bits = 0;
      count = 0;
    }
    if (value == kForeign) continue;
    bits = (bits << 6) | value;
    if (++count == 1) continue;
    if (octets.size() >= max_bytes) break;
    octets += static_cast<char>(bits >> (2 * (4 - count)));
    if (count == 4) count = 0;
  }
  return octets;
}

constexpr std::array<std::int8_t, 256> HexValues() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t i = 0; i < 16; ++i) {
    const auto digit =
        static_cast<unsigned char>(kHex[static_cast<unsigned>(i)]);
    values[digit] = i;
    values[i < 10 ? digit : digit | 0x20] = i;
  }
  return values;
}

int HexValue(char c) {
  static constexpr auto kValues = HexValues();
  return kValues[static_cast<unsigned char>(c)];
}

// What an "=" at the front means: the octets it takes, and the one it gives.
struct Escape {
  std::size_t taken = 0;
  int octet = -1;  // -1: none, a soft line break
};

// taken 0: not an escape.
Escape EscapeAt(std::string_view text) {
  if (text.size() >= 3) {
    const int high = HexValue(text[1]), low = HexValue(text[2]);
    if (high >= 0 && low >= 0) return {3, high * 16 + low};
  }
  std::size_t i = 1;
  while (i < text.size() && IsBlank(text[i])) ++i;
  if (i < text.size() && text[i] == '\r') ++i;
  if (i == text.size()) return {i, -1};
  return text[i] == '\n' ? Escape{i + 1, -1} : Escape{};
}

std::string DecodeQuotedPrintable(std::string_view raw, std::size_t max_bytes) {
  std::string text(std::min(raw.size(), max_bytes), '\0');
  std::size_t size = 0;
  while (!raw.empty() && size < text.size()) {
    const std::size_t plain = std::min(raw.find('='), raw.size());
    size += raw.copy(text.data() + size, std::min(plain, text.size() - size));
    raw.remove_prefix(plain);
    if (raw.empty() || size == text.size()) break;
    const Escape escape = EscapeAt(raw);
    if (escape.taken == 0) text[size++] = '=';
    if (escape.octet >= 0) text[size++] = static_cast<char>(escape.octet);
    raw.remove_prefix(std::max<std::size_t>(escape.taken, 1));
  }
  text.resize(size);
  return text;
}

bool IsEscaped(std::string_view text, std::size_t i, bool is_line_start) {
  const char c = text[i];
  // RFC 5321 s.4.5.2 dots; "From " is what mbox writers change.
  if (is_line_start && (c == '.' || text.substr(i, 5) == "From ")) return true;
  if (IsBlank(c)) {  // RFC 2045 s.6.7 rule 3: not at the end of a line
    const std::string_view rest = text.substr(i + 1, 2);
    return rest.empty() || rest == "\r\n";
  }
  return c == '=' || static_cast<unsigned char>(c) < ' ' ||
         static_cast<unsigned char>(c) >= 0x7f;
}

}  // namespace

std::string DecodeTransfer(std::string_view raw, std::string_view encoding,
                           std::size_t max_bytes) {
  if (encoding == "base64") return DecodeBase64(raw, max_bytes);
  if (encoding == "quoted-printable")
    return DecodeQuotedPrintable(raw, max_bytes);
  return std::string(raw.substr(0, max_bytes));
}

std::string EncodeQuotedPrintable(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 8);
  std::size_t line = 0;  // octets on the present line
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\r\n") {
      encoded += "\r\n";
      line = 0;
      ++i;
      continue;
    }
    std::size_t width = IsEscaped(text, i, line == 0) ? 3 : 1;
    const std::string_view rest = text.substr(i + 1, 2);
    const bool is_last = rest.empty() || rest == "\r\n";
    if (line + width > (is_last ? kMaxLine : kMaxLine - 1)) {
      encoded += "=\r\n";
      line = 0;
      // A line that the break makes must not look like a boundary.
      width = IsEscaped(text, i, true) || text[i] == '-' ? 3 : 1;
    }
    if (width == 1) {
      encoded += text[i];
    } else {
      const auto octet = static_cast<unsigned char>(text[i]);
      encoded += '=';
      encoded += kHex[octet >> 4];
      encoded += kHex[octet & 15];
    }
    line += width;
  }
  return encoded;
}

std::string EncodeBase64Lines(std::string_view octets) {
  constexpr std::size_t kOctetsPerLine = kMaxLine / 4 * 3;
  std::string lines;
  lines.reserve(octets.size() / kOctetsPerLine * 78 + 80);
  while (!octets.empty()) {
    if (!lines.empty()) lines += "\r\n";
    lines += Base64Encode(octets.substr(0, kOctetsPerLine));
    octets.remove_prefix(std::min(kOctetsPerLine, octets.size()));
  }
  return lines;
}

std::string ToCrlf(std::string_view text) {
  std::string lines;
  lines.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' && text[i] != '\n') {
      lines += text[i];
      continue;
    }
    lines += "\r\n";
    if (text.substr(i, 2) == "\r\n") ++i;
  }
  return lines;
}

}  // namespace postern
