// mime-too-many-parts: 250 are Exchange's limit, 1,000 Haraka's.

#include <string>

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

constexpr std::size_t kLimit = 250;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.parts <= kLimit) return {};
  return FailsWith(std::to_string(facts.structure.parts) + " parts");
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
