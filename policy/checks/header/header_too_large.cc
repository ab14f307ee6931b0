// header-too-large: all fields together over the limit of the receiver at hand.
//
// Below that, header-large.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "The size of the message header exceeds the limit",
     "support.google.com/a/answer/3726730"},
    {"m365",
     552,
     {5, 3, 4},
     "Message header size exceeds fixed maximum size",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     552,
     {5, 3, 4},
     "Message header size exceeds fixed maximum size",
     "learn.microsoft.com, NDR error codes"},
};

struct Limit {
  std::string_view receiver;
  std::size_t octets;
};
// Exchange 256 KB, Gmail 500 KB.
constexpr Limit kLimits[] = {
    {"m365", 256'000}, {"outlook", 256'000}, {"google", 500'000}};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const Limit& limit : kLimits) {
    const bool is_concerned = std::ranges::any_of(
        facts.recipients, [&](const RecipientFact& recipient) {
          return recipient.receiver == limit.receiver;
        });
    if (!is_concerned || facts.header.octets <= limit.octets) continue;
    verdicts.push_back(
        {Outcome::kFail, Subject::Receiver(std::string(limit.receiver)),
         std::to_string(facts.header.octets) + " octets of header, limit " +
             std::to_string(limit.octets)});
  }
  return verdicts;
}

}  // namespace

constinit const Check kHeaderTooLarge = {
    .id = "header-too-large",
    .rules = "H23",
    .summary = "The header is larger than the receiver takes.",
    .fix =
        "drop X- fields that nobody reads; send to many recipients one by one "
        "instead of naming them all",
    .cites =
        "support.google.com/a/answer/3726730; Exchange Server message limits",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
