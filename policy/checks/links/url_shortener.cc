// url-shortener: link hosts on the list of shorteners
// (conf/lists/link-hosts.txt). Those of one brand show where they lead.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::string found;
  for (const LinkHost& host : facts.linking.hosts)
    if (host.host_class == HostClass::kShortener && !host.is_own &&
        host.IsJudged())
      found += " " + host.host;
  if (found.empty()) return {};
  return FailsWith(EscapeForLog("shortened link:" + found));
}

}  // namespace

constinit const Check kUrlShortener = {
    .id = "url-shortener",
    .rules = "L01",
    .summary = "A link hides its target behind a URL shortener.",
    .fix =
        "link to the target itself, or let Postern do it: links.expand and "
        "links.replace",
    .cites = "mail.ru sender rules; Spamhaus DBL abuse-redir",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kShortenedLink,
    .run = Run,
};

}  // namespace postern
