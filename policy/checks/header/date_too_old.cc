// date-too-old: a Date that receivers put out of range.
//
// One before 1990 is of a clock that was never set, and is rewritten. Mail that
// was sent again says when (RFC 5322 s.3.6.6).

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
     "Date header is too old",
     "Haraka headers plugin"},
};

constexpr auto kLimit = std::chrono::hours(360);

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.date ||
      facts.message->header.Find("Resent-Date") != nullptr)
    return {};
  const auto age = facts.received_at - *facts.header.date;
  if (age <= kLimit) return {};
  const auto days = std::chrono::floor<std::chrono::days>(age);
  return FailsWith("Date is " + std::to_string(days.count()) + " days old");
}

}  // namespace

constinit const Check kDateTooOld = {
    .id = "date-too-old",
    .rules = "H05",
    .summary = "The Date is more than fifteen days old, or absurd.",
    .fix =
        "find out where it waited, or run NTP on the machine that writes it; "
        "then send it as new",
    .cites = "RFC 5322 s.3.6.1",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
