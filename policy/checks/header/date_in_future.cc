// date-in-future: a Date that receivers put out of range.
//
// Up to two days ahead it is date-ahead.

#include <chrono>
#include <string>

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
    {"selfhost",
     550,
     {5, 7, 1},
     "Date header is too far in the future",
     "Haraka headers plugin"},
};

constexpr auto kLimit = std::chrono::hours(48);

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.date) return {};  // date-missing, date-invalid
  const auto ahead = *facts.header.date - facts.received_at;
  if (ahead <= kLimit) return {};
  const auto hours = std::chrono::floor<std::chrono::hours>(ahead);
  return FailsWith("Date is " + std::to_string(hours.count()) + " hours ahead");
}

}  // namespace

constinit const Check kDateInFuture = {
    .id = "date-in-future",
    .rules = "H04",
    .summary = "The Date is more than two days ahead of our clock.",
    .fix =
        "run NTP on the machine that writes the mail and set its time zone; "
        "mode mend dates it anew",
    .cites = "RFC 5322 s.3.6.1",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
