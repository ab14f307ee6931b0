// message-id-duplicate: a message has one identifier.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages that are not RFC 5322 compliant: multiple Message-ID headers",
     "support.google.com/a/answer/3726730"},
    {"selfhost",
     550,
     {5, 7, 1},
     "RFC5322 requirement error: multiple Message-Id fields",
     "OpenDMARC RequiredHeaders"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t count = facts.message->header.Count("Message-ID");
  if (count < 2) return {};
  return FailsWith(std::to_string(count) + " Message-ID fields");
}

}  // namespace

constinit const Check kMessageIdDuplicate = {
    .id = "message-id-duplicate",
    .rules = "H14",
    .summary = "There is more than one Message-ID field.",
    .fix =
        "the program that writes the message must write Message-ID once; mode "
        "mend keeps the first",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
