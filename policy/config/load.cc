#include "policy/config/load.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "policy/config/agreement.h"
#include "policy/config/blocklists.h"
#include "policy/config/files.h"
#include "policy/config/fill.h"
#include "policy/config/limit_overrides.h"
#include "policy/config/receivers.h"
#include "policy/config/secret_file.h"
#include "policy/config/toml.h"

namespace postern {
namespace {

void Append(const Faults& more, Faults* faults) {
  faults->insert(faults->end(), more.begin(), more.end());
}

// Who may send as whom: the file's lines and the rules of postern.toml.
Faults ReadSenders(Config* config) {
  SendersConfig& senders = config->senders;
  if (senders.map_file.empty() && senders.rules.empty()) return {};
  constexpr int kMostMebibytes = 256;
  SenderMap::Read read;
  if (!senders.map_file.empty()) {
    const auto text = ReadTextFile(senders.map_file, kMostMebibytes);
    if (!text) return {{senders.map_file, {}, text.error().message}};
    read = SenderMap::Parse(*text, senders.map_file);
  }
  for (const SenderRule& rule : senders.rules)
    for (const std::string& pattern : rule.allow)
      (void)read.map.Allow(rule.who, pattern);
  senders.map = std::make_shared<const SenderMap>(std::move(read.map));
  return read.faults;
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

void AppendLines(const std::vector<WrongLine>& wrong, const std::string& file,
                 Faults* faults) {
  for (const WrongLine& line : wrong)
    faults->push_back({file, {line.line, 1}, line.why});
}

Faults ReadLinkLists(Config* config) {
  Faults faults;
  LinkHosts hosts = BuiltInLinkHosts();
  if (!config->shorteners_file.empty())
    hosts.ReplaceShorteners(ReadHosts(config->shorteners_file, "", &faults));
  const std::string& changes = config->link_hosts_file;
  const Result<std::string> text =
      changes.empty() ? std::string() : ReadTextFile(changes);
  if (text)
    AppendLines(hosts.Read(*text), changes, &faults);
  else
    faults.push_back({changes, {}, "cannot be read"});
  config->link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));

  BrandHosts brands;
  if (config->brand_hosts_file.empty())
    brands = BuiltInBrandHosts();
  else if (const auto named = ReadTextFile(config->brand_hosts_file))
    AppendLines(brands.Read(*named), config->brand_hosts_file, &faults);
  else
    faults.push_back({config->brand_hosts_file, {}, "cannot be read"});
  config->brand_hosts = std::make_shared<const BrandHosts>(std::move(brands));

  if (!config->bad_links_file.empty())
    config->bad_links = ReadHosts(config->bad_links_file, "", &faults);
  return faults;
}

// The secrets of switched senders.
void ReadSecrets(Config* config, const std::map<std::string, Position>& places,
                 Faults* faults) {
  if (config->sender_secret_file.empty()) return;
  Result<std::vector<std::string>> secrets =
      ReadSecretFile(config->sender_secret_file);
  if (!secrets)
    faults->push_back({config->file, places.at("sender.srs_secret_file"),
                       "sender.srs_secret_file: " + secrets.error().message});
  else
    config->sender_secrets = std::move(*secrets);
}

// TOML tables come in the order of their names; streams are tried in that of
// the file.
void SortStreams(const std::map<std::string, Position>& places,
                 std::vector<StreamConfig>* streams) {
  const auto place = [&](const StreamConfig& stream) {
    const auto it = places.find("streams." + TomlKey(stream.name));
    return it == places.end() ? Position{} : it->second;
  };
  std::ranges::sort(*streams, {}, place);
}

// The secrets of the tokens that go into unsubscribe links.
void ReadTokenSecrets(Config* config,
                      const std::map<std::string, Position>& places,
                      Faults* faults) {
  for (StreamConfig& stream : config->streams) {
    StreamHeaders& headers = stream.headers;
    if (headers.token_secret_file.empty()) continue;
    Result<std::vector<std::string>> secrets =
        ReadSecretFile(headers.token_secret_file);
    const std::string path =
        "streams." + TomlKey(stream.name) + ".headers.token_secret_file";
    if (secrets)
      headers.token_secrets = std::move(*secrets);
    else
      faults->push_back({config->file, places.at(path),
                         path + ": " + secrets.error().message});
  }
}

// The operator's file where he named one, else the built-in.
std::string ListText(const std::string& file, std::string_view built_in,
                     Faults* faults) {
  if (file.empty()) {
    for (const BuiltInFile& one : BuiltInFiles())
      if (one.path == built_in) return std::string(one.text);
    return {};
  }
  Result<std::string> text = ReadTextFile(file);
  if (text) return std::move(*text);
  faults->push_back({file, {}, "cannot be read"});
  return {};
}

void ReadPhrases(Config* config, Faults* faults) {
  PhrasesRead phrases =
      ParsePhrases(ListText(config->phrases_file, "lists/phrases.txt", faults),
                   config->phrases_file);
  BrandsRead brands =
      ParseBrands(ListText(config->brands_file, "lists/brands.txt", faults),
                  config->brands_file);
  Append(phrases.faults, faults);
  Append(brands.faults, faults);
  PhraseList list =
      MakePhraseList(std::move(phrases.phrases), std::move(brands.brands));
  if (!list.set)
    faults->push_back({config->phrases_file,
                       {},
                       "phrases and brands together need more than 16 MiB; "
                       "leave some out"});
  config->phrases = std::make_shared<const PhraseList>(std::move(list));
}

void ReadLimitOverrides(Config* config, Faults* faults) {
  constexpr int kMostMebibytes = 64;
  for (LimitRule& rule : config->limits) {
    LimitOverridesRead read;
    if (!rule.overrides_file.empty()) {
      const auto text = ReadTextFile(rule.overrides_file, kMostMebibytes);
      if (text)
        read = ParseLimitOverrides(*text, rule.overrides_file);
      else
        read.faults.push_back({rule.overrides_file, {}, text.error().message});
      Append(read.faults, faults);
    }
    if (!rule.overrides.empty() || !read.overrides.empty())
      rule.all_overrides = std::make_shared<const LimitOverrides>(
          rule.overrides, rule.overrides_file, std::move(read));
  }
}

// The published rates of a receiver are limits like others.
void JoinLimits(Config* config) {
  config->limits_in_force = config->limits;
  for (const ReceiverProfile& receiver : config->receivers) {
    LimitRule rule;
    rule.over = config->pace;
    rule.receivers = {receiver.name};
    rule.name = "pace-" + receiver.name;
    rule.key = {LimitKeyPart::kReceiver};
    rule.rates = receiver.rates;
    if (!rule.rates.empty()) config->limits_in_force.push_back(rule);
    rule.name = "pace-mailbox-" + receiver.name;
    rule.key = {LimitKeyPart::kRecipient};
    rule.rates = receiver.mailbox_rates;
    if (!rule.rates.empty()) config->limits_in_force.push_back(rule);
  }
  for (const WarmUpConfig& warm_up : config->warm_ups) {
    LimitRule rule;
    rule.name = "warm-up-" + warm_up.name;
    rule.key = {warm_up.domains.empty() ? LimitKeyPart::kEgress
                                        : LimitKeyPart::kAuthorDomain,
                LimitKeyPart::kReceiver};
    rule.over = warm_up.over;
    rule.warm_up = std::make_shared<const WarmUpConfig>(warm_up);
    config->limits_in_force.push_back(std::move(rule));
  }
}

// Receivers and lists: the operator's where he named some, else the built-in.
Faults ReadNamedFiles(Config& config,
                      const std::map<std::string, Position>& places) {
  Faults faults;
  ReceiversRead receivers = config.receivers_directory.empty()
                                ? BuiltInReceivers()
                                : LoadReceivers(config.receivers_directory);
  Append(receivers.faults, &faults);
  config.receivers = std::move(receivers.profiles);

  Append(ReadLinkLists(&config), &faults);
  config.mail_domains =
      ReadHosts(config.mail_domains_file, "lists/mail-domains.txt", &faults);
  config.mail_domain_typos = ReadHosts(config.mail_domain_typos_file,
                                       "lists/mail-domain-typos.txt", &faults);
  config.dead_domains =
      ReadHosts(config.dead_domains_file, "lists/dead-domains.txt", &faults);
  config.mailbox_providers = ReadHosts(config.mailbox_providers_file,
                                       "lists/mailbox-providers.txt", &faults);

  ReadPhrases(&config, &faults);
  BlocklistsRead blocklists = config.blocklists_file.empty()
                                  ? BuiltInBlocklists()
                                  : LoadBlocklists(config.blocklists_file);
  Append(blocklists.faults, &faults);
  config.blocklists = std::move(blocklists.lists);

  Append(ReadSenders(&config), &faults);
  ReadLimitOverrides(&config, &faults);
  JoinLimits(&config);
  ReadSecrets(&config, places, &faults);
  ReadTokenSecrets(&config, places, &faults);
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
  SortStreams(report.places, &config.streams);
  Append(ReadNamedFiles(config, report.places), &report.faults);
  Append(Disagreements(config, report.places, check_ids), &report.faults);
  if (!report.faults.empty()) return Fail(ToString(report.faults));
  for (EgressRoute& route : config.egress)
    if (route.helo_name.empty()) route.helo_name = config.hostname;
  return config;
}

Config DefaultConfig() {
  Config config;
  // A fault in a built-in file is ours and fails a unit test.
  (void)ReadNamedFiles(config, {});
  return config;
}

}  // namespace postern
