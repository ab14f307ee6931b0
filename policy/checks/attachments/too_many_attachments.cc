// too-many-attachments: more files than the receiver takes.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "The number of attachments exceeds Google's limit",
     "support.google.com/a/answer/1366776"},
    {"m365",
     550,
     {5, 3, 4},
     "Message has too many attachments",
     "learn.microsoft.com: Exchange Online limits, message limits"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t count = facts.attachments.count;
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    const auto limit = static_cast<std::size_t>(profile.max_attachments);
    if (limit == 0 || count <= limit) return std::string();
    return std::to_string(count) + " attachments, limit " +
           std::to_string(limit);
  });
}

}  // namespace

constinit const Check kTooManyAttachments = {
    .id = "too-many-attachments",
    .rules = "M12",
    .summary = "The message has more attachments than the receiver takes.",
    .fix = "pack the files into one archive, or send several messages",
    .cites = "support.google.com/a/answer/1366776",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
