// date-behind: a Date of a clock that runs slow, or of mail that lay about.
//
// Content filters give points for it; beyond fifteen days it is date-too-old.

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
     "SpamAssassin 4.0, DATE_IN_PAST_24_48 and above"},
};

constexpr auto kLimit = std::chrono::hours(24);
constexpr auto kOld = std::chrono::hours(15 * 24);

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.date ||
      facts.message->header.Find("Resent-Date") != nullptr)
    return {};
  const auto age = facts.received_at - *facts.header.date;
  if (age <= kLimit || age > kOld) return {};
  const auto hours = std::chrono::floor<std::chrono::hours>(age);
  return FailsWith("Date is " + std::to_string(hours.count()) + " hours old");
}

}  // namespace

constinit const Check kDateBehind = {
    .id = "date-behind",
    .rules = "H05",
    .summary = "The Date is more than a day old.",
    .fix =
        "nothing to do if it waited in a queue; else run NTP on the machine "
        "that writes it",
    .cites = "RFC 5322 s.3.6.1",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
