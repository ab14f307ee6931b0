#include "policy/config/load.h"

#include "policy/config/agreement.h"
#include "policy/config/blocklists.h"
#include "policy/config/files.h"
#include "policy/config/fill.h"
#include "policy/config/receivers.h"
#include "policy/config/toml.h"

namespace postern {
namespace {

void Append(const Faults& more, Faults* faults) {
  faults->insert(faults->end(), more.begin(), more.end());
}

// Receivers and lists: the operator's where he named some, else the built-in.
Faults ReadNamedFiles(Config& config) {
  Faults faults;
  ReceiversRead receivers = config.receivers_directory.empty()
                                ? BuiltInReceivers()
                                : LoadReceivers(config.receivers_directory);
  Append(receivers.faults, &faults);
  config.receivers = std::move(receivers.profiles);

  HostListRead shorteners;
  if (config.shorteners_file.empty()) {
    shorteners = BuiltInShorteners();
  } else if (const auto text = ReadTextFile(config.shorteners_file)) {
    shorteners = ParseHostList(*text, config.shorteners_file);
  } else {
    shorteners.faults.push_back({config.shorteners_file, {}, "cannot be read"});
  }
  Append(shorteners.faults, &faults);
  config.shorteners = std::move(shorteners.hosts);

  BlocklistsRead blocklists = config.blocklists_file.empty()
                                  ? BuiltInBlocklists()
                                  : LoadBlocklists(config.blocklists_file);
  Append(blocklists.faults, &faults);
  config.blocklists = std::move(blocklists.lists);
  return faults;
}

}  // namespace

Result<Config> LoadConfig(const std::string& file,
                          std::span<const std::string_view> check_ids) {
  const Result<std::string> text = ReadTextFile(file);
  if (!text) return std::unexpected(text.error());
  return ParseConfig(*text, file, check_ids);
}

Result<Config> ParseConfig(std::string_view text, const std::string& file_name,
                           std::span<const std::string_view> check_ids) {
  Config config;
  config.file = file_name;
  const auto table = ParseToml(text, file_name);
  if (!table) return Fail(ToString(table.error()));
  FillReport report = Fill(*table, ConfigSchema(), &config, file_name);
  Append(ReadNamedFiles(config), &report.faults);
  Append(Disagreements(config, report.places, check_ids), &report.faults);
  if (!report.faults.empty()) return Fail(ToString(report.faults));
  for (EgressRoute& route : config.egress)
    if (route.helo_name.empty()) route.helo_name = config.hostname;
  return config;
}

Config DefaultConfig() {
  Config config;
  // A fault in a built-in file is ours and fails a unit test.
  (void)ReadNamedFiles(config);
  return config;
}

}  // namespace postern
