// dkim-unsigned: the message leaves without a signature that could pass, for
// the reason in the detail.
//
// What is done with it is the operator's word: signing.unsigned. What bulk
// senders risk is dkim-unsigned-bulk's business.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 7, 20},
     "No passing DKIM signature found",
     "RFC 7372 s.3.1"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.LeavesUnsigned()) return {};
  const std::string& reason = facts.signing.unsigned_reason;
  return FailsWith(reason.empty() ? "no DKIM signature" : reason);
}

}  // namespace

constinit const Check kDkimUnsigned = {
    .id = "dkim-unsigned",
    .rules = "S08",
    .summary = "No DKIM signature that could pass will be present.",
    .fix =
        "no key for a domain of yours: postern keygen DOMAIN, publish its "
        "record, name it in signing.domains",
    .cites = "RFC 6376; support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
