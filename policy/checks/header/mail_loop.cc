// mail-loop: Delivered-To or X-Loop names a recipient: it comes back to him.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 4, 6},
     "mail forwarding loop",
     "Postfix local(8), qmail-local(8)"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients)
    for (const HeaderField& field : facts.message->header.fields()) {
      const bool is_trace = EqualsIgnoreCase(field.name, "Delivered-To") ||
                            EqualsIgnoreCase(field.name, "X-Loop");
      if (!is_trace || !EqualsIgnoreCase(field.Unfolded(), recipient.address))
        continue;
      verdicts.push_back({Outcome::kFail, Subject::Recipient(recipient.address),
                          field.name + ": " + EscapeForLog(recipient.address)});
      break;
    }
  return verdicts;
}

}  // namespace

constinit const Check kMailLoop = {
    .id = "mail-loop",
    .rules = "H29",
    .summary = "The message has already been delivered to this recipient.",
    .fix =
        "follow the recipient's forwarding: it leads back here; end one of its "
        "two rules",
    .cites = "RFC 5321 s.6.3; Postfix local(8)",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
