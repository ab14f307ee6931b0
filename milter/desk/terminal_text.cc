#include "milter/desk/terminal_text.h"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t octets = 0;
};

// The first code point, if the text begins with well-formed UTF-8 (RFC 3629).
std::optional<CodePoint> FirstCodePoint(std::string_view text) {
  const auto octet = [text](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(text[i]);
  };
  const std::uint32_t first = octet(0);
  if (first < 0x80) return CodePoint{first, 1};
  const std::size_t octets = first >= 0xf0 ? 4 : (first >= 0xe0 ? 3 : 2);
  if (first < 0xc2 || first > 0xf4 || text.size() < octets) return std::nullopt;
  std::uint32_t value = first & (0x7fu >> octets);
  for (std::size_t i = 1; i < octets; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (octet(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value < 0xe000;
  if (value < kLeast[octets] || value > 0x10ffff || is_surrogate)
    return std::nullopt;
  return CodePoint{value, octets};
}

// Controls, and the marks that turn the direction of writing.
bool IsHarmful(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7f && value < 0xa0) ||
         (value >= 0x200b && value <= 0x200f) ||
         (value >= 0x2028 && value <= 0x202e) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0xfeff;
}

}  // namespace

std::string TerminalText(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::optional<CodePoint> point = FirstCodePoint(text);
    const std::size_t octets = point ? point->octets : 1;
    if (point && point->value == '\t') {
      safe += ' ';
    } else if (point && !IsHarmful(point->value)) {
      safe += text.substr(0, octets);
    } else {
      for (const char c : text.substr(0, octets))
        safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(octets);
  }
  return safe;
}

std::string TerminalLines(std::string_view text, std::string_view indent) {
  std::string lines;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (std::string_view line : Split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines += fmt::format("{}{}\n", indent, TerminalText(line));
  }
  return lines;
}

std::string Wrapped(std::string_view indent, std::string_view text) {
  constexpr std::size_t kWidth = 80;
  std::string out;
  std::string line(indent);
  for (const std::string_view word : Split(text, ' ')) {
    const bool is_first = line.size() == indent.size();
    if (!is_first && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = std::string(indent.size(), ' ');
    } else if (!is_first) {
      line += ' ';
    }
    line += word;
  }
  return out + line + "\n";
}

std::string Column(std::string_view text, std::size_t width) {
  std::string column;
  std::size_t last = 0;  // where the last character begins
  std::size_t taken = 0;
  std::string_view rest = text;
  for (; taken < width && !rest.empty(); ++taken) {
    const std::optional<CodePoint> point = FirstCodePoint(rest);
    const std::size_t octets = point ? point->octets : 1;
    last = column.size();
    column += rest.substr(0, octets);
    rest.remove_prefix(octets);
  }
  if (!rest.empty()) column.replace(last, std::string::npos, "~");
  return column + std::string(width - taken, ' ');
}

}  // namespace postern
