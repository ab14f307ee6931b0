// from-multiple-mailboxes: several authors in one From.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages with multiple addresses in From: header",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("From") != 1 || !facts.from.error.empty())
    return {};
  const std::size_t count = facts.from.mailboxes.size();
  if (count < 2) return {};
  return FailsWith(std::to_string(count) + " mailboxes in From");
}

}  // namespace

constinit const Check kFromMultipleMailboxes = {
    .id = "from-multiple-mailboxes",
    .rules = "H09",
    .summary = "The From field has more than one mailbox.",
    .fix =
        "write one author in From; the others go into Reply-To, Cc or the text",
    .cites = "RFC 5322 s.3.6.2 allows it; Gmail refuses it",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
