// from-without-address: a From that names no mailbox: empty, a group, a display
// name alone.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages missing a valid address in the From: header",
     "support.google.com/a/answer/3726730"},
    {"m365",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
    {"selfhost",
     550,
     {5, 0, 0},
     "header syntax",
     "Exim 4.96 default configuration"},
    {"any",
     554,
     {5, 6, 0},
     "Message is not RFC 5322 compliant",
     "RFC 5322 s.3.6, s.3.6.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("From") != 1) return {};
  if (!facts.from.error.empty()) return FailsWith(facts.from.error);
  if (facts.from.mailboxes.empty()) return FailsWith("no address in From");
  return {};
}

}  // namespace

constinit const Check kFromWithoutAddress = {
    .id = "from-without-address",
    .rules = "H08",
    .summary = "The From field has no valid address.",
    .fix =
        "write From as Name <user@DOMAIN>, the name in quotes if it has commas "
        "or dots",
    .cites = "RFC 5322 s.3.6.2",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
