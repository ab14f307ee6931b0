// url-shortener-avoidable: a short link whose target is known and could stand
// there itself; with links.replace it does. Asked with links.expand alone.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const ShortLink& link : facts.linking.short_links)
    if (link.expansion.result == Expansion::Result::kTarget)
      return FailsWith(EscapeForLog(
          facts.links[link.link].url + " leads to " + link.expansion.url, 300));
  return {};
}

}  // namespace

constinit const Check kUrlShortenerAvoidable = {
    .id = "url-shortener-avoidable",
    .rules = "L01",
    .summary = "A short link hides a target that is known.",
    .fix =
        "link to the target itself, or let Postern do it in mode mend: "
        "links.replace",
    .cites = "mail.ru sender rules; Spamhaus DBL abuse-redir",
    .level = Level::kNotice,
    .action = Action::kMend,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
