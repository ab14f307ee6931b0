#include "policy/limits/transaction_limits.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "policy/limits/gcra.h"
#include "policy/limits/history/warm_up.h"
#include "policy/limits/limit_findings.h"
#include "policy/limits/novelty.h"
#include "policy/limits/waiting_lines.h"
#include "policy/message/campaign.h"

namespace postern {
namespace {

std::vector<std::string> Addresses(const Envelope& envelope) {
  std::vector<std::string> addresses;
  for (const ForwardPath& path : envelope.recipients)
    addresses.push_back(path.address);
  return addresses;
}

Action ActionOver(const LimitRule& rule, const LimitOverrun& overrun,
                  const Asker& asker) {
  return asker.Enforces(LimitCheckId(rule.name))
             ? LimitAction(rule, overrun, asker.submission)
             : Action::kObserve;
}

void Append(std::vector<Owed> more, std::vector<Owed>* owed) {
  std::move(more.begin(), more.end(), std::back_inserter(*owed));
}

LimitedRecipient Limited(const RecipientFact& fact) {
  LimitedRecipient recipient{.address = fact.address, .receiver = {}};
  if (fact.mail_domain != MailDomain::kUnknown)
    recipient.receiver = fact.receiver;
  return recipient;
}

std::vector<LimitedRecipient> LimitedRecipients(const Asker& asker,
                                                const Facts& facts) {
  std::vector<LimitedRecipient> recipients;
  for (const RecipientFact& fact : facts.recipients)
    recipients.push_back(Limited(fact));
  MarkNew(asker.history, asker.submission, recipients);
  return recipients;
}

LimitedContent ContentOf(const Facts& facts) {
  LimitedContent content;
  content.author_domain = facts.author_domain;
  content.stream = facts.stream.name;
  content.campaign = CampaignOf(facts.message->header);
  if (!facts.egress.empty()) content.egress = facts.egress.front().route;
  content.bytes = facts.wire_bytes;
  std::set<std::string_view> sites;
  for (const LinkHost& host : facts.linking.hosts) sites.insert(host.site);
  content.link_domains = static_cast<std::int64_t>(sites.size());
  return content;
}

// The rates that hold today for those that are new (warm_up.h); whoever is none
// of them owes nothing. The rates outlive what points to them.
using RatesOfToday = std::deque<std::vector<LimitRate>>;
void SettleWarmUps(const Asker& asker, const LimitedContent& content,
                   std::vector<Owed>* owed, RatesOfToday* rates) {
  std::erase_if(*owed, [&](Owed& one) {
    const WarmUpConfig* warm_up = one.charge.rule->warm_up.get();
    if (warm_up == nullptr) return false;
    const bool is_new =
        std::ranges::find(warm_up->egress, content.egress) !=
            warm_up->egress.end() ||
        (content.author_domain &&
         std::ranges::find(warm_up->domains, *content.author_domain) !=
             warm_up->domains.end());
    if (asker.warm_up == nullptr || !is_new) return true;
    // "egress=main receiver=google"; values have no spaces.
    const std::string& key = one.charge.key;
    const std::size_t space = key.find(' ');
    const std::size_t equals = key.find('=', space);
    const std::optional<LimitRate> rate = asker.warm_up->RateNow(
        {key.substr(0, space), key.substr(equals + 1)}, warm_up->schedule);
    if (!rate) return true;
    rates->push_back({*rate});
    one.charge.rates = rates->back();
    return false;
  });
}

// The one that was refused, in what was asked for.
std::vector<Owed>::iterator Refused(const LimitOverrun& overrun,
                                    std::vector<Owed>* owed) {
  return std::find_if(owed->begin(), owed->end(), [&](const Owed& one) {
    return one.charge.rule->name == overrun.rule &&
           one.charge.key == overrun.key;
  });
}

// The first that is more than one message may cost by its rule.
std::optional<LimitOverrun> OverMessageCap(std::span<const Owed> owed,
                                           const LimitTally& tally) {
  for (const Owed& one : owed) {
    const LimitRule& rule = *one.charge.rule;
    if (rule.per_message <= 0 ||
        one.charge.cost + SpentBy(one.charge, tally) <= rule.per_message)
      continue;
    LimitOverrun overrun;
    overrun.rule = rule.name;
    overrun.key = one.charge.key;
    overrun.is_per_message = true;
    return overrun;
  }
  return std::nullopt;
}

// The rate that admits the least at once; null: it is not limited, or what it
// admits grows from day to day.
const LimitRate* SmallestBurst(const LimitCharge& charge) {
  const std::span<const LimitRate> rates = charge.rates_in_force();
  if (rates.empty() || charge.rule->warm_up) return nullptr;
  return &*std::ranges::min_element(
      rates, {}, [](const LimitRate& rate) { return TermsOf(rate).burst; });
}

// Those who wait for what is charged here, where they stand in its way.
std::optional<WaitingLines::Ahead> Queue(const Asker& asker,
                                         const LimitCharge& charge) {
  if (asker.lines == nullptr || charge.rule->over == LimitOver::kObserve)
    return std::nullopt;
  const auto ahead = asker.lines->AheadOf(charge.rule->name, charge.key);
  if (!ahead || !asker.Enforces(LimitCheckId(charge.rule->name)))
    return std::nullopt;
  return ahead;
}

double SecondsForOne(const LimitRate& rate) {
  return static_cast<double>(rate.period.count()) /
         static_cast<double>(std::max<std::int64_t>(rate.count, 1));
}

std::chrono::nanoseconds TimeFor(std::int64_t cost, const LimitRate& rate) {
  constexpr std::chrono::duration<double> kMost = std::chrono::days(30);
  const std::chrono::duration<double> time(static_cast<double>(cost) *
                                           SecondsForOne(rate));
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::min(time, kMost));
}

// The first for which others wait already. It is expected when they, and then
// it, have been let through at the slowest rate.
std::optional<LimitOverrun> BehindOthers(const Asker& asker,
                                         std::span<const Owed> owed) {
  for (const Owed& one : owed) {
    const std::span<const LimitRate> rates = one.charge.rates_in_force();
    if (rates.empty()) continue;
    const auto ahead = Queue(asker, one.charge);
    if (!ahead) continue;
    const LimitRate& slowest =
        *std::ranges::max_element(rates, {}, SecondsForOne);
    return LimitOverrun{
        .rule = one.charge.rule->name,
        .key = one.charge.key,
        .rate = slowest,
        .retry_at =
            ahead->first_at +
            TimeFor(ahead->cost_after_first + one.charge.cost, slowest)};
  }
  return std::nullopt;
}

// The first of which the message as a whole asks for more than may go at once.
// A grant may pay all the same, so each is asked by itself.
std::optional<LimitOverrun> AboveBurst(const Asker& asker,
                                       std::span<const Owed> owed,
                                       const LimitTally& tally) {
  for (const Owed& one : owed) {
    const LimitRate* rate = SmallestBurst(one.charge);
    const std::int64_t whole = one.charge.cost + SpentBy(one.charge, tally);
    if (rate == nullptr || whole <= TermsOf(*rate).burst) continue;
    LimitCharge charge = one.charge;
    if (Queue(asker, charge)) charge.cost = whole;  // it has reserved nothing
    std::optional<LimitOverrun> overrun =
        asker.limiter->Reserve({&charge, 1}).overrun;
    if (!overrun || overrun->store_is_down) continue;
    overrun->rate = *rate;
    overrun->retry_at.reset();
    return overrun;
  }
  return std::nullopt;
}

// Asks for all of it; nullopt: it is reserved.
std::optional<LimitOverrun> Ask(const Asker& asker, std::span<const Owed> owed,
                                TransactionLimits* limits) {
  if (!asker.is_released) {
    std::optional<LimitOverrun> overrun = OverMessageCap(owed, limits->tally);
    if (overrun) return overrun;
  }
  std::vector<LimitCharge> charges;
  for (const Owed& one : owed)
    if (!one.charge.rates_in_force().empty()) charges.push_back(one.charge);
  if (charges.empty()) return std::nullopt;
  Limiter::Answer answer;
  answer.overrun = BehindOthers(asker, owed);
  if (!answer.overrun) answer = asker.limiter->Reserve(charges);
  if (answer.overrun) {
    const auto above = AboveBurst(asker, owed, limits->tally);
    return above ? above : answer.overrun;
  }
  limits->reservations.push_back(std::move(answer.reservation));
  return std::nullopt;
}

Reserved Reserve(const Asker& asker, std::vector<Owed> owed,
                 TransactionLimits* limits) {
  Reserved reserved;
  std::vector<Owed> observed;
  while (asker.limiter != nullptr && !owed.empty()) {
    const std::optional<LimitOverrun> overrun = Ask(asker, owed, limits);
    if (!overrun) break;
    const auto refused = Refused(*overrun, &owed);
    if (refused == owed.end()) return reserved;
    const Action action = ActionOver(*refused->charge.rule, *overrun, asker);
    Finding finding = LimitFinding(refused->charge, *overrun, action);
    if (action != Action::kObserve) {
      LimitCharge charge = refused->charge;
      charge.rates = {};  // they may not live as long
      Append(std::move(observed), &owed);
      reserved.over = {std::move(finding), action, overrun->retry_at,
                       std::move(charge), std::move(owed)};
      return reserved;
    }
    reserved.findings.push_back(std::move(finding));
    observed.push_back(std::move(*refused));
    owed.erase(refused);
  }
  Enter(owed, &limits->tally);
  Enter(observed, &limits->tally);
  return reserved;
}

// What was taken once goes when the whole burst is free, be it as much as that
// or, since a grant or a former rate let it in, more.
void CutToBurst(std::vector<Owed>* owed) {
  for (Owed& one : *owed)
    if (const LimitRate* rate = SmallestBurst(one.charge))
      one.charge.cost = std::min(one.charge.cost, TermsOf(*rate).burst);
}

}  // namespace

void PutOff(const TransactionLimits::Over& over, TransactionLimits* limits) {
  Enter(over.asked, &limits->tally);
  for (TransactionLimits::Over& known : limits->over) {
    if (known.finding.check != over.finding.check ||
        known.action != over.action)
      continue;
    if (known.retry_at < over.retry_at) known = over;
    return;
  }
  limits->over.push_back(over);
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
  const std::vector<LimitRule>& rules = asker.config.limits_in_force;
  const LimitedContent content = ContentOf(facts);
  const LimitedMessage limited{message.submission, message.envelope.mail_from,
                               &content};
  std::vector<LimitedRecipient> recipients = LimitedRecipients(asker, facts);
  std::vector<Owed> owed;
  if (!facts.is_mta_bounce)
    owed = OwedAtEndOfMessage(rules, limited, recipients, limits->tally);
  if (asker.is_released) {
    Append(OwedForEnvelope(rules, limited, recipients, limits->tally), &owed);
    CutToBurst(&owed);
  } else {
    std::erase_if(recipients, [&](const LimitedRecipient& recipient) {
      return std::ranges::find(limits->without_receiver, recipient.address) ==
             limits->without_receiver.end();
    });
    Append(OwedForReceivers(rules, limited, recipients, limits->tally), &owed);
  }
  RatesOfToday rates;
  SettleWarmUps(asker, content, &owed, &rates);
  Reserved reserved = Reserve(asker, std::move(owed), limits);
  if (reserved.over) {
    reserved.over->asked.clear();
    PutOff(*reserved.over, limits);
  }
  std::vector<Finding> findings = std::move(reserved.findings);
  for (TransactionLimits::Over& over : limits->over) {
    over.charge.cost =
        std::max(over.charge.cost, SpentBy(over.charge, limits->tally));
    findings.push_back(over.finding);
    if (facts.is_mta_bounce) findings.back().action = Action::kObserve;
  }
  for (Finding& finding : findings)
    finding.recipients = Addresses(message.envelope);
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
  SettleWarmUps(asker, content, &owed, &rates);
  // It was admitted already: what others have taken meanwhile is no refusal.
  std::vector<std::string> all;
  for (const LimitRule& rule : rules) all.push_back(LimitCheckId(rule.name));
  limits->reservations.clear();
  limits->tally = {};
  (void)Reserve({asker.limiter, asker.config, asker.submission, all, {}},
                std::move(owed), limits);
}

}  // namespace postern
