// display-name-unfit: Gmail's guideline for names: who sends, and nothing else.

#include <algorithm>
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

// A part of an address that is hardly a word of anybody's name.
bool IsDistinct(std::string_view local_part) {
  constexpr std::size_t kLeast = 5;
  return local_part.size() >= kLeast &&
         local_part.find_first_of("0123456789._-") != local_part.npos;
}

std::string LocalPartOf(std::string_view address) {
  return ToLower(address.substr(0, address.rfind('@')));
}

// Of a letter to oneself the name is the author's own.
bool NamesRecipient(std::string_view name, const RecipientFact& recipient,
                    const AddressList& from) {
  const std::string local = LocalPartOf(recipient.address);
  return IsDistinct(local) && Contains(name, local) &&
         std::ranges::none_of(from.mailboxes, [&](const Mailbox& author) {
           return LocalPartOf(author.address.ToString()) == local;
         });
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
  for (const RecipientFact& recipient : facts.recipients)
    if (NamesRecipient(lower, recipient, facts.from))
      return FailsWith("the recipient's local part in the display name");
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
