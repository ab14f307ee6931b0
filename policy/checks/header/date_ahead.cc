// date-ahead: a Date of a clock that runs fast.
//
// Content filters give points for it; beyond two days it is date-in-future.

#include <chrono>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, DATE_IN_FUTURE_03_06 and above"},
};

constexpr auto kLimit = std::chrono::hours(2);
constexpr auto kFuture = std::chrono::hours(48);

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.date) return {};
  const auto ahead = *facts.header.date - facts.received_at;
  if (ahead <= kLimit || ahead > kFuture) return {};
  const auto hours = std::chrono::floor<std::chrono::hours>(ahead);
  return FailsWith("Date is " + std::to_string(hours.count()) + " hours ahead");
}

}  // namespace

constinit const Check kDateAhead = {
    .id = "date-ahead",
    .rules = "H04",
    .summary = "The Date is more than two hours ahead of our clock.",
    .fix =
        "run NTP on the machine that writes the mail and set its time zone; "
        "mode mend dates it anew",
    .cites = "RFC 5322 s.3.6.1",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
