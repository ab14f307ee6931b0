// subject-missing: legal, and a mark of mail that nobody wrote.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"netease", 554, {5, 7, 1}, "DT:SPM", "NetEase, public threads"},
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, MISSING_SUBJECT"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const HeaderField* subject = facts.message->header.Find("Subject");
  if (subject == nullptr) return FailsWith("no Subject field");
  if (Trim(facts.header.subject).empty()) return FailsWith("an empty Subject");
  return {};
}

}  // namespace

constinit const Check kSubjectMissing = {
    .id = "subject-missing",
    .rules = "H38",
    .summary = "There is no Subject, or an empty one.",
    .fix = "write a subject; in a program, give the template a default",
    .cites = "RFC 5322 s.3.6.5",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
