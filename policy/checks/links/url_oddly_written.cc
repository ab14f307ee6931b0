// url-oddly-written: escapes in the host, backslashes, or not two slashes
// before it: browsers mend them, filters take them for a disguise.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool HidesItsHost(const Link& link) {
  const bool is_followed =
      link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kForm;
  return link.is_oddly_written && is_followed && !link.host.empty();
}

std::vector<Verdict> Run(const Facts& facts) {
  const Link* link = FindLink(facts, HidesItsHost);
  if (link == nullptr) return {};
  return FailsWith("link to " + link->host + " as " +
                   EscapeForLog(link->url, 100));
}

}  // namespace

constinit const Check kUrlOddlyWritten = {
    .id = "url-oddly-written",
    .rules = "L14",
    .summary = "A link is written to hide its host.",
    .fix =
        "write the link plainly: https://, then the host without escapes or "
        "backslashes",
    .cites = "SpamAssassin HTTP_ESCAPED_HOST; WHATWG URL s.4.4",
    .level = Level::kNotice,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
