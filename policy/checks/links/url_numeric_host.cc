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

bool IsNumeric(const Link& link) {
  return link.is_host_numeric && link.origin != LinkOrigin::kComment;
}

std::vector<Verdict> Run(const Facts& facts) {
  const Link* link = FindLink(facts, IsNumeric);
  if (link == nullptr) return {};
  return FailsWith("link to " + link->host);
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
