#include "policy/config/toml.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "policy/base/text.h"

#define TOML_EXCEPTIONS 0
#define TOML_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::ptrdiff_t kMaxKeyParts = 64;

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

// The depth is bounded: the parser refuses deep values, IsDeepKey deep keys.
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

// A key of very many parts makes a tree whose destructor exhausts the stack.
// Dots before the first '=' or ']' bound the number of parts.
std::optional<int> LineOfDeepKey(std::string_view text) {
  int line = 0;
  for (const std::string_view content : Split(text, '\n')) {
    ++line;
    if (std::count(content.begin(), content.end(), '.') <= kMaxKeyParts)
      continue;
    const std::string_view trimmed = Trim(content);
    if (!trimmed.starts_with('#')) return line;
  }
  return std::nullopt;
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
        Fault{file_name, {*line, 1}, "a line with more than 64 dots"});
  const toml::parse_result parsed = toml::parse(text, file_name);
  if (!parsed)
    return std::unexpected(
        Fault{file_name, PositionOf(parsed.error().source()),
              EscapeForLog(parsed.error().description(), 400)});
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
