// url-odd-port: web pages live at ports 80 and 443.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
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
    if (is_web && is_followed && link.port != 0 && link.port != 80 &&
        link.port != 443)
      return FailsWith(link.host + " port " + std::to_string(link.port));
  }
  return {};
}

}  // namespace

constinit const Check kUrlOddPort = {
    .id = "url-odd-port",
    .rules = "L13",
    .summary = "A link names an unusual port.",
    .cites = "SpamAssassin WEIRD_PORT",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
