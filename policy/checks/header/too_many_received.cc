// too-many-received: as many Received fields as make a receiver think of a
// loop.
//
// Our own MTA adds one more after its milters.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     554,
     {5, 4, 6},
     "Message exceeded 50 hops, this may indicate a mail loop",
     "support.google.com/a/answer/3726730"},
    {"selfhost",
     554,
     {5, 4, 0},
     "Too many Received headers: suspected mail loop",
     "Exim 4.96 received_headers_max; Postfix hopcount_limit"},
    {"mimecast",
     554,
     {5, 4, 6},
     "Mail loop detected",
     "community.mimecast.com: SMTP error codes"},
    {"any", 554, {5, 4, 6}, "Message exceeded 50 hops", "RFC 5321 s.6.3"},
};

// Exim 30, Postfix and Gmail 50, Sendmail and Mimecast 25.
std::size_t LimitOf(std::string_view receiver) {
  if (receiver == "mimecast") return 25;
  return receiver == "selfhost" ? 30 : 50;
}

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t hops = facts.header.received + 1;
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    const std::size_t limit = LimitOf(recipient.receiver);
    const bool is_told =
        std::ranges::any_of(verdicts, [&](const Verdict& verdict) {
          return verdict.subject.name == recipient.receiver;
        });
    if (hops < limit || is_told) continue;
    verdicts.push_back({Outcome::kFail, Subject::Receiver(recipient.receiver),
                        std::to_string(hops) + " Received fields, limit " +
                            std::to_string(limit)});
  }
  return verdicts;
}

}  // namespace

constinit const Check kTooManyReceived = {
    .id = "too-many-received",
    .rules = "H28",
    .summary = "The message has been through too many hosts: a loop.",
    .fix =
        "find the two hosts that repeat in the Received fields and end the "
        "forwarding between them",
    .cites = "RFC 5321 s.6.3",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
