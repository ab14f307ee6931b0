// url-shortener-disabled: a short link that its shortener has shut off, or
// warns of, because of abuse. Filters that follow short links look for that
// page. Asked with links.expand alone; conf/lists/link-hosts.txt says what the
// shorteners answer.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::string found, unknown;
  for (const ShortLink& link : facts.linking.short_links) {
    const Expansion& expansion = link.expansion;
    const std::string told =
        facts.links[link.link].url + ": " + expansion.reason;
    if (expansion.result == Expansion::Result::kDisabled && found.empty())
      found = told;
    if (expansion.result == Expansion::Result::kUnknown && unknown.empty())
      unknown = told;
  }
  if (!found.empty()) return FailsWith(EscapeForLog(found, 300));
  if (!unknown.empty()) return UnknownFor(EscapeForLog(unknown, 300));
  return {};
}

}  // namespace

constinit const Check kUrlShortenerDisabled = {
    .id = "url-shortener-disabled",
    .rules = "L01",
    .summary = "A URL shortener has shut a link of the message off.",
    .fix =
        "take the link out: it was abused; make sure that the login is not "
        "stolen",
    .cites = "SpamAssassin URL_SHORTENER_DISABLED; Spamhaus DBL abuse-redir",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
