// The types of the options of signing.
#include <array>
#include <utility>

#include "policy/base/text.h"
#include "policy/config/value_type.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Printed = std::vector<std::string>;

constexpr std::array<std::pair<KeyStage, std::string_view>, 4> kStages = {
    {{KeyStage::kPending, "pending"},
     {KeyStage::kActive, "active"},
     {KeyStage::kRetiring, "retiring"},
     {KeyStage::kRetired, "retired"}}};
constexpr std::array<std::pair<UnsignedMail, std::string_view>, 4> kAnswers = {
    {{UnsignedMail::kPass, "pass"},
     {UnsignedMail::kHold, "hold"},
     {UnsignedMail::kDefer, "defer"},
     {UnsignedMail::kReject, "reject"}}};

template <typename Table>
auto Known(const Table& table, std::string_view word)
    -> decltype(&table.front().first) {
  for (const auto& [value, name] : table)
    if (name == word) return &value;
  return nullptr;
}
template <typename Table, typename Value>
Printed NameOf(const Table& table, Value wanted) {
  for (const auto& [value, name] : table)
    if (value == wanted) return {QuoteToml(name)};
  return {};
}

bool TakeKeyStage(const Arrival& arrival) {
  const KeyStage* stage = Known(kStages, arrival.text());
  if (stage != nullptr) *std::get<KeyStage*>(arrival.slot) = *stage;
  return stage != nullptr;
}
Printed PrintKeyStage(Slot slot) {
  return NameOf(kStages, *std::get<KeyStage*>(slot));
}

bool TakeUnsignedMail(const Arrival& arrival) {
  const UnsignedMail* answer = Known(kAnswers, arrival.text());
  if (answer != nullptr) *std::get<UnsignedMail*>(arrival.slot) = *answer;
  return answer != nullptr;
}
Printed PrintUnsignedMail(Slot slot) {
  return NameOf(kAnswers, *std::get<UnsignedMail*>(slot));
}

bool TakeUnsignedMailHere(const Arrival& arrival) {
  const UnsignedMail* answer = Known(kAnswers, arrival.text());
  if (answer != nullptr)
    *std::get<std::optional<UnsignedMail>*>(arrival.slot) = *answer;
  return answer != nullptr;
}
Printed PrintUnsignedMailHere(Slot slot) {
  const auto& answer = *std::get<std::optional<UnsignedMail>*>(slot);
  return answer ? NameOf(kAnswers, *answer) : Printed();
}

bool TakeSignedHeaders(const Arrival& arrival) {
  constexpr std::size_t kMost = 100;
  auto& names = *std::get<std::vector<std::string>*>(arrival.slot);
  const bool is_taken = IsSignableField(arrival.text()) && names.size() < kMost;
  if (is_taken) names.push_back(arrival.text());
  return is_taken;
}
Printed PrintSignedHeaders(Slot slot) {
  Printed printed;
  for (const std::string& name : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(name));
  return printed;
}

// OpenDKIM's own paths are absolute; others are relative to our file.
bool TakeDataSet(const Arrival& arrival) {
  const std::string& text = arrival.text();
  std::string_view path = text;
  std::string form;
  for (const std::string_view prefix : {"file:", "refile:"})
    if (text.starts_with(prefix)) {
      form = prefix;
      path.remove_prefix(prefix.size());
    }
  if (path.empty() || path.find(':') < path.find('/')) return false;
  *std::get<std::string*>(arrival.slot) =
      form + (arrival.folder / path).lexically_normal().string();
  return true;
}
Printed PrintDataSet(Slot slot) {
  return {QuoteToml(*std::get<std::string*>(slot))};
}

}  // namespace

constinit const ValueType kKeyStage = {
    "stage",      R"("pending", "active", "retiring" or "retired")",
    Shape::kText, Plurality::kOne,
    TakeKeyStage, PrintKeyStage};
constinit const ValueType kUnsignedMail = {
    "answer",         R"("pass", "hold", "defer" or "reject")",
    Shape::kText,     Plurality::kOne,
    TakeUnsignedMail, PrintUnsignedMail};
constinit const ValueType kUnsignedMailHere = {
    "answer",
    R"("pass", "hold", "defer" or "reject")",
    Shape::kText,
    Plurality::kOne,
    TakeUnsignedMailHere,
    PrintUnsignedMailHere};
constinit const ValueType kSignedHeaders = {
    "field to sign",
    R"(a field name such as "X-Campaign", at most 100; never Bcc, Received or )"
    "others that change on the way",
    Shape::kText,
    Plurality::kList,
    TakeSignedHeaders,
    PrintSignedHeaders};
constinit const ValueType kDataSet = {
    "table of OpenDKIM's that can be read",
    R"("file:/path" or "refile:/path"; what is in db:, dsn:, ldap:, lua: and )"
    "others must be written to a file first",
    Shape::kText,
    Plurality::kOne,
    TakeDataSet,
    PrintDataSet};

}  // namespace postern
