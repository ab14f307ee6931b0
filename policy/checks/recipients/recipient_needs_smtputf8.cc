// recipient-needs-smtputf8: an address in UTF-8, and a receiver that may not
// take it.
//
// Which receivers do is in their profiles (smtputf8). Where the client has not
// declared SMTPUTF8, recipient-syntax and mail-from-syntax say so.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     553,
     {5, 6, 7},
     "Non-ASCII addresses not permitted for that recipient",
     "RFC 6531 s.3.5; RFC 5248"},
};

bool IsUtf8(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
}

// The address with its domain in A-labels; empty: that would not help.
std::string InAscii(const RecipientFact& recipient) {
  const std::string local =
      recipient.address.substr(0, recipient.address.rfind('@'));
  if (IsUtf8(local) || !recipient.domain) return {};
  return local + "@" + recipient.domain->text();
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  const bool is_sender_utf8 = facts.mail_from_fault.empty() &&
                              IsUtf8(facts.message->envelope.mail_from);
  for (const RecipientFact& recipient : facts.recipients) {
    const bool is_utf8 = IsUtf8(recipient.address);
    if (!recipient.path_fault.empty() || (!is_utf8 && !is_sender_utf8))
      continue;
    const auto takes = recipient.profile == nullptr
                           ? std::nullopt
                           : recipient.profile->takes_smtputf8;
    if (takes.value_or(false)) continue;
    const std::string ascii = is_utf8 ? InAscii(recipient) : "";
    verdicts.push_back(
        {takes ? Outcome::kFail : Outcome::kUnknown,
         Subject::Recipient(recipient.address),
         recipient.receiver + (takes ? " does not take addresses in UTF-8"
                                     : " may not take addresses in UTF-8"),
         ascii.empty() ? "" : "write " + ascii});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientNeedsSmtputf8 = {
    .id = "recipient-needs-smtputf8",
    .rules = "R08",
    .summary = "An address in UTF-8 goes to a receiver that may not take it.",
    .fix =
        "use addresses in ASCII for sender and recipient; ask for one where "
        "only that in UTF-8 is known",
    .cites = "RFC 6531 s.3.5",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
