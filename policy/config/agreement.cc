#include "policy/config/agreement.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

class Agreement {
 public:
  Agreement(const Config& config, const std::map<std::string, Position>& places)
      : config_(config), places_(places) {}

  void OfTimes();
  void OfEgress();
  void OfAlternatives();
  void OfSenders();
  void OfSigning();
  void OfSender();
  void OfArc();
  void OfUnsigned();
  void OfSelectors();
  void OfLimits();
  void OfWarmUps();
  void OfRedis();
  void OfPaths();
  void OfStreams();
  void OfChecks(std::span<const std::string_view> check_ids);
  Faults Take() { return std::move(faults_); }

 private:
  void Report(const std::string& path, const std::string& text) {
    const auto place = places_.find(path);
    faults_.push_back({config_.file,
                       place == places_.end() ? Position{} : place->second,
                       path + ": " + text});
  }

  const Config& config_;
  const std::map<std::string, Position>& places_;
  Faults faults_;
};

std::string DidYouMean(const std::string& word,
                       std::span<const std::string> known) {
  const auto nearest = NearestName(word, known);
  return nearest ? fmt::format("; did you mean \"{}\"?", *nearest)
                 : std::string();
}

void Agreement::OfTimes() {
  if (config_.milter.rcpt_deadline <= config_.milter.deadline) return;
  const bool is_named = places_.contains("milter.rcpt_deadline");
  Report(is_named ? "milter.rcpt_deadline" : "milter.deadline",
         "rcpt_deadline must not be longer than deadline");
}

void Agreement::OfEgress() {
  std::vector<std::string> known;
  for (const ReceiverProfile& receiver : config_.receivers)
    known.push_back(receiver.name);
  const auto look = [&](const EgressRoute& route, std::string_view option,
                        const std::vector<std::string>& named) {
    for (const std::string& receiver : named)
      if (std::ranges::find(known, receiver) == known.end())
        Report(fmt::format("egress.{}.{}", route.name, option),
               fmt::format("no such receiver: \"{}\"{}", receiver,
                           DidYouMean(receiver, known)));
  };
  for (const EgressRoute& route : config_.egress) {
    look(route, "receivers", route.receivers);
    look(route, "known_to", route.known_to);
  }
}

void Agreement::OfAlternatives() {
  const bool has_alternative = std::ranges::any_of(
      config_.egress, [](const EgressRoute& r) { return r.is_alternative; });
  const bool has_usual = std::ranges::any_of(
      config_.egress, [](const EgressRoute& r) { return !r.is_alternative; });
  if (has_alternative && !has_usual)
    Report(fmt::format("egress.{}.alternative", config_.egress.front().name),
           "every route is an alternative; leave one without it, for mail "
           "that leaves the usual way");
}

void Agreement::OfSenders() {
  if (!config_.munge.address.empty() && config_.munge.domain)
    Report("from.munge_domain", "munge_address is set too; write one of them");
}

void Agreement::OfSigning() {
  const SigningConfig& signing = config_.signing;
  if (signing.key_table.empty() && !signing.signing_table.empty())
    Report("signing.signing_table", "needs signing.key_table beside it");
  if (!signing.key_table.empty() && signing.signing_table.empty())
    Report("signing.key_table", "needs signing.signing_table beside it");
  std::set<std::string_view> domains;
  for (const SigningDomain& domain : signing.domains)
    if (!domains.insert(domain.domain.text()).second)
      Report("signing.domains." + TomlKey(domain.domain.text()),
             "is configured twice");
  if (signing.fallback_domain &&
      !domains.contains(signing.fallback_domain->text()))
    Report("signing.fallback_domain",
           "has no keys; write a table signing.domains." +
               TomlKey(signing.fallback_domain->text()));
  OfUnsigned();
  OfSelectors();
}

// A check that is off finds nothing on which an answer could rest.
void Agreement::OfUnsigned() {
  const auto is_off = [](const CheckPolicies& checks) {
    const auto check = checks.find("dkim-unsigned");
    return check != checks.end() && check->second.action == Action::kOff;
  };
  std::vector<std::string> paths;
  if (is_off(config_.checks)) paths.emplace_back();
  for (const StreamConfig& stream : config_.streams)
    if (is_off(stream.checks))
      paths.push_back("streams." + TomlKey(stream.name) + ".");
  const auto answers = [](const SigningDomain& domain) {
    return domain.unsigned_mail && *domain.unsigned_mail != UnsignedMail::kPass;
  };
  if (config_.signing.unsigned_mail != UnsignedMail::kPass ||
      std::ranges::any_of(config_.signing.domains, answers))
    for (const std::string& path : paths)
      Report(path + "checks.dkim-unsigned.action",
             R"(must not be "off" while unsigned mail is held or refused)");
}

void Agreement::OfSelectors() {
  for (const SigningDomain& domain : config_.signing.domains) {
    const std::string path = "signing.domains." + TomlKey(domain.domain.text());
    if (domain.keys.empty())
      Report(path,
             R"(no key; write keys = [{selector = "...", file = "..."}])");
    std::set<std::string> selectors;
    for (std::size_t i = 0; i < domain.keys.size(); ++i) {
      const std::string& selector = domain.keys[i].selector;
      if (!selector.empty() && !selectors.insert(ToLower(selector)).second)
        Report(
            fmt::format("{}.keys[{}].selector", path, i),
            fmt::format("\"{}\" is the selector of another key too", selector));
    }
  }
}

void Agreement::OfSender() {
  if (config_.sender_rewrite != "srs") return;
  if (!config_.bounce_domain)
    Report("sender.rewrite", "\"srs\" needs sender.bounce_domain");
  if (config_.sender_secret_file.empty())
    Report("sender.rewrite",
           "\"srs\" needs sender.srs_secret_file; `postern bounce "
           "--new-secret FILE` makes one");
}

void Agreement::OfArc() {
  const ArcConfig& arc = config_.arc;
  if (!arc.enabled) return;
  if (!arc.domain) Report("arc.enabled", "needs arc.domain");
  if (arc.key_file.empty()) Report("arc.enabled", "needs arc.key_file");
  // RFC 6376 s.3.1: a selector is one or more labels.
  if (!Domain::Parse(arc.selector))
    Report("arc.enabled", "needs arc.selector, a name as in DNS");
}

void Agreement::OfLimits() {
  if (config_.pace == LimitOver::kReject)
    Report("receivers.pace", "mail over a rate may go later; write \"defer\"");
  std::set<std::string> names;
  for (std::size_t i = 0; i < config_.limits.size(); ++i) {
    const LimitRule& limit = config_.limits[i];
    const std::string path = fmt::format("limits[{}]", i);
    if (!limit.name.empty() && !names.insert(limit.name).second)
      Report(
          path + ".name",
          fmt::format("\"{}\" is the name of another limit too", limit.name));
    auto key = limit.key;
    std::ranges::sort(key);
    if (std::ranges::adjacent_find(key) != key.end())
      Report(path + ".key", "names the same part twice");
    if (!limit.name.empty() && limit.rates.empty() && limit.per_message == 0 &&
        !places_.contains(path + ".rates"))
      Report(path, "needs rates, or per_message");
    if (!limit.rates.empty() && limit.over == LimitOver::kReject)
      Report(path + ".over",
             "mail over a rate may go later; write \"defer\", \"hold\" or "
             "\"auto\" (what is above per_message is rejected in any case)");
    for (const std::string& stream : limit.streams)
      if (!IsBuiltInStream(stream) &&
          std::ranges::find(config_.streams, stream, &StreamConfig::name) ==
              config_.streams.end())
        Report(path + ".streams", fmt::format("\"{}\" is no stream", stream));
  }
}

// Redis counts in doubles: RedisTermsOf.
void Agreement::OfRedis() {
  const RedisConfig& redis = config_.redis;
  const bool has_files = !redis.ca_file.empty() ||
                         !redis.certificate_file.empty() ||
                         !redis.key_file.empty();
  if (redis.tls && redis.server.starts_with("unix:"))
    Report("redis.tls", "a unix socket has no TLS; write tls = false");
  if (!redis.tls && has_files)
    Report("redis.tls", "the files of certificates need tls = true");
  if (redis.certificate_file.empty() != redis.key_file.empty())
    Report("redis.certificate_file",
           "and redis.key_file: write both or neither");
  if (redis.server.empty()) return;
  constexpr __int128 kMostSeconds = __int128{100} * 366 * 86'400;
  for (std::size_t i = 0; i < config_.limits.size(); ++i)
    for (const LimitRate& rate : config_.limits[i].rates)
      if (rate.count > 0 && __int128{std::max(rate.burst, rate.count)} *
                                    rate.period.count() / rate.count >
                                kMostSeconds)
        Report(fmt::format("limits[{}].rates", i),
               "a burst takes more than 100 years to free; write a smaller one "
               "to count it in Redis");
}

void Agreement::OfWarmUps() {
  for (const WarmUpConfig& warm_up : config_.warm_ups) {
    const std::string path = "warm_up." + TomlKey(warm_up.name);
    if (warm_up.egress.empty() == warm_up.domains.empty())
      Report(path, "needs either egress or domains");
    if (warm_up.over == LimitOver::kReject)
      Report(path + ".over", "mail over it may go later; write \"defer\"");
    for (const std::string& name : warm_up.egress)
      if (std::ranges::find(config_.egress, name, &EgressRoute::name) ==
          config_.egress.end())
        Report(path + ".egress", fmt::format("\"{}\" is no egress", name));
  }
}

void Agreement::OfStreams() {
  for (const StreamConfig& stream : config_.streams) {
    const std::string path = "streams." + TomlKey(stream.name);
    if (stream.match.IsEmpty() && !IsBuiltInStream(stream.name))
      Report(path,
             "no message is told to belong to it; write [" + path +
                 ".match] with logins, networks, senders, fields or bulk");
    const StreamHeaders& headers = stream.headers;
    for (const std::string* text :
         {&headers.unsubscribe_url, &headers.unsubscribe_mailto,
          &headers.list_id, &headers.feedback_id})
      if (Contains(*text, "{token}") && headers.token_secret_file.empty())
        Report(path + ".headers",
               "{token} needs token_secret_file; `postern bounce "
               "--new-secret FILE` makes one");
  }
}

void Agreement::OfPaths() {
  if (!config_.state_directory.starts_with('/'))
    Report("state_directory", "must be an absolute path");
}

void Agreement::OfChecks(std::span<const std::string_view> check_ids) {
  if (check_ids.empty()) return;
  const std::vector<std::string> known(check_ids.begin(), check_ids.end());
  const auto look = [&](const std::string& path, const CheckPolicies& checks) {
    for (const auto& [id, policy] : checks)
      if (std::ranges::find(known, id) == known.end())
        Report(path + "checks." + id, "no such check" + DidYouMean(id, known));
  };
  look("", config_.checks);
  for (const StreamConfig& stream : config_.streams)
    look("streams." + TomlKey(stream.name) + ".", stream.checks);
}

}  // namespace

Faults Disagreements(const Config& config,
                     const std::map<std::string, Position>& places,
                     std::span<const std::string_view> check_ids) {
  Agreement agreement(config, places);
  agreement.OfTimes();
  agreement.OfEgress();
  agreement.OfAlternatives();
  agreement.OfSenders();
  agreement.OfSigning();
  agreement.OfSender();
  agreement.OfArc();
  agreement.OfLimits();
  agreement.OfWarmUps();
  agreement.OfRedis();
  agreement.OfStreams();
  agreement.OfPaths();
  agreement.OfChecks(check_ids);
  return agreement.Take();
}

}  // namespace postern
