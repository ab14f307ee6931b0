// url-oddly-written: escapes in the host, backslashes, or not two slashes
// before it: browsers mend them, filters take them for a disguise.

#include "policy/base/text.h"
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
    const bool is_followed =
        link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kForm;
    if (link.is_oddly_written && is_followed && !link.host.empty())
      return FailsWith("link to " + link.host + " as " +
                       EscapeForLog(link.url, 100));
  }
  return {};
}

}  // namespace

constinit const Check kUrlOddlyWritten = {
    .id = "url-oddly-written",
    .rules = "L14",
    .summary = "A link is written to hide its host.",
    .cites = "SpamAssassin HTTP_ESCAPED_HOST; WHATWG URL s.4.4",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
