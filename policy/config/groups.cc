// The tables that may occur several times, and the options of receiver files.
#include "policy/base/text.h"
#include "policy/config/options.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

Config& In(Owner at) { return *std::get<Config*>(at); }
ReceiverProfile& Profile(Owner at) { return *std::get<ReceiverProfile*>(at); }

Result<Instance> AddRoute(Owner parent, const std::string& name) {
  if (!IsPlainName(name))
    return Fail("not a name; write letters, digits, '-' and '_', at most 64");
  auto& routes = In(parent).egress;
  routes.push_back({.name = name});
  return Instance{name, &routes.back()};
}
std::vector<Instance> ListRoutes(Owner parent) {
  std::vector<Instance> instances;
  for (EgressRoute& route : In(parent).egress)
    instances.push_back({route.name, &route});
  return instances;
}

Result<Instance> AddSigningDomain(Owner parent, const std::string& name) {
  const auto domain = Domain::Parse(name);
  if (!domain) return Fail(R"(not a domain; write "example.com" in quotes)");
  auto& domains = In(parent).signing.domains;
  domains.push_back({.domain = *domain});
  return Instance{domain->text(), &domains.back()};
}
std::vector<Instance> ListSigningDomains(Owner parent) {
  std::vector<Instance> instances;
  for (SigningDomain& domain : In(parent).signing.domains)
    instances.push_back({domain.domain.text(), &domain});
  return instances;
}

Result<Instance> AddKey(Owner parent, const std::string& /*name*/) {
  auto& keys = std::get<SigningDomain*>(parent)->keys;
  return Instance{"", &keys.emplace_back()};
}
std::vector<Instance> ListKeys(Owner parent) {
  std::vector<Instance> instances;
  for (SigningKey& key : std::get<SigningDomain*>(parent)->keys)
    instances.push_back({"", &key});
  return instances;
}

Result<Instance> AddCheck(Owner parent, const std::string& name) {
  if (!IsPlainName(name)) return Fail("not the id of a check");
  return Instance{name, &In(parent).checks[name]};
}
std::vector<Instance> ListChecks(Owner parent) {
  std::vector<Instance> instances;
  for (auto& [id, policy] : In(parent).checks)
    instances.push_back({id, &policy});
  return instances;
}

Result<Instance> AddStream(Owner parent, const std::string& name) {
  if (!IsPlainName(name))
    return Fail("not a name; write letters, digits, '-' and '_', at most 64");
  auto& streams = In(parent).streams;
  streams.push_back({.name = name});
  return Instance{name, &streams.back()};
}
std::vector<Instance> ListStreams(Owner parent) {
  std::vector<Instance> instances;
  for (StreamConfig& stream : In(parent).streams)
    instances.push_back({stream.name, &stream});
  return instances;
}

Result<Instance> AddStreamCheck(Owner parent, const std::string& name) {
  if (!IsPlainName(name)) return Fail("not the id of a check");
  return Instance{name, &std::get<StreamConfig*>(parent)->checks[name]};
}
std::vector<Instance> ListStreamChecks(Owner parent) {
  std::vector<Instance> instances;
  for (auto& [id, policy] : std::get<StreamConfig*>(parent)->checks)
    instances.push_back({id, &policy});
  return instances;
}

Result<Instance> AddLimit(Owner parent, const std::string& /*name*/) {
  return Instance{"", &In(parent).limits.emplace_back()};
}
std::vector<Instance> ListLimits(Owner parent) {
  std::vector<Instance> instances;
  for (LimitRule& limit : In(parent).limits) instances.push_back({"", &limit});
  return instances;
}

Result<Instance> AddWarmUp(Owner parent, const std::string& name) {
  if (!IsPlainName(name))
    return Fail("not a name; write letters, digits, '-' and '_', at most 64");
  auto& warm_ups = In(parent).warm_ups;
  warm_ups.push_back({.name = name});
  return Instance{name, &warm_ups.back()};
}
std::vector<Instance> ListWarmUps(Owner parent) {
  std::vector<Instance> instances;
  for (WarmUpConfig& warm_up : In(parent).warm_ups)
    instances.push_back({warm_up.name, &warm_up});
  return instances;
}

Result<Instance> AddSenderRule(Owner parent, const std::string& name) {
  if (!SenderMap::KeyOf(name))
    return Fail(
        "not who may send; write a login, \"uid:1000\", \"net:192.0.2.0/24\" "
        "or \"local\"");
  auto& rules = In(parent).senders.rules;
  rules.push_back({.who = name, .allow = {}});
  return Instance{name, &rules.back()};
}
std::vector<Instance> ListSenderRules(Owner parent) {
  std::vector<Instance> instances;
  for (SenderRule& rule : In(parent).senders.rules)
    instances.push_back({rule.who, &rule});
  return instances;
}

Result<Instance> AddMasquerade(Owner parent, const std::string& name) {
  const auto domain = Domain::Parse(name);
  if (!domain) return Fail(R"(not a domain; write "corp.internal" in quotes)");
  auto& rules = In(parent).masquerade;
  rules.push_back({.inside = *domain, .outside = {}});
  return Instance{domain->text(), &rules.back()};
}
std::vector<Instance> ListMasquerades(Owner parent) {
  std::vector<Instance> instances;
  for (MasqueradeRule& rule : In(parent).masquerade)
    instances.push_back({rule.inside.text(), &rule});
  return instances;
}

// For a hoster of some hundred mailboxes. In mode observe they only tell.
constexpr std::string_view kShippedLimits = R"(
# Limits for some hundred mailboxes, to begin with: what people and shops do
# stays far below. In mode "observe" they only tell.
[[limits]]
name = "login-messages"
key = ["login"]
rates = ["60/min burst 30", "300/h", "1500/d"]

[[limits]]
name = "login-recipients"
key = ["login"]
cost = "recipients"
rates = ["1000/h", "3000/d"]

# Who has got somebody else's password writes to people whom that login never
# wrote to.
[[limits]]
name = "login-new-recipients"
key = ["login"]
cost = "new_recipients"
rates = ["300/d"]

# A web site of which a form is abused, a device, another server.
[[limits]]
name = "client-messages"
key = ["client"]
rates = ["120/min burst 60", "3000/h"]

[[limits]]
name = "domain-recipients"
key = ["author_domain"]
cost = "recipients"
rates = ["20000/d burst 5000"]

# Mailings go to each recipient alone.
[[limits]]
name = "message-recipients"
key = ["mail_from"]
cost = "recipients"
per_message = 500
)";

constexpr Group kGroups[] = {
    {.path = "egress.<name>",
     .example = "main",
     .doc = "A way out: one table for each group of addresses from which the "
            "MTA connects to receivers.",
     .add = AddRoute,
     .list = ListRoutes},
    {.path = "signing.domains.<domain>",
     .example = "example.com",
     .doc = "A domain that is signed for, and its keys.",
     .add = AddSigningDomain,
     .list = ListSigningDomains},
    {.path = "signing.domains.<domain>.keys[]",
     .example = "",
     .doc = "Best two keys, RSA and Ed25519: the message is signed with both.",
     .add = AddKey,
     .list = ListKeys},
    {.path = "senders.rules.<who>",
     .example = "alice@example.com",
     .doc = "Who may send as whom: a login, \"uid:1000\" or \"local\" for "
            "sendmail(1), or \"net:192.0.2.0/24\" for clients without login.",
     .add = AddSenderRule,
     .list = ListSenderRules},
    {.path = "from.masquerade.<domain>",
     .example = "corp.internal",
     .doc = "A name inside of your network that must not stand in From: where "
            "author-domain-not-public mends, it and all names below it become "
            "a public one.",
     .add = AddMasquerade,
     .list = ListMasquerades},
    {.path = "checks.<check>",
     .example = "recipient-null-mx",
     .doc = "What the findings of one check do, where it is not what the check "
            "itself proposes.",
     .add = AddCheck,
     .list = ListChecks},
    {.path = "streams.<name>",
     .example = "news",
     .doc = "A kind of traffic. The first table that fits a message counts, in "
            "the order of this file; then the built-in ones: automatic "
            "(Auto-Submitted), marketing (bulk), personal (a login), "
            "transactional (the rest). A table with one of these names and "
            "without [match] says what differs for it.",
     .add = AddStream,
     .list = ListStreams},
    {.path = "streams.<name>.checks.<check>",
     .example = "list-id-missing",
     .doc = "What the findings of one check do to mail of this stream.",
     .add = AddStreamCheck,
     .list = ListStreamChecks},
    {.path = "warm_up.<name>",
     .example = "new-address",
     .doc = "A new way out, or a new domain, of which receivers take little at "
            "first. Its days begin with its first mail to each receiver.",
     .add = AddWarmUp,
     .list = ListWarmUps},
    {.path = "limits[]",
     .example = "",
     .doc = "How much may go; one table for each limit.",
     .shipped = kShippedLimits,
     .add = AddLimit,
     .list = ListLimits},
};

constexpr Option kReceiverOptions[] = {
    {.path = "mx",
     .type = &kMxSuffixes,
     .value = "[]",
     .example = R"([".google.com"])",
     .doc = "The ends of the names of its MX hosts; empty: the profile for "
            "receivers that no other profile knows.",
     .slot = [](Owner at) -> Slot { return &Profile(at).mx_suffixes; }},
    {.path = "max_message_size",
     .type = &kSize,
     .value = R"("0")",
     .example = R"("25MB")",
     .doc = "The largest message it takes, as published; 0: not published.",
     .slot = [](Owner at) -> Slot { return &Profile(at).max_message_bytes; }},
    {.path = "dmarc",
     .type = &kDmarcMethod,
     .value = R"("tree-walk")",
     .doc = "How it finds the organizational domain: tree-walk (RFC 9989) or "
            "psl (RFC 7489).",
     .slot = [](Owner at) -> Slot {
       return &Profile(at).uses_public_suffix_list;
     }},
    {.path = "smtputf8",
     .type = &kKnowledge,
     .example = "true",
     .doc = "Whether it takes addresses in UTF-8 (RFC 6531); unset: not known.",
     .slot = [](Owner at) -> Slot { return &Profile(at).takes_smtputf8; }},
    {.path = "needs_sender_soa",
     .type = &kBool,
     .value = "false",
     .doc = "Whether it refuses an envelope sender whose organizational domain "
            "has no SOA record.",
     .slot = [](Owner at) -> Slot { return &Profile(at).needs_sender_soa; }},
    {.path = "blocked_extensions",
     .type = &kNames,
     .value = "[]",
     .example = R"(["exe", "js"])",
     .doc = "The file name extensions that it refuses, in lower case.",
     .slot = [](Owner at) -> Slot { return &Profile(at).blocked_extensions; }},
    {.path = "suspect_extensions",
     .type = &kNames,
     .value = "[]",
     .example = R"(["iso", "docm"])",
     .doc = "Those that it counts against a message, or that its tenants may "
            "refuse.",
     .slot = [](Owner at) -> Slot { return &Profile(at).suspect_extensions; }},
    {.path = "max_attachments",
     .type = &kInteger,
     .value = "0",
     .doc = "How many attachments it takes, as published; 0: not published.",
     .slot = [](Owner at) -> Slot { return &Profile(at).max_attachments; },
     .least = 0,
     .most = 100'000},
    {.path = "max_recipients",
     .type = &kInteger,
     .value = "0",
     .doc = "How many recipients of one message it takes, as published; 0: not "
            "published.",
     .slot = [](Owner at) -> Slot { return &Profile(at).max_recipients; },
     .least = 0,
     .most = 100'000},
    {.path = "bulk_sender_messages",
     .type = &kInteger,
     .value = "0",
     .doc = "How many messages a day make a domain a bulk sender there for "
            "good, as published; 0: not published.",
     .slot = [](Owner at) -> Slot { return &Profile(at).bulk_sender_messages; },
     .least = 0,
     .most = 1'000'000'000},
    {.path = "personal_domains",
     .type = &kDomains,
     .value = "[]",
     .example = R"(["gmail.com"])",
     .doc = "The domains of its personal mailboxes, which alone count for "
            "bulk_sender_messages; none: all do.",
     .slot = [](Owner at) -> Slot { return &Profile(at).personal_domains; }},
    {.path = "rates",
     .type = &kRates,
     .value = "[]",
     .example = R"(["100/min", "10000/d"])",
     .doc = "How many messages it takes from this server.",
     .slot = [](Owner at) -> Slot { return &Profile(at).rates; }},
    {.path = "mailbox_rates",
     .type = &kRates,
     .value = "[]",
     .example = R"(["60/min", "3600/h"])",
     .doc = "How many messages it takes for one mailbox.",
     .slot = [](Owner at) -> Slot { return &Profile(at).mailbox_rates; }},
    {.path = "source",
     .type = &kText,
     .value = R"("")",
     .doc = "Where this is published.",
     .slot = [](Owner at) -> Slot { return &Profile(at).source; }},
};

}  // namespace

Schema ConfigSchema() { return {Options(), kGroups}; }
Schema ReceiverSchema() { return {kReceiverOptions, {}}; }

}  // namespace postern
