#include "policy/config/toml.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "policy/base/text.h"

// The parser asserts, and with NDEBUG assumes, that its input is sane ("[[[" is
// not), then looks again itself: only the second look is wanted.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr int kMaxDots = 64;  // in a line, outside of strings

Position PositionOf(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line),
          static_cast<int>(region.begin.column)};
}

TomlNode Convert(const toml::node& node);

TomlTable ConvertTable(const toml::table& table) {
  TomlTable entries;
  for (const auto& [key, node] : table)
    entries.push_back(
        {std::string(key.str()), PositionOf(key.source()), Convert(node)});
  return entries;
}

TomlArray ConvertArray(const toml::array& array) {
  TomlArray nodes;
  for (const toml::node& node : array) nodes.push_back(Convert(node));
  return nodes;
}

// The depth is bounded: the parser refuses deep values, LineOfDeepKey deep
// keys.
TomlNode Convert(const toml::node& node) {
  TomlNode converted{.where = PositionOf(node.source()), .value = {}};
  if (const auto* table = node.as_table())
    converted.value = ConvertTable(*table);
  else if (const auto* array = node.as_array())
    converted.value = ConvertArray(*array);
  else if (const auto* text = node.as_string())
    converted.value = text->get();
  else if (const auto* integer = node.as_integer())
    converted.value = integer->get();
  else if (const auto* real = node.as_floating_point())
    converted.value = real->get();
  else if (const auto* truth = node.as_boolean())
    converted.value = truth->get();
  return converted;
}

// Where the string that begins at `at` has ended.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string thrice(3, quote);
  const bool is_long = text.substr(at, 3) == thrice;
  for (std::size_t i = at + (is_long ? 3 : 1); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\')
      ++i;
    else if (is_long && text.substr(i, 3) == thrice)
      return i + 3;
    else if (!is_long && (text[i] == quote || text[i] == '\n'))
      return i + 1;
  }
  return text.size();
}

// The line of a key with very many parts: its tree is so deep that freeing it
// exhausts the stack, and the parser bounds the depth of values only.
std::optional<int> LineOfDeepKey(std::string_view text) {
  int line = 1;
  int dots = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t next = i + 1;
    if (text[i] == '"' || text[i] == '\'')
      next = EndOfString(text, i);
    else if (text[i] == '#')
      next = std::min(text.find('\n', i), text.size());
    else if (text[i] == '.')
      ++dots;
    if (dots > kMaxDots) return line;
    const auto piece = text.substr(i, next - i);
    line += static_cast<int>(std::ranges::count(piece, '\n'));
    if (piece == "\n") dots = 0;
    i = next;
  }
  return std::nullopt;
}

// The parser's own words, without what a terminal could take for a command.
std::string Sentence(std::string_view words) {
  std::string sentence(words.substr(0, 400));
  for (char& c : sentence)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return sentence;
}

}  // namespace

std::string ToString(const Fault& fault) {
  if (fault.where.line == 0)
    return fmt::format("{}: {}", fault.file, fault.text);
  return fmt::format("{}:{}:{}: {}", fault.file, fault.where.line,
                     fault.where.column, fault.text);
}

std::string ToString(Faults faults) {
  std::ranges::stable_sort(faults, [](const Fault& a, const Fault& b) {
    return std::tie(a.file, a.where) < std::tie(b.file, b.where);
  });
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(ToString(fault));
  return Join(lines, "\n");
}

std::expected<TomlTable, Fault> ParseToml(std::string_view text,
                                          const std::string& file_name) {
  if (text.size() > kMaxBytes)
    return std::unexpected(Fault{file_name, {}, "longer than 1 MiB"});
  if (const std::optional<int> line = LineOfDeepKey(text))
    return std::unexpected(
        Fault{file_name, {*line, 1}, "a key with more than 64 dots"});
  const toml::parse_result parsed = toml::parse(text, file_name);
  if (!parsed)
    return std::unexpected(Fault{file_name, PositionOf(parsed.error().source()),
                                 Sentence(parsed.error().description())});
  return ConvertTable(parsed.table());
}

std::string QuoteToml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) {
      quoted += fmt::format("\\u{:04X}", octet);
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string TomlKey(std::string_view key) {
  const bool is_bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return IsAlnum(c) || c == '_' || c == '-';
  });
  return is_bare ? std::string(key) : QuoteToml(key);
}

}  // namespace postern
