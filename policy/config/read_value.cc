// Reading and printing by type: what all types have in common.
#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

bool HasShape(const TomlNode& node, Shape shape) {
  switch (shape) {
    case Shape::kTruth:
      return std::holds_alternative<bool>(node.value);
    case Shape::kInteger:
      return std::holds_alternative<std::int64_t>(node.value);
    case Shape::kReal:
      return std::holds_alternative<double>(node.value) ||
             std::holds_alternative<std::int64_t>(node.value);
    case Shape::kText:
      return std::holds_alternative<std::string>(node.value);
  }
  return false;
}

bool IsControl(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet < 0x20 || octet == 0x7f;
}

// The value as it was written, shortened, for a message.
std::string Quoted(const TomlNode& node) {
  if (const auto* text = std::get_if<std::string>(&node.value))
    return fmt::format("\"{}\"", EscapeForLog(*text, 60));
  if (const auto* truth = std::get_if<bool>(&node.value))
    return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&node.value))
    return fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&node.value))
    return fmt::format("{}", *real);
  if (std::holds_alternative<TomlArray>(node.value)) return "a list";
  if (std::holds_alternative<TomlTable>(node.value)) return "a table";
  return "a date or time";
}

Fault NotOfType(const TomlNode& node, const Option& option) {
  const bool has_vowel = Contains("aeiouAEIOU", option.type->name.substr(0, 1));
  std::string text =
      fmt::format("not {} {}: {}; write {}", has_vowel ? "an" : "a",
                  option.type->name, Quoted(node), option.type->hint);
  if (const std::string limits = LimitsOf(option); !limits.empty())
    text += ", " + limits;
  return {{}, node.where, text};
}

std::optional<Fault> ReadOne(const Arrival& arrival) {
  const TomlNode& node = arrival.node;
  const ValueType& type = *arrival.option.type;
  if (!HasShape(node, type.shape)) return NotOfType(node, arrival.option);
  if (const auto* text = std::get_if<std::string>(&node.value)) {
    if (std::ranges::any_of(*text, IsControl))
      return Fault{{}, node.where, "holds a control character"};
    if (text->size() > 4096) return Fault{{}, node.where, "too long"};
    if (text->empty() && type.plurality == Plurality::kOne) {
      // Empty stands for "none" where that is the default.
      if (arrival.option.value == "\"\"") return std::nullopt;
      return NotOfType(node, arrival.option);
    }
  }
  if (!type.take(arrival)) return NotOfType(node, arrival.option);
  return std::nullopt;
}

}  // namespace

std::string LimitsOf(const Option& option) {
  if (option.least == 0 && option.most == 0) return {};
  if (option.type == &kSize)
    return fmt::format("from {} to {}", FormatSize(option.least),
                       FormatSize(option.most));
  if (option.type != &kDuration)
    return fmt::format("from {} to {}", option.least, option.most);
  return fmt::format("from {} to {}",
                     FormatDuration(std::chrono::milliseconds(option.least)),
                     FormatDuration(std::chrono::milliseconds(option.most)));
}

Faults ReadValue(const TomlNode& node, const Option& option, Slot slot,
                 const std::filesystem::path& folder) {
  Faults faults;
  const auto read = [&](const TomlNode& one) {
    if (auto fault = ReadOne({one, option, folder, slot}))
      faults.push_back(*fault);
  };
  if (option.type->plurality == Plurality::kOne) {
    read(node);
    return faults;
  }
  const auto* list = std::get_if<TomlArray>(&node.value);
  if (list == nullptr)
    return {{{},
             node.where,
             fmt::format("not a list: {}; write [{}]", Quoted(node),
                         option.example)}};
  for (const TomlNode& element : *list) read(element);
  if (list->empty() && option.presence == Presence::kRequired)
    faults.push_back({{}, node.where, "must not be empty"});
  return faults;
}

std::string PrintValue(const Option& option, Slot slot) {
  const std::vector<std::string> printed = option.type->print(slot);
  if (option.type->plurality == Plurality::kList)
    return fmt::format("[{}]", Join(printed, ", "));
  return printed.empty() ? std::string() : printed.front();
}

}  // namespace postern
