// display-name-unfit: Gmail's guideline for names: who sends, and nothing else.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "likely unsolicited mail",
     "support.google.com/a/answer/81126, display names"},
};

// Emoji and check marks: U+1F300 to U+1FAFF, U+2600 to U+27BF.
bool HasMark(std::string_view utf8) {
  for (std::size_t i = 0; i + 2 < utf8.size(); ++i) {
    const auto octet = [&](std::size_t k) {
      return static_cast<unsigned char>(utf8[i + k]);
    };
    if (octet(0) == 0xf0 && octet(1) == 0x9f && octet(2) >= 0x8c) return true;
    if (octet(0) == 0xe2 && octet(1) >= 0x98 && octet(1) <= 0x9e) return true;
  }
  return false;
}

// "Alice (2)", as mail programs count a thread.
bool HasCounter(std::string_view name) {
  if (name.size() < 4 || name.back() != ')') return false;
  std::size_t i = name.size() - 2;
  while (i > 0 && IsDigit(name[i])) --i;
  return i < name.size() - 2 && i > 0 && name[i] == '(' && name.size() - i <= 4;
}

std::vector<Verdict> Run(const Facts& facts) {
  const std::string& name = facts.header.author_name;
  if (name.empty()) return {};
  if (HasMark(name)) return FailsWith("a pictograph in the display name");
  if (HasCounter(name))
    return FailsWith("a thread counter in the display name");
  const std::string lower = ToLower(name);
  for (const RecipientFact& recipient : facts.recipients)
    if (Contains(lower, ToLower(recipient.address)))
      return FailsWith("the recipient's address in the display name");
  const bool is_provider = facts.author_domain &&
                           facts.config->mailbox_providers.contains(lower) &&
                           lower != facts.author_domain->text();
  if (is_provider) return FailsWith("a mailbox provider as display name");
  return {};
}

}  // namespace

constinit const Check kDisplayNameUnfit = {
    .id = "display-name-unfit",
    .rules = "H36",
    .summary =
        "The display name has what is no name: a mark, a counter, the "
        "recipient.",
    .fix =
        "write the name of the person or firm and nothing else: no emoji, "
        "counter or recipient",
    .cites = "support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
