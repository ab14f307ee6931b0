// unsubscribe-link-missing: a mailing whose text tells no way to leave it.
//
// The words are those of the class unsubscribe in lists.phrases, in the visible
// text; a link that List-Unsubscribe names as well counts too. Letters that
// others write to a list are no mailings.

#include <algorithm>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// "unsub" and "optout" in an address serve every language.
bool LeadsOut(const Link& link) {
  for (const std::string_view word : {"unsub", "optout", "opt-out"})
    if (link.url.find(word) != std::string::npos) return true;
  return false;
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk || facts.is_forwarded) return {};
  if (facts.content.FirstOf(PhraseClass::kUnsubscribe) != nullptr) return {};
  const std::vector<std::string>& uris = facts.bulk.unsubscribe.uris;
  const bool has_link = std::ranges::any_of(facts.links, [&](const Link& link) {
    return link.origin != LinkOrigin::kListUnsubscribe &&
           (LeadsOut(link) || std::ranges::find(uris, link.url) != uris.end());
  });
  if (has_link) return {};
  if (facts.content.is_undecided || facts.mime.is_over_limit ||
      facts.mime.is_signed_or_encrypted)
    return UnknownFor("not all of the text was searched");
  return FailsWith("links: " + std::to_string(facts.links.size()) +
                   ", none to leave the list");
}

}  // namespace

constinit const Check kUnsubscribeLinkMissing = {
    .id = "unsubscribe-link-missing",
    .rules = "B04",
    .summary = "A mailing whose text tells no way to leave it.",
    .fix =
        "put a visible unsubscribe link into the template; the header alone "
        "does not satisfy Gmail or Apple",
    .cites = "Gmail, Yahoo and Apple sender requirements: a visible link",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
