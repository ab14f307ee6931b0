// url-shortener-gone: a short link that its shortener does not know, so that
// nobody can follow it. Asked with links.expand alone.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const ShortLink& link : facts.linking.short_links)
    if (link.expansion.result == Expansion::Result::kGone)
      return FailsWith(EscapeForLog(
          facts.links[link.link].url + ": " + link.expansion.reason, 300));
  return {};
}

}  // namespace

constinit const Check kUrlShortenerGone = {
    .id = "url-shortener-gone",
    .rules = "L01",
    .summary = "A URL shortener does not know a link of the message.",
    .fix = "correct the link or take it out: it leads nowhere",
    .cites = "SpamAssassin short_url_code",
    .level = Level::kNotice,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
