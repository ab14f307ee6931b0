// forwarded-without-arc: forwarded mail that will leave without an ARC set of
// ours, so that receivers cannot learn what we saw when it came.
//
// Mended by sealing, the last step of all (arc.enabled): the gate counts it as
// mended when the seal has been made and verified.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// No receiver documents a reply for the missing set itself. This is what
// forwarded mail meets where DMARC is all that is left to judge by.
constexpr PredictedReply kPredicts[] = {
    {"apple",
     554,
     {5, 7, 1},
     "Your message was rejected due to the domain's DMARC policy",
     "support.apple.com/102322 (ARC on forwarded mail is required)"},
    {"google",
     550,
     {5, 7, 26},
     "Unauthenticated email from the domain is not accepted due to the "
     "domain's DMARC policy",
     "support.google.com/a/answer/175365 (ARC is advised)"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/best-practices (ARC is advised)"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_forwarded) return {};
  return FailsWith(facts.is_list_traffic ? "list mail by another author"
                                         : "forwarded mail");
}

}  // namespace

constinit const Check kForwardedWithoutArc = {
    .id = "forwarded-without-arc",
    .rules = "S34",
    .summary = "Forwarded mail will leave without an ARC seal.",
    .fix =
        "set arc.enabled, arc.domain, arc.selector and arc.key_file, and "
        "publish the key's record",
    .cites = "RFC 8617 s.5.1",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
