// from-encoded-address: the encoded-word takes in the address: readers see
// none.
//
// An address that stands only in a display name is from-without-address.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     550,
     {5, 7, 1},
     "Messages missing a valid address in the From: header",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("From") != 1) return {};
  const bool has_address =
      facts.from.error.empty() && !facts.from.mailboxes.empty();
  if (has_address) return {};
  const std::string written = facts.message->header.Find("From")->Unfolded();
  if (written == facts.header.from) return {};  // no encoded-word
  const AddressList meant = ParseAddressList(facts.header.from);
  if (!meant.error.empty() || meant.mailboxes.size() != 1) return {};
  return FailsWith(
      "encoded: " +
      EscapeForLog(meant.mailboxes.front().address.ToString(), 80));
}

}  // namespace

constinit const Check kFromEncodedAddress = {
    .id = "from-encoded-address",
    .rules = "H11",
    .summary = "The address in From stands inside of an encoded-word.",
    .fix =
        "encode the display name alone, with <address> behind it in ASCII; "
        "mode mend does",
    .cites = "RFC 2047 s.5 (3); RFC 5322 s.3.6.2",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
