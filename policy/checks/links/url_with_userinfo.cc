// url-with-userinfo: "https://bank.example@evil.example/" reads as another
// site.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  for (const Link& link : facts.links) {
    const bool is_web = link.scheme == "http" || link.scheme == "https";
    const bool is_followed = link.origin == LinkOrigin::kHref ||
                             link.origin == LinkOrigin::kForm ||
                             link.origin == LinkOrigin::kText;
    if (link.has_userinfo && is_web && is_followed && !link.host.empty())
      return FailsWith("link to " + link.host + " with a user name");
  }
  return {};
}

}  // namespace

constinit const Check kUrlWithUserinfo = {
    .id = "url-with-userinfo",
    .rules = "L06",
    .summary = "A link has a user name before its host.",
    .cites = "RFC 3986 s.7.6; Yahoo PH01",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
