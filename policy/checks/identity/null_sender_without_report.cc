// null-sender-without-report: a null sender on what is no notice of a machine.
//
// Delivery and disposition notices are multipart/report (RFC 3462 family),
// automatic replies say Auto-Submitted (RFC 3834 s.5).

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Null sender is for delivery notices only",
     "iRedAPD; site rules of Exim and Postfix"},
};

bool IsAutomatic(const Header& header) {
  const HeaderField* type = header.Find("Content-Type");
  if (type != nullptr &&
      ToLower(type->Unfolded()).starts_with("multipart/report"))
    return true;
  const HeaderField* submitted = header.Find("Auto-Submitted");
  return submitted != nullptr &&
         !ToLower(submitted->Unfolded()).starts_with("no");
}

std::vector<Verdict> Run(const Facts& facts) {
  const Message& message = *facts.message;
  const bool is_concerned = facts.has_content && !facts.is_mta_bounce &&
                            message.envelope.mail_from.empty();
  if (!is_concerned || IsAutomatic(message.header)) return {};
  return {{Outcome::kFail, Subject::Message(),
           "null sender, neither multipart/report nor Auto-Submitted"}};
}

}  // namespace

constinit const Check kNullSenderWithoutReport = {
    .id = "null-sender-without-report",
    .rules = "S32",
    .summary = "A message that is no notice has a null sender.",
    .fix =
        "set the envelope sender to which bounces shall go; an automatic "
        "answer: write Auto-Submitted",
    .cites = "RFC 5321 s.4.5.5; RFC 3834 s.5",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
