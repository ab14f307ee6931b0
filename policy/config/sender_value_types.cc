// The types of the options about senders, authors and the way out.
#include <algorithm>
#include <array>
#include <utility>

#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Printed = std::vector<std::string>;

constexpr std::array<std::pair<UnlistedSenders, std::string_view>, 4>
    kUnlistedWords = {{{UnlistedSenders::kAny, "any"},
                       {UnlistedSenders::kOwnDomain, "own-domain"},
                       {UnlistedSenders::kOwnAddress, "own-address"},
                       {UnlistedSenders::kNone, "none"}}};

bool TakeUnlistedSenders(const Arrival& arrival) {
  for (const auto& [unlisted, word] : kUnlistedWords) {
    if (word != arrival.text()) continue;
    *std::get<UnlistedSenders*>(arrival.slot) = unlisted;
    return true;
  }
  return false;
}
Printed PrintUnlistedSenders(Slot slot) {
  for (const auto& [unlisted, word] : kUnlistedWords)
    if (unlisted == *std::get<UnlistedSenders*>(slot)) return {QuoteToml(word)};
  return {};
}

bool TakeSenderPatterns(const Arrival& arrival) {
  if (!SenderMap::PatternOf(arrival.text())) return false;
  std::get<std::vector<std::string>*>(arrival.slot)->push_back(arrival.text());
  return true;
}
Printed PrintSenderPatterns(Slot slot) {
  Printed printed;
  for (const std::string& text : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(text));
  return printed;
}

bool TakeText(const Arrival& arrival, bool is_valid) {
  if (is_valid) *std::get<std::string*>(arrival.slot) = arrival.text();
  return is_valid;
}
Printed PrintText(Slot slot) {
  return {QuoteToml(*std::get<std::string*>(slot))};
}
bool TakeMailbox(const Arrival& arrival) {
  return TakeText(arrival, IsPlainMailbox(arrival.text()));
}
// "none" stands for no separator.
bool TakeSeparator(const Arrival& arrival) {
  std::string& separator = *std::get<std::string*>(arrival.slot);
  if (arrival.text() == "none") {
    separator.clear();
    return true;
  }
  constexpr std::array<std::string_view, 5> kSeparators = {"+", "-", "=", "_",
                                                           "#"};
  return TakeText(arrival, std::ranges::find(kSeparators, arrival.text()) !=
                               kSeparators.end());
}
Printed PrintSeparator(Slot slot) {
  const std::string& separator = *std::get<std::string*>(slot);
  return {QuoteToml(separator.empty() ? "none" : separator)};
}
bool TakeFieldName(const Arrival& arrival) {
  return TakeText(arrival, IsRecordFieldName(arrival.text()));
}
bool TakeExtensionFieldName(const Arrival& arrival) {
  return TakeText(arrival, IsExtensionFieldName(arrival.text()));
}
// "X-Build-*" stands for all names that begin so.
bool TakeExpendableFields(const Arrival& arrival) {
  std::string_view name = arrival.text();
  if (name.ends_with('*')) name.remove_suffix(1);
  if (name.size() < 4 || !IsExtensionFieldName(std::string(name))) return false;
  std::get<std::vector<std::string>*>(arrival.slot)->push_back(arrival.text());
  return true;
}

constexpr Shape kAsText = Shape::kText;
constexpr Plurality kOne = Plurality::kOne;

}  // namespace

constinit const ValueType kUnlistedSenders = {
    "default for senders",
    R"("any", "own-domain", "own-address" or "none")",
    kAsText,
    kOne,
    TakeUnlistedSenders,
    PrintUnlistedSenders};
constinit const ValueType kSenderPatterns = {
    "sender",
    R"("a@example.com", "@example.com", ".example.com", "*", "<>" or "none")",
    kAsText,
    Plurality::kList,
    TakeSenderPatterns,
    PrintSenderPatterns};
constinit const ValueType kMailbox = {
    "mailbox", R"("lists@example.com")", kAsText, kOne, TakeMailbox, PrintText};
constinit const ValueType kSeparator = {
    "separator",   R"("+", "-", "=", "_", "#" or "none")",
    kAsText,       kOne,
    TakeSeparator, PrintSeparator};
constinit const ValueType kFieldName = {"field name", R"("X-Seen")", kAsText,
                                        kOne,         TakeFieldName, PrintText};
constinit const ValueType kExtensionFieldName = {"name of an X- header field",
                                                 R"("X-Postern-Egress")",
                                                 kAsText,
                                                 kOne,
                                                 TakeExtensionFieldName,
                                                 PrintText};
constinit const ValueType kExpendableFields = {
    "name of an X- header field",
    R"("X-Build", or "X-Build-*" for all that begin so)",
    kAsText,
    Plurality::kList,
    TakeExpendableFields,
    PrintSenderPatterns};

}  // namespace postern
