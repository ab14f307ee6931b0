// The text of a TOML file as a tree that knows where everything stood.
//
// Keeps the parser's library out of every other file. A syntax error is one
// fault with its place; so are a text over 64 MiB, values nested over 256 deep,
// keys of more than 64 parts, NUL and invalid UTF-8.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postern {

// In characters, from 1. {0, 0}: the file as a whole.
struct Position {
  int line = 0;
  int column = 0;
  auto operator<=>(const Position&) const = default;
};

// What is wrong, and where.
struct Fault {
  std::string file;
  Position where;
  std::string text;
};
using Faults = std::vector<Fault>;

// "postern.toml:12:8: limits[0].rates: not a rate: ..."
[[nodiscard]] std::string ToString(const Fault& fault);
// In the order of their places, a line each.
[[nodiscard]] std::string ToString(Faults faults);

struct TomlEntry;
struct TomlNode;
using TomlTable = std::vector<TomlEntry>;
using TomlArray = std::vector<TomlNode>;
struct TomlUnused {};  // dates and times: no option is one

struct TomlNode {
  Position where;
  std::variant<TomlUnused, bool, std::int64_t, double, std::string, TomlArray,
               TomlTable>
      value;
};
struct TomlEntry {
  std::string key;
  Position where;
  TomlNode node;
};

[[nodiscard]] std::expected<TomlTable, Fault> ParseToml(
    std::string_view text, const std::string& file_name);

// The text as a TOML string with its quotes.
[[nodiscard]] std::string QuoteToml(std::string_view text);
// A key as TOML wants it: bare where it can be, else quoted.
[[nodiscard]] std::string TomlKey(std::string_view key);

}  // namespace postern
