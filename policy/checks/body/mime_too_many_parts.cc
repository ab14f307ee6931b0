// mime-too-many-parts: 250 are Exchange's limit, 1,000 Haraka's.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/body/mime_limits.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 6, 0},
     "The message has more parts than allowed",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 6, 0},
     "The message has more parts than allowed",
     "learn.microsoft.com, NDR error codes"},
    {"selfhost",
     554,
     {5, 6, 0},
     "Transaction had too many MIME parts",
     "Haraka max_mime_parts"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t parts = facts.structure.parts;
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    const std::size_t limit = MimePartLimit(profile.name);
    if (parts <= limit) return std::string();
    return std::to_string(parts) + " parts, limit " + std::to_string(limit);
  });
}

}  // namespace

constinit const Check kMimeTooManyParts = {
    .id = "mime-too-many-parts",
    .rules = "M08",
    .summary = "There are more MIME parts than receivers take.",
    .fix = "pack the files into one archive, or send several messages",
    .cites = "Exchange Online limits; Haraka max_mime_parts",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
