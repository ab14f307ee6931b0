// The types of the limits' options.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/limit_overrides.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Printed = std::vector<std::string>;

template <typename T>
using Word = std::pair<T, std::string_view>;

constexpr std::array<Word<LimitKeyPart>, 11> kKeyParts = {
    {{LimitKeyPart::kLogin, "login"},
     {LimitKeyPart::kMailFrom, "mail_from"},
     {LimitKeyPart::kAuthorDomain, "author_domain"},
     {LimitKeyPart::kClient, "client"},
     {LimitKeyPart::kNetwork, "network"},
     {LimitKeyPart::kRecipient, "recipient"},
     {LimitKeyPart::kRecipientDomain, "recipient_domain"},
     {LimitKeyPart::kReceiver, "receiver"},
     {LimitKeyPart::kStream, "stream"},
     {LimitKeyPart::kCampaign, "campaign"},
     {LimitKeyPart::kEgress, "egress"}}};
constexpr std::array<Word<LimitCost>, 6> kCosts = {
    {{LimitCost::kMessages, "messages"},
     {LimitCost::kRecipients, "recipients"},
     {LimitCost::kNewRecipients, "new_recipients"},
     {LimitCost::kNewRecipientDomains, "new_recipient_domains"},
     {LimitCost::kBytes, "bytes"},
     {LimitCost::kLinkDomains, "link_domains"}}};
constexpr std::array<Word<LimitOver>, 5> kOvers = {
    {{LimitOver::kAuto, "auto"},
     {LimitOver::kDefer, "defer"},
     {LimitOver::kHold, "hold"},
     {LimitOver::kReject, "reject"},
     {LimitOver::kObserve, "observe"}}};
constexpr std::array<Word<LimitStoreDown>, 3> kStoreDowns = {
    {{LimitStoreDown::kLocal, "local"},
     {LimitStoreDown::kOpen, "open"},
     {LimitStoreDown::kClosed, "closed"}}};

template <typename T, std::size_t n>
bool TakeWord(const Arrival& arrival, const std::array<Word<T>, n>& words) {
  const auto word = std::ranges::find(words, arrival.text(), &Word<T>::second);
  if (word != words.end()) *std::get<T*>(arrival.slot) = word->first;
  return word != words.end();
}
template <typename T, std::size_t n>
Printed PrintWord(Slot slot, const std::array<Word<T>, n>& words) {
  const auto word =
      std::ranges::find(words, *std::get<T*>(slot), &Word<T>::first);
  return word == words.end() ? Printed{} : Printed{QuoteToml(word->second)};
}

bool TakeKey(const Arrival& arrival) {
  const auto word =
      std::ranges::find(kKeyParts, arrival.text(), &Word<LimitKeyPart>::second);
  if (word == kKeyParts.end()) return false;
  std::get<std::vector<LimitKeyPart>*>(arrival.slot)->push_back(word->first);
  return true;
}
Printed PrintKey(Slot slot) {
  Printed printed;
  for (const LimitKeyPart part : *std::get<std::vector<LimitKeyPart>*>(slot))
    printed.push_back(QuoteToml(WordOf(part)));
  return printed;
}
bool TakeCost(const Arrival& arrival) { return TakeWord(arrival, kCosts); }
Printed PrintCost(Slot slot) { return PrintWord(slot, kCosts); }
bool TakeOver(const Arrival& arrival) { return TakeWord(arrival, kOvers); }
Printed PrintOver(Slot slot) { return PrintWord(slot, kOvers); }
bool TakeStoreDown(const Arrival& arrival) {
  return TakeWord(arrival, kStoreDowns);
}
Printed PrintStoreDown(Slot slot) { return PrintWord(slot, kStoreDowns); }
bool TakeRates(const Arrival& arrival) {
  const auto rate = ParseRate(arrival.text());
  if (rate) std::get<std::vector<LimitRate>*>(arrival.slot)->push_back(*rate);
  return rate.has_value();
}
Printed PrintRates(Slot slot) {
  Printed printed;
  for (const LimitRate& rate : *std::get<std::vector<LimitRate>*>(slot))
    printed.push_back(QuoteToml(FormatRate(rate)));
  return printed;
}
bool TakeOverride(const Arrival& arrival) {
  auto one = ParseLimitOverride(arrival.text());
  if (one) std::get<std::vector<LimitOverride>*>(arrival.slot)->push_back(*one);
  return one.has_value();
}
Printed PrintOverrides(Slot slot) {
  Printed printed;
  for (const LimitOverride& one : *std::get<std::vector<LimitOverride>*>(slot))
    printed.push_back(QuoteToml(FormatLimitOverride(one)));
  return printed;
}

// Kept in lower case, as addresses are compared.
bool TakeAddressPattern(const Arrival& arrival) {
  const std::string& text = arrival.text();
  if (!Contains(text, "@") || text.find_first_of(" \t,") != text.npos)
    return false;
  std::get<std::vector<std::string>*>(arrival.slot)->push_back(ToLower(text));
  return true;
}
Printed PrintTexts(Slot slot) {
  Printed printed;
  for (const std::string& text : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(text));
  return printed;
}

// "3d 500": for three days 500 a day.
bool TakeWarmUpStep(const Arrival& arrival) {
  const std::string_view text = arrival.text();
  const std::size_t space = text.find(' ');
  if (space == text.npos) return false;
  const auto lasting = ParseDuration(text.substr(0, space));
  const auto messages = ParseSize(text.substr(space + 1));
  constexpr std::int64_t kDayMs = 86'400'000, kMostDays = 365;
  if (!lasting || !messages || *messages < 1) return false;
  const std::int64_t days = lasting->count() / kDayMs;
  if (days < 1 || days > kMostDays || lasting->count() % kDayMs != 0)
    return false;
  std::get<std::vector<WarmUpStep>*>(arrival.slot)
      ->push_back({static_cast<int>(days), *messages});
  return true;
}
Printed PrintWarmUpSteps(Slot slot) {
  Printed printed;
  for (const WarmUpStep& step : *std::get<std::vector<WarmUpStep>*>(slot))
    printed.push_back(
        QuoteToml(fmt::format("{}d {}", step.days, step.messages)));
  return printed;
}
constexpr std::array<Word<Action>, 4> kRampActions = {
    {{Action::kOff, "off"},
     {Action::kObserve, "observe"},
     {Action::kHold, "hold"},
     {Action::kDefer, "defer"}}};
bool TakeRampAction(const Arrival& arrival) {
  return TakeWord(arrival, kRampActions);
}
Printed PrintRampAction(Slot slot) { return PrintWord(slot, kRampActions); }

constexpr Shape kAsText = Shape::kText;
constexpr Plurality kOne = Plurality::kOne;
constexpr Plurality kList = Plurality::kList;

}  // namespace

std::string_view WordOf(LimitKeyPart part) {
  return std::ranges::find(kKeyParts, part, &Word<LimitKeyPart>::first)->second;
}
std::string_view WordOf(LimitCost cost) {
  return std::ranges::find(kCosts, cost, &Word<LimitCost>::first)->second;
}

constinit const ValueType kLimitKey = {
    "key of a limit",
    R"("login", "mail_from", "author_domain", "client", "network", )"
    R"("recipient", "recipient_domain", "receiver", "stream", "campaign" )"
    R"(or "egress")",
    kAsText,
    kList,
    TakeKey,
    PrintKey};
constinit const ValueType kLimitCost = {
    "cost",
    R"("messages", "recipients", "new_recipients", "new_recipient_domains", )"
    R"("bytes" or "link_domains")",
    kAsText,
    kOne,
    TakeCost,
    PrintCost};
constinit const ValueType kLimitOver = {
    "answer", R"("auto", "defer", "hold", "reject" or "observe")",
    kAsText,  kOne,
    TakeOver, PrintOver};
constinit const ValueType kLimitStoreDown = {"answer without a store",
                                             R"("local", "open" or "closed")",
                                             kAsText,
                                             kOne,
                                             TakeStoreDown,
                                             PrintStoreDown};
constinit const ValueType kRates = {
    "rate",    R"("50/h", "60/min burst 20" or "2GB/d")",
    kAsText,   kList,
    TakeRates, PrintRates};
constinit const ValueType kLimitOverrides = {
    "override",
    R"("login=shop-* 5000/h, 20000/d" or "login=boss@* unlimited")",
    kAsText,
    kList,
    TakeOverride,
    PrintOverrides};
constinit const ValueType kAddressPatterns = {
    "pattern of addresses",
    R"("postmaster@*" or "*@example.com")",
    kAsText,
    kList,
    TakeAddressPattern,
    PrintTexts};
constinit const ValueType kWarmUpSteps = {
    "step",         R"("3d 500": for three days 500 messages a day)",
    kAsText,        kList,
    TakeWarmUpStep, PrintWarmUpSteps};
constinit const ValueType kRampAction = {
    "action",       R"("off", "observe", "hold" or "defer")",
    kAsText,        kOne,
    TakeRampAction, PrintRampAction};

}  // namespace postern
