// message-too-large: wire size against the limit in the receiver's profile.

#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "Your message exceeded Google's message size limits",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     552,
     {5, 3, 4},
     "Message size exceeds fixed limit",
     "senders.yahooinc.com/smtp-error-codes"},
    {"outlook",
     552,
     {5, 3, 4},
     "Message size exceeds fixed maximum message size",
     "learn.microsoft.com, NDR error codes"},
    {"m365",
     552,
     {5, 3, 4},
     "Message size exceeds fixed maximum message size",
     "learn.microsoft.com, NDR error codes"},
    {"united-internet",
     552,
     {5, 3, 4},
     "Message size exceeds fixed limit",
     "postmaster.gmx.net, error code list"},
    {"charter",
     552,
     {5, 3, 4},
     "AUP#I-1530",
     "spectrum.net: email error codes AUP#I"},
    {"mimecast",
     554,
     {5, 3, 4},
     "Maximum email size exceeded",
     "community.mimecast.com: SMTP error codes"},
    {"selfhost",
     552,
     {5, 3, 4},
     "Message size exceeds fixed limit",
     "RFC 1870 s.6.1"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  std::set<std::string_view> seen;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.profile == nullptr) continue;
    const std::int64_t limit = recipient.profile->max_message_bytes;
    if (limit == 0 || facts.wire_bytes <= limit) continue;
    if (!seen.insert(recipient.receiver).second) continue;
    verdicts.push_back({Outcome::kFail, Subject::Receiver(recipient.receiver),
                        std::to_string(facts.wire_bytes) + " octets, limit " +
                            std::to_string(limit)});
  }
  return verdicts;
}

}  // namespace

constinit const Check kMessageTooLarge = {
    .id = "message-too-large",
    .rules = "M13",
    .summary = "The message is larger than the receiver takes.",
    .fix =
        "put the files on a file share and send a link; base64 adds a third to "
        "their size",
    .cites = "RFC 1870",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
