#include "policy/limits/charges.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "policy/base/glob.h"
#include "policy/base/text.h"
#include "policy/config/limit_overrides.h"
#include "policy/limits/history/history.h"
#include "policy/limits/limit_key.h"

namespace postern {
namespace {

enum class Stage { kRcpt, kEndOfMessage };

bool Has(const LimitRule& rule, LimitKeyPart part) {
  return std::ranges::find(rule.key, part) != rule.key.end();
}

bool IsOfContent(LimitKeyPart part) {
  return part == LimitKeyPart::kAuthorDomain || part == LimitKeyPart::kStream ||
         part == LimitKeyPart::kCampaign || part == LimitKeyPart::kEgress;
}

Stage StageOf(const LimitRule& rule) {
  const bool is_of_content = !rule.streams.empty() ||
                             rule.cost == LimitCost::kBytes ||
                             rule.cost == LimitCost::kLinkDomains ||
                             std::ranges::any_of(rule.key, IsOfContent);
  return is_of_content ? Stage::kEndOfMessage : Stage::kRcpt;
}

// Once for each message and key, however many recipients there are.
bool IsOnce(LimitCost cost) {
  return cost == LimitCost::kMessages || cost == LimitCost::kBytes ||
         cost == LimitCost::kLinkDomains;
}

std::string DomainOf(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return {};
  const std::optional<Domain> domain = Domain::Parse(address.substr(at + 1));
  return domain ? domain->text() : ToLower(address.substr(at + 1));
}

// Those that no profile knows have nothing in common that could learn of a new
// sender: to warm up, each is a receiver by itself.
std::string ReceiverOf(const LimitRule& rule,
                       const LimitedRecipient& recipient) {
  const bool is_by_itself = rule.warm_up && recipient.is_small;
  return is_by_itself ? DomainOf(recipient.address) : recipient.receiver;
}

// The value of a part; empty: the message lacks it. Not of the ways out, of
// which there may be several.
std::string ValueOf(LimitKeyPart part, const LimitRule& rule,
                    const LimitedMessage& message,
                    const LimitedRecipient& recipient) {
  const Submission& submission = message.submission;
  const LimitedContent* content = message.content;
  switch (part) {
    case LimitKeyPart::kLogin:
      return submission.login;
    case LimitKeyPart::kMailFrom:
      // The null reverse-path is counted too: it is no way round a limit.
      return message.mail_from.empty() ? "<>" : message.mail_from;
    case LimitKeyPart::kClient:
      return submission.client_address ? submission.client_address->ToString()
                                       : std::string();
    case LimitKeyPart::kNetwork:
      return submission.client_address ? NetworkText(*submission.client_address)
                                       : std::string();
    case LimitKeyPart::kRecipient:
      return recipient.address;
    case LimitKeyPart::kRecipientDomain:
      return DomainOf(recipient.address);
    case LimitKeyPart::kReceiver:
      return ReceiverOf(rule, recipient);
    case LimitKeyPart::kAuthorDomain:
      return content != nullptr && content->author_domain
                 ? content->author_domain->text()
                 : std::string();
    case LimitKeyPart::kStream:
      return content != nullptr ? content->stream : std::string();
    case LimitKeyPart::kCampaign:
      return content != nullptr ? content->campaign : std::string();
    case LimitKeyPart::kEgress:
      return {};
  }
  return {};
}

std::optional<std::string> KeyBy(std::string_view egress, const LimitRule& rule,
                                 const LimitedMessage& message,
                                 const LimitedRecipient& recipient) {
  std::string key;
  for (const LimitKeyPart part : rule.key) {
    const std::string value = part == LimitKeyPart::kEgress
                                  ? std::string(egress)
                                  : ValueOf(part, rule, message, recipient);
    if (value.empty()) return std::nullopt;
    AddToKey(part, value, &key);
  }
  return key;
}

// One; or, by egress, one for each way that may carry it.
std::vector<std::string> KeysOf(const LimitRule& rule,
                                const LimitedMessage& message,
                                const LimitedRecipient& recipient) {
  std::vector<std::string> keys;
  const auto add = [&](std::string_view egress) {
    auto key = KeyBy(egress, rule, message, recipient);
    if (key) keys.push_back(*std::move(key));
  };
  if (Has(rule, LimitKeyPart::kEgress))
    std::ranges::for_each(recipient.egress, add);
  else
    add({});
  return keys;
}

bool IsExempt(const LimitRule& rule, const LimitedRecipient& recipient) {
  if (!rule.receivers.empty() &&
      std::ranges::find(rule.receivers, recipient.receiver) ==
          rule.receivers.end())
    return true;
  return std::ranges::any_of(
      rule.exempt_recipients, [&](const std::string& pattern) {
        return MatchesGlob(recipient.address, pattern, LetterCase::kIgnored);
      });
}

bool Concerns(const LimitRule& rule, const LimitedMessage& message) {
  return rule.streams.empty() ||
         (message.content != nullptr &&
          std::ranges::find(rule.streams, message.content->stream) !=
              rule.streams.end());
}

std::string Mark(const LimitRule& rule, std::string_view key,
                 std::string_view what) {
  std::string mark = rule.name;
  mark += '\0';
  mark += key;
  mark += '\0';
  return mark += what;
}

// Collects what one rule is owed, one charge for each key.
class Bill {
 public:
  Bill(const LimitRule& rule, const LimitedMessage& message,
       const LimitTally& tally)
      : rule_(rule), message_(message), tally_(tally) {}

  void Add(const LimitedRecipient& recipient) {
    if (IsExempt(rule_, recipient)) return;
    for (const std::string& key : KeysOf(rule_, message_, recipient))
      AddUnder(key, recipient);
  }
  void Take(std::vector<Owed>* all) {
    for (Owed& owed : owed_) all->push_back(std::move(owed));
  }

 private:
  void AddUnder(const std::string& key, const LimitedRecipient& recipient) {
    std::string mark;
    const std::int64_t cost = CostOf(recipient, &mark);
    if (cost == 0) return;
    if (IsOnce(rule_.cost) || !mark.empty()) {
      mark = Mark(rule_, key, mark);
      if (tally_.once.contains(mark) || !marks_.insert(mark).second) return;
    }
    Charge(key, cost, std::move(mark));
  }
  // And what is counted once alone: a new recipient, or a new domain.
  std::int64_t CostOf(const LimitedRecipient& recipient, std::string* mark) {
    switch (rule_.cost) {
      case LimitCost::kMessages:
      case LimitCost::kRecipients:
        return 1;
      case LimitCost::kNewRecipients:
        *mark = ToLower(recipient.address);
        return recipient.is_new ? 1 : 0;
      case LimitCost::kNewRecipientDomains:
        *mark = DomainOf(recipient.address);
        return recipient.is_new_domain ? 1 : 0;
      case LimitCost::kBytes:
        return message_.content->bytes;
      case LimitCost::kLinkDomains:
        return message_.content->link_domains;
    }
    return 0;
  }
  void Charge(const std::string& key, std::int64_t cost, std::string mark) {
    const LimitOverride* other =
        rule_.all_overrides ? rule_.all_overrides->Find(key) : nullptr;
    if (other != nullptr && other->rates.empty()) return;  // unlimited
    const auto [place, is_new] = places_.try_emplace(key, owed_.size());
    if (is_new) {
      Owed& owed = owed_.emplace_back();
      owed.charge = {.rule = &rule_, .key = key, .cost = 0};
      if (other != nullptr) owed.charge.rates = other->rates;
    }
    Owed& owed = owed_[place->second];
    owed.charge.cost += cost;
    if (!mark.empty()) owed.marks.push_back(std::move(mark));
  }

  const LimitRule& rule_;
  const LimitedMessage& message_;
  const LimitTally& tally_;
  std::vector<Owed> owed_;
  std::unordered_map<std::string, std::size_t> places_;  // in owed_, by key
  std::set<std::string> marks_;
};

template <typename Wanted>
std::vector<Owed> OwedBy(std::span<const LimitRule> rules,
                         const LimitedMessage& message,
                         std::span<const LimitedRecipient> recipients,
                         const LimitTally& tally, Wanted wanted) {
  std::vector<Owed> all;
  for (const LimitRule& rule : rules) {
    if (!wanted(rule) || !Concerns(rule, message)) continue;
    Bill bill(rule, message, tally);
    for (const LimitedRecipient& recipient : recipients) bill.Add(recipient);
    bill.Take(&all);
  }
  return all;
}

}  // namespace

std::vector<Owed> OwedAtRcpt(std::span<const LimitRule> rules,
                             const LimitedMessage& message,
                             const LimitedRecipient& recipient,
                             const LimitTally& tally) {
  return OwedForEnvelope(rules, message, {&recipient, 1}, tally);
}

std::vector<Owed> OwedAtEndOfMessage(
    std::span<const LimitRule> rules, const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients, const LimitTally& tally) {
  return OwedBy(rules, message, recipients, tally, [](const LimitRule& rule) {
    return StageOf(rule) == Stage::kEndOfMessage;
  });
}

std::vector<Owed> OwedForEnvelope(std::span<const LimitRule> rules,
                                  const LimitedMessage& message,
                                  std::span<const LimitedRecipient> recipients,
                                  const LimitTally& tally) {
  return OwedBy(rules, message, recipients, tally, [](const LimitRule& rule) {
    return StageOf(rule) == Stage::kRcpt;
  });
}

std::vector<Owed> OwedForReceivers(std::span<const LimitRule> rules,
                                   const LimitedMessage& message,
                                   std::span<const LimitedRecipient> recipients,
                                   const LimitTally& tally) {
  return OwedBy(rules, message, recipients, tally, [](const LimitRule& rule) {
    return StageOf(rule) == Stage::kRcpt &&
           (Has(rule, LimitKeyPart::kReceiver) || !rule.receivers.empty());
  });
}

std::vector<std::string> CountedUnder(
    const LimitRule& rule, const std::set<std::string, std::less<>>& keys,
    const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients) {
  std::vector<std::string> counted;
  for (const LimitedRecipient& recipient : recipients) {
    if (IsExempt(rule, recipient)) continue;
    if (std::ranges::any_of(
            KeysOf(rule, message, recipient),
            [&](const std::string& key) { return keys.contains(key); }))
      counted.push_back(recipient.address);
  }
  return counted;
}

std::int64_t SpentBy(const LimitCharge& charge, const LimitTally& tally) {
  const auto spent = tally.spent.find(Mark(*charge.rule, charge.key, {}));
  return spent == tally.spent.end() ? 0 : spent->second;
}

void Enter(std::span<const Owed> owed, LimitTally* tally) {
  for (const Owed& one : owed) {
    tally->once.insert(one.marks.begin(), one.marks.end());
    tally->spent[Mark(*one.charge.rule, one.charge.key, {})] += one.charge.cost;
  }
}

bool IsPersonal(const Submission& submission) {
  return submission.is_local || submission.is_msp || !submission.login.empty();
}

}  // namespace postern
