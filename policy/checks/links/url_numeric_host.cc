// url-numeric-host: IPv4 in any notation, or IPv6, where a name should stand.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"outlook",
     550,
     {5, 7, 1},
     "message rejected due to its content",
     "learn.microsoft.com, NDR error codes"},
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  for (const Link& link : facts.links) {
    const bool is_seen =
        link.origin != LinkOrigin::kCss && link.origin != LinkOrigin::kComment;
    if (link.is_host_numeric && is_seen)
      return FailsWith("link to " + link.host);
  }
  return {};
}

}  // namespace

constinit const Check kUrlNumericHost = {
    .id = "url-numeric-host",
    .rules = "L03",
    .summary = "A link names its host by IP address.",
    .fix = "give the server a name in DNS and link to that by https:",
    .cites = "Outlook.com postmaster pages: no IP-address URLs",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
