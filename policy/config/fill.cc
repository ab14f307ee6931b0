#include "policy/config/fill.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

// Where in the file we are: the pattern of the table of options, the path as
// the operator wrote it, and the struct that it fills.
struct Level {
  std::string pattern;
  std::string shown;
  Owner owner;
};

std::string Below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

class Filler {
 public:
  Filler(const Schema& schema, const std::string& file)
      : schema_(schema),
        file_(file),
        folder_(std::filesystem::path(file).parent_path()) {}

  void FillTable(const TomlTable& table, const Level& level);
  FillReport Take() { return std::move(report_); }

 private:
  void FillEntry(const TomlEntry& entry, const Level& level);
  void FillOption(const TomlEntry& entry, const Option& option,
                  const Level& level);
  void FillNamed(const TomlEntry& entry, const Group& group,
                 const Level& level);
  void FillList(const TomlEntry& entry, const Group& group, const Level& level);
  void FillInstance(const TomlEntry& entry, const Level& level);
  void ReportMissing(const Level& level, Position where);
  void ReportUnknown(const TomlEntry& entry, const Level& level);
  void Report(Position where, const std::string& shown,
              const std::string& text);

  const Schema schema_;
  const std::string file_;
  const std::filesystem::path folder_;
  FillReport report_;
};

void Filler::Report(Position where, const std::string& shown,
                    const std::string& text) {
  report_.faults.push_back(
      {file_, where, shown.empty() ? text : shown + ": " + text});
}

void Filler::ReportUnknown(const TomlEntry& entry, const Level& level) {
  const std::vector<std::string> known = ChildrenOf(schema_, level.pattern);
  std::string text = "unknown key";
  if (entry.key.size() <= 64)
    if (const auto nearest = NearestName(entry.key, known))
      text += fmt::format("; did you mean \"{}\"?", *nearest);
  Report(entry.where, Below(level.shown, EscapeForLog(entry.key, 60)), text);
}

void Filler::ReportMissing(const Level& level, Position where) {
  for (const Option& option : schema_.options) {
    if (option.presence != Presence::kRequired) continue;
    if (ParentOf(option.path) != level.pattern) continue;
    const std::string name(LeafOf(option.path));
    if (report_.places.contains(Below(level.shown, name))) continue;
    Report(where, level.shown,
           fmt::format("{} is missing; write {} = {}", name, name,
                       option.example));
  }
}

void Filler::FillTable(const TomlTable& table, const Level& level) {
  for (const TomlEntry& entry : table) FillEntry(entry, level);
}

void Filler::FillEntry(const TomlEntry& entry, const Level& level) {
  // A pattern's own marks, "<name>" and "[]", are no keys.
  if (!IsPlainName(entry.key)) return ReportUnknown(entry, level);
  const std::string pattern = Below(level.pattern, entry.key);
  if (const Option* option = FindOption(schema_, pattern))
    return FillOption(entry, *option, level);
  if (const Group* group = FindGroup(schema_, pattern)) {
    const bool is_list = group->path.ends_with("[]");
    return is_list ? FillList(entry, *group, level)
                   : FillNamed(entry, *group, level);
  }
  if (ChildrenOf(schema_, pattern).empty()) return ReportUnknown(entry, level);
  const std::string shown = Below(level.shown, entry.key);
  const auto* table = std::get_if<TomlTable>(&entry.node.value);
  if (table == nullptr)
    return Report(entry.where, shown,
                  fmt::format("must be a table: [{}]", shown));
  FillTable(*table, {pattern, shown, level.owner});
}

void Filler::FillOption(const TomlEntry& entry, const Option& option,
                        const Level& level) {
  const std::string shown = Below(level.shown, entry.key);
  report_.places.emplace(shown, entry.where);
  const Slot slot = option.slot(level.owner);
  for (const Fault& fault : ReadValue(entry.node, option, slot, folder_))
    Report(fault.where, shown, fault.text);
}

void Filler::FillNamed(const TomlEntry& entry, const Group& group,
                       const Level& level) {
  const std::string shown = Below(level.shown, entry.key);
  const auto* table = std::get_if<TomlTable>(&entry.node.value);
  if (table == nullptr)
    return Report(
        entry.where, shown,
        fmt::format("must be a table: [{}.{}]", shown, TomlKey(group.example)));
  for (const TomlEntry& named : *table) {
    const Result<Instance> added = group.add(level.owner, named.key);
    if (!added) {
      Report(named.where, Below(shown, TomlKey(named.key.substr(0, 64))),
             added.error().message);
      continue;
    }
    FillInstance(named, {std::string(group.path),
                         Below(shown, TomlKey(added->name)), added->owner});
  }
}

void Filler::FillList(const TomlEntry& entry, const Group& group,
                      const Level& level) {
  const std::string shown = Below(level.shown, entry.key);
  const auto* list = std::get_if<TomlArray>(&entry.node.value);
  if (list == nullptr)
    return Report(entry.where, shown,
                  fmt::format("must be a list of tables: [[{}]]", shown));
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Result<Instance> added = group.add(level.owner, {});
    if (!added) return Report(entry.where, shown, added.error().message);
    const TomlNode& node = (*list)[i];
    FillInstance({entry.key, node.where, node},
                 {std::string(group.path), fmt::format("{}[{}]", shown, i),
                  added->owner});
  }
}

void Filler::FillInstance(const TomlEntry& entry, const Level& level) {
  report_.places.emplace(level.shown, entry.where);
  const auto* table = std::get_if<TomlTable>(&entry.node.value);
  if (table == nullptr)
    return Report(entry.where, level.shown, "must be a table");
  FillTable(*table, level);
  ReportMissing(level, entry.where);
}

}  // namespace

FillReport Fill(const TomlTable& table, const Schema& schema, Owner root,
                const std::string& file) {
  Filler filler(schema, file);
  filler.FillTable(table, {"", "", root});
  return filler.Take();
}

}  // namespace postern
