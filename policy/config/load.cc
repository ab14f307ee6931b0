#include "policy/config/load.h"

#include "policy/config/agreement.h"
#include "policy/config/files.h"
#include "policy/config/fill.h"
#include "policy/config/receivers.h"
#include "policy/config/toml.h"

namespace postern {
namespace {

void Append(const Faults& more, Faults* faults) {
  faults->insert(faults->end(), more.begin(), more.end());
}

using Hosts = std::set<std::string, std::less<>>;

// The operator's file where he named one, else the built-in.
Hosts ReadHosts(const std::string& file, std::string_view built_in,
                Faults* faults) {
  HostListRead read;
  if (file.empty()) {
    read = BuiltInHostList(built_in);
  } else if (const auto text = ReadTextFile(file)) {
    read = ParseHostList(*text, file);
  } else {
    read.faults.push_back({file, {}, "cannot be read"});
  }
  Append(read.faults, faults);
  return std::move(read.hosts);
}

// Receivers and lists: the operator's where he named some, else the built-in.
Faults ReadNamedFiles(Config& config) {
  Faults faults;
  ReceiversRead receivers = config.receivers_directory.empty()
                                ? BuiltInReceivers()
                                : LoadReceivers(config.receivers_directory);
  Append(receivers.faults, &faults);
  config.receivers = std::move(receivers.profiles);

  config.shorteners =
      ReadHosts(config.shorteners_file, "lists/shorteners.txt", &faults);
  config.mail_domains =
      ReadHosts(config.mail_domains_file, "lists/mail-domains.txt", &faults);
  config.mail_domain_typos = ReadHosts(config.mail_domain_typos_file,
                                       "lists/mail-domain-typos.txt", &faults);
  config.dead_domains =
      ReadHosts(config.dead_domains_file, "lists/dead-domains.txt", &faults);
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
