#include "policy/config/print.h"

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/options.h"
#include "policy/config/toml.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

constexpr std::size_t kWidth = 80;

std::string Below(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

bool IsDefault(const Option& option, std::string_view printed) {
  return option.value.empty() ? printed == "[]" : printed == option.value;
}

struct Level {
  std::string pattern;
  std::string shown;
  Owner owner;
};

std::string HeaderOf(const Group& group, const std::string& path) {
  const bool is_list = group.path.ends_with("[]");
  return is_list ? "[[" + path + "]]\n" : "[" + path + "]\n";
}
// How an instance is called in a path: those of a list have no name.
std::string PathOf(const Group& group, const std::string& shown,
                   std::string_view name) {
  return group.path.ends_with("[]") ? shown : Below(shown, TomlKey(name));
}

std::string PrintLevel(const Level& level, Extent extent);

// The table's header, where it has content or must exist.
std::string WithHeader(const std::string& header, const std::string& content) {
  if (content.empty() || content.starts_with("\n[")) return content;
  return "\n" + header + "\n" + content;
}

std::string PrintGroup(const Group& group, const Level& parent,
                       const std::string& shown, Extent extent) {
  std::string text;
  for (const Instance& instance : group.list(parent.owner)) {
    const std::string path = PathOf(group, shown, instance.name);
    text += "\n" + HeaderOf(group, path) +
            PrintLevel({std::string(group.path), path, instance.owner}, extent);
  }
  return text;
}

// The options of a table, then the tables below it.
std::string PrintLevel(const Level& level, Extent extent) {
  const Schema schema = ConfigSchema();
  std::string text;
  for (const Option& option : schema.options) {
    if (ParentOf(option.path) != level.pattern) continue;
    const std::string printed = PrintValue(option, option.slot(level.owner));
    if (printed.empty()) continue;
    if (extent == Extent::kChanged && IsDefault(option, printed)) continue;
    text += fmt::format("{} = {}\n", LeafOf(option.path), printed);
  }
  for (const std::string& child : ChildrenOf(schema, level.pattern)) {
    const std::string pattern = Below(level.pattern, child);
    const std::string shown = Below(level.shown, child);
    if (FindOption(schema, pattern) != nullptr) continue;
    if (const Group* group = FindGroup(schema, pattern))
      text += PrintGroup(*group, level, shown, extent);
    else
      text += WithHeader(fmt::format("[{}]", shown),
                         PrintLevel({pattern, shown, level.owner}, extent));
  }
  return text;
}

// A sentence as comment lines.
std::string Comment(std::string_view sentence) {
  std::string text;
  std::string line = "#";
  for (const std::string_view word : Split(sentence, ' ')) {
    if (line.size() + 1 + word.size() > kWidth) {
      text += line + "\n";
      line = "#";
    }
    line += fmt::format(" {}", word);
  }
  return text + line + "\n";
}

std::string Sentences(const Option& option) {
  std::string text(option.doc);
  if (const std::string limits = LimitsOf(option); !limits.empty())
    text += " It must be " + limits + ".";
  if (option.reload == Reload::kNeedsRestart) text += " Needs a restart.";
  return text;
}

// "#key = value" is a setting that is switched off, "# Words" are words.
std::string Documented(const Option& option, std::string_view mark) {
  const std::string_view leaf = LeafOf(option.path);
  const bool has_example = !option.example.empty();
  std::string sentences = Sentences(option);
  if (mark.empty() && !option.value.empty()) {
    if (has_example) sentences += fmt::format(" Example: {}", option.example);
    return Comment(sentences) + fmt::format("{} = {}\n", leaf, option.value);
  }
  return Comment(sentences) +
         fmt::format("#{} = {}\n", leaf,
                     has_example ? option.example : option.value);
}

// As PrintLevel, but of the table itself. In a group everything is a comment,
// marked '#': an example.
std::string DocumentedLevel(const std::string& pattern,
                            const std::string& shown, std::string_view mark) {
  const Schema schema = ConfigSchema();
  std::string text;
  for (const Option& option : schema.options)
    if (ParentOf(option.path) == pattern)
      text += (text.empty() ? "" : "\n") + Documented(option, mark);
  for (const std::string& child : ChildrenOf(schema, pattern)) {
    const std::string below = Below(pattern, child);
    const std::string path = Below(shown, child);
    if (FindOption(schema, below) != nullptr) continue;
    const Group* group = FindGroup(schema, below);
    if (group == nullptr) {
      const std::string content = DocumentedLevel(below, path, mark);
      text += WithHeader(fmt::format("{}[{}]", mark, path), content);
      continue;
    }
    const std::string name = PathOf(*group, path, group->example);
    text += "\n" + Comment(group->doc) + "#" + HeaderOf(*group, name) +
            DocumentedLevel(std::string(group->path), name, "#");
    if (mark.empty()) text += group->shipped;
  }
  return text;
}

}  // namespace

std::string PrintConfig(Config config, Extent extent) {
  const std::string text = PrintLevel({"", "", &config}, extent);
  return std::string(Trim(text)) + "\n";
}

std::string PrintDefaults() {
  return "# The configuration of Postern: every option with its default.\n"
         "# `postern print-config --defaults` prints it; `postern "
         "check-config`\n"
         "# judges a changed one. A line that begins with \"#key\" is an "
         "example "
         "to\n# be switched on.\n\n" +
         DocumentedLevel("", "", "");
}

std::vector<std::string> NeedingRestart(Config before, Config after) {
  std::vector<std::string> names;
  for (const Option& option : Options()) {
    if (option.reload != Reload::kNeedsRestart) continue;
    const std::string was = PrintValue(option, option.slot(&before));
    if (was != PrintValue(option, option.slot(&after)))
      names.emplace_back(option.path);
  }
  return names;
}

}  // namespace postern
