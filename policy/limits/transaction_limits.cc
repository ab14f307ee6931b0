#include "policy/limits/transaction_limits.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "policy/base/text.h"
#include "policy/limits/ask_limits.h"
#include "policy/limits/history/warm_up.h"
#include "policy/limits/limit_findings.h"
#include "policy/limits/novelty.h"
#include "policy/message/campaign.h"

namespace postern {
namespace {

std::vector<std::string> Addresses(const Envelope& envelope) {
  std::vector<std::string> addresses;
  for (const ForwardPath& path : envelope.recipients)
    addresses.push_back(path.address);
  return addresses;
}

void Append(std::vector<Owed> more, std::vector<Owed>* owed) {
  std::move(more.begin(), more.end(), std::back_inserter(*owed));
}

LimitedRecipient Limited(const RecipientFact& fact) {
  LimitedRecipient recipient{.address = fact.address, .receiver = {}};
  if (fact.mail_domain != MailDomain::kUnknown)
    recipient.receiver = fact.receiver;
  recipient.is_small =
      fact.profile != nullptr && fact.profile->mx_suffixes.empty();
  return recipient;
}

// Those of the message's ways that lead to the recipient's receiver.
std::vector<std::string> WaysTo(const RecipientFact& fact, const Facts& facts) {
  std::vector<std::string> ways;
  for (const EgressFact& egress : facts.egress) {
    if (egress.way == nullptr) continue;
    const std::vector<std::string>& receivers = egress.way->receivers;
    const bool leads =
        receivers.empty() ||
        std::ranges::find(receivers, fact.receiver) != receivers.end();
    if (leads && std::ranges::find(ways, egress.route) == ways.end())
      ways.push_back(egress.route);
  }
  return ways;
}

std::vector<LimitedRecipient> LimitedRecipients(const Asker& asker,
                                                const Facts& facts) {
  std::vector<LimitedRecipient> recipients;
  for (const RecipientFact& fact : facts.recipients) {
    recipients.push_back(Limited(fact));
    recipients.back().egress = WaysTo(fact, facts);
  }
  MarkNew(asker.history, asker.submission, recipients);
  return recipients;
}

LimitedContent ContentOf(const Facts& facts) {
  LimitedContent content;
  content.author_domain = facts.author_domain;
  content.stream = facts.stream.name;
  content.campaign = CampaignOf(facts.message->header);
  content.bytes = facts.wire_bytes;
  std::set<std::string_view> sites;
  for (const LinkHost& host : facts.linking.hosts) sites.insert(host.site);
  content.link_domains = static_cast<std::int64_t>(sites.size());
  return content;
}

// Whose climb a warm-up's key is of: "egress=main receiver=google" as it
// stands; small receivers are counted each by itself and climbed together, for
// a climb for each of their domains would be too many. Values have no spaces.
WarmUpKey ClimbOf(const std::string& key, const Config& config) {
  const std::size_t space = key.find(' ');
  WarmUpKey climb{key.substr(0, space), key.substr(key.find('=', space) + 1)};
  const auto fallback = std::ranges::find_if(
      config.receivers, [](const ReceiverProfile& profile) {
        return profile.mx_suffixes.empty();
      });
  const bool is_domain =
      std::ranges::find(config.receivers, climb.receiver,
                        &ReceiverProfile::name) == config.receivers.end();
  if (is_domain && fallback != config.receivers.end())
    climb.receiver = fallback->name;
  return climb;
}

bool IsNew(const WarmUpConfig& warm_up, const std::string& sender) {
  return std::ranges::any_of(warm_up.egress,
                             [&](const std::string& egress) {
                               return sender == "egress=" + ToLower(egress);
                             }) ||
         std::ranges::any_of(warm_up.domains, [&](const Domain& domain) {
           return sender == "author_domain=" + domain.text();
         });
}

// The rates that hold today for those that are new (warm_up.h); whoever is none
// of them owes nothing. The rates outlive what points to them.
using RatesOfToday = std::deque<std::vector<LimitRate>>;
void SettleWarmUps(const Asker& asker, std::vector<Owed>* owed,
                   RatesOfToday* rates) {
  std::erase_if(*owed, [&](Owed& one) {
    const WarmUpConfig* warm_up = one.charge.rule->warm_up.get();
    if (warm_up == nullptr) return false;
    const WarmUpKey climb = ClimbOf(one.charge.key, asker.config);
    if (asker.warm_up == nullptr || !IsNew(*warm_up, climb.sender)) return true;
    const std::optional<LimitRate> rate =
        asker.warm_up->RateNow(climb, warm_up->schedule);
    if (!rate) return true;
    rates->push_back({*rate});
    one.charge.rates = rates->back();
    return false;
  });
}

// Each asks for what was not refused to others of its recipients.
constexpr int kMostRounds = 32;

// The recipients whose copies wait. No reply can be given to some of them at
// end of message, so what no waiting helps concerns them all.
std::vector<std::string> Concerned(
    const TransactionLimits::Over& over, const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients) {
  std::vector<std::string> concerned;
  if (over.action != Action::kReject && !over.is_whole)
    concerned = CountedUnder(*over.charge.rule, over.keys, message, recipients);
  if (!concerned.empty()) return concerned;
  for (const LimitedRecipient& recipient : recipients)
    concerned.push_back(recipient.address);
  return concerned;
}

void Leave(const std::vector<std::string>& waiting,
           std::vector<LimitedRecipient>* leaving) {
  const std::set<std::string_view> those(waiting.begin(), waiting.end());
  std::erase_if(*leaving, [&](const LimitedRecipient& recipient) {
    return those.contains(recipient.address);
  });
}

struct AtEnd {
  const Asker& asker;
  const Facts& facts;
  const LimitedMessage& message;
};

Reserved ReserveFor(std::vector<LimitedRecipient> recipients, const AtEnd& end,
                    TransactionLimits* limits) {
  const std::vector<LimitRule>& rules = end.asker.config.limits_in_force;
  std::vector<Owed> owed;
  if (!end.facts.is_mta_bounce)
    owed = OwedAtEndOfMessage(rules, end.message, recipients, limits->tally);
  if (end.asker.is_released) {
    Append(OwedForEnvelope(rules, end.message, recipients, limits->tally),
           &owed);
    CutToBurst(&owed);
  } else {
    std::erase_if(recipients, [&](const LimitedRecipient& recipient) {
      return std::ranges::find(limits->without_receiver, recipient.address) ==
             limits->without_receiver.end();
    });
    Append(OwedForReceivers(rules, end.message, recipients, limits->tally),
           &owed);
  }
  RatesOfToday rates;
  SettleWarmUps(end.asker, &owed, &rates);
  return Reserve(end.asker, std::move(owed), limits);
}

}  // namespace

void PutOff(const TransactionLimits::Over& over, TransactionLimits* limits) {
  Enter(over.asked, &limits->tally);
  for (TransactionLimits::Over& known : limits->over) {
    if (known.finding.check != over.finding.check ||
        known.action != over.action)
      continue;
    known.keys.insert(over.keys.begin(), over.keys.end());
    known.is_whole |= over.is_whole;
    if (known.retry_at >= over.retry_at) return;
    known.finding = over.finding;
    known.retry_at = over.retry_at;
    known.charge = over.charge;
    return;
  }
  limits->over.push_back(over);
}

void Observe(const std::vector<Finding>& findings, TransactionLimits* limits) {
  for (const Finding& finding : findings) {
    const auto known = std::ranges::find_if(
        limits->observed,
        [&](const Finding& one) { return IsSame(one, finding); });
    if (known == limits->observed.end())
      limits->observed.push_back(finding);
    else
      known->recipients.insert(known->recipients.end(),
                               finding.recipients.begin(),
                               finding.recipients.end());
  }
}

Reserved ReserveAtRcpt(const Asker& asker, const Facts& facts,
                       TransactionLimits* limits) {
  const Message& message = *facts.message;
  LimitedRecipient recipient = Limited(facts.recipients.front());
  MarkNew(asker.history, asker.submission, {&recipient, 1});
  if (asker.history != nullptr) {
    if (!limits->visit)
      limits->visit = asker.history->Begin(HistoryOwner(asker.submission));
    (void)limits->visit->Add(recipient.address);
  }
  if (recipient.receiver.empty())
    limits->without_receiver.push_back(recipient.address);
  Reserved reserved =
      Reserve(asker,
              OwedAtRcpt(asker.config.limits_in_force,
                         {message.submission, message.envelope.mail_from},
                         recipient, limits->tally),
              limits);
  for (Finding& finding : reserved.findings)
    finding.recipients = {recipient.address};
  if (reserved.over) reserved.over->finding.recipients = {recipient.address};
  return reserved;
}

std::vector<Finding> ReserveAtEnd(const Asker& asker, const Facts& facts,
                                  TransactionLimits* limits) {
  const Message& message = *facts.message;
  const LimitedContent content = ContentOf(facts);
  const LimitedMessage limited{message.submission, message.envelope.mail_from,
                               &content};
  const std::vector<LimitedRecipient> all = LimitedRecipients(asker, facts);
  std::vector<LimitedRecipient> leaving = all;
  for (const TransactionLimits::Over& over : limits->over)
    Leave(Concerned(over, limited, all), &leaving);  // they wait already
  if (leaving.empty()) leaving = all;

  std::vector<Finding> findings;
  for (int round = 1; !leaving.empty(); ++round) {
    Reserved reserved = ReserveFor(leaving, {asker, facts, limited}, limits);
    findings = std::move(reserved.findings);
    if (!reserved.over) break;
    reserved.over->asked.clear();
    reserved.over->is_whole = round == kMostRounds;
    PutOff(*reserved.over, limits);
    Leave(Concerned(*reserved.over, limited, leaving), &leaving);
  }
  for (Finding& finding : findings)
    finding.recipients = Addresses(message.envelope);
  for (TransactionLimits::Over& over : limits->over) {
    over.charge.cost =
        std::max(over.charge.cost, SpentBy(over.charge, limits->tally));
    over.finding.recipients = Concerned(over, limited, all);
    findings.push_back(over.finding);
    if (facts.is_mta_bounce) findings.back().action = Action::kObserve;
  }
  for (const Finding& finding : limits->observed)
    AddUnlessThere(finding, &findings);
  return findings;
}

void ChargeOnlyWhatLeaves(const Asker& asker, const Facts& facts,
                          const std::vector<std::string>& held_recipients,
                          TransactionLimits* limits) {
  if (asker.limiter == nullptr || facts.is_mta_bounce) return;
  const std::set<std::string_view> held(held_recipients.begin(),
                                        held_recipients.end());
  std::vector<LimitedRecipient> leaving = LimitedRecipients(asker, facts);
  std::erase_if(leaving, [&](const LimitedRecipient& recipient) {
    return held.contains(recipient.address);
  });
  const Message& message = *facts.message;
  const std::vector<LimitRule>& rules = asker.config.limits_in_force;
  const LimitedContent content = ContentOf(facts);
  const LimitedMessage limited{message.submission, message.envelope.mail_from,
                               &content};
  std::vector<Owed> owed = OwedForEnvelope(rules, limited, leaving, {});
  Append(OwedAtEndOfMessage(rules, limited, leaving, {}), &owed);
  RatesOfToday rates;
  SettleWarmUps(asker, &owed, &rates);
  // It was admitted already: what others have taken meanwhile is no refusal.
  std::vector<std::string> all;
  for (const LimitRule& rule : rules) all.push_back(LimitCheckId(rule.name));
  limits->reservations.clear();
  limits->tally = {};
  (void)Reserve({asker.limiter, asker.config, asker.submission, all, {}},
                std::move(owed), limits);
}

}  // namespace postern
