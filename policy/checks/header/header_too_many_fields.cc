// header-too-many-fields: 5,000 fields are Gmail's limit, 1,000 lines Haraka's.

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
     "The number of message header fields exceeds the limit",
     "support.google.com/a/answer/3726730"},
    {"selfhost",
     552,
     {5, 3, 4},
     "Too many header lines",
     "Haraka max_header_lines"},
};

constexpr std::size_t kGmailFields = 5000;
constexpr std::size_t kHarakaLines = 1000;

bool Concerns(const Facts& facts, std::string_view receiver) {
  return std::ranges::any_of(facts.recipients,
                             [&](const RecipientFact& recipient) {
                               return recipient.receiver == receiver;
                             });
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  const std::size_t fields = facts.message->header.fields().size();
  if (fields > kGmailFields && Concerns(facts, "google"))
    verdicts.push_back({Outcome::kFail, Subject::Receiver("google"),
                        std::to_string(fields) + " fields, limit 5000"});
  if (facts.header.lines > kHarakaLines && Concerns(facts, "selfhost"))
    verdicts.push_back(
        {Outcome::kFail, Subject::Receiver("selfhost"),
         std::to_string(facts.header.lines) + " header lines, limit 1000"});
  return verdicts;
}

}  // namespace

constinit const Check kHeaderTooManyFields = {
    .id = "header-too-many-fields",
    .rules = "H25",
    .summary = "There are more header fields than the receiver takes.",
    .fix =
        "look for a loop, or a filter that adds its field at each pass; drop "
        "those that repeat",
    .cites = "support.google.com/a/answer/3726730; Haraka max_header_lines",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
