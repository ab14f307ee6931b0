// field-name-too-long: names that long are Gmail's limit.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "The size of the message header field name exceeds the limit",
     "support.google.com/a/answer/3726730"},
};

constexpr std::size_t kLimit = 1024;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.header.longest_name <= kLimit) return {};
  return FailsWith("a field name of " +
                   std::to_string(facts.header.longest_name) + " octets");
}

}  // namespace

constinit const Check kFieldNameTooLong = {
    .id = "field-name-too-long",
    .rules = "H26",
    .summary = "The name of a field is longer than 1 KB.",
    .fix =
        "find the program that writes it: most often text without a line end "
        "came before the colon",
    .cites = "support.google.com/a/answer/3726730",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
