// credential-phishing: a brand, a threat or a wish for credentials, and a link
// that is neither the brand's nor the author's.
//
// The brand in the display name or subject needs one of the two classes of
// phrases; in the body alone it needs both, and no mailing, whose links lead
// through a tracker.

#include <algorithm>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Nothing(const ContentFact& content) {
  if (!content.is_undecided) return {};
  return UnknownFor("not all of the text was searched");
}

std::vector<Verdict> Run(const Facts& facts) {
  const ContentFact& content = facts.content;
  const PhraseHit* urgency = content.FirstOf(PhraseClass::kUrgency);
  const PhraseHit* credential = content.FirstOf(PhraseClass::kCredential);
  if (urgency == nullptr && credential == nullptr) return Nothing(content);
  const bool has_both = urgency != nullptr && credential != nullptr;
  const auto brand =
      std::ranges::find_if(content.brands, [&](const BorrowedBrand& borrowed) {
        return borrowed.in_name_or_subject || (has_both && !facts.is_bulk);
      });
  if (brand == content.brands.end()) return Nothing(content);
  const PhraseHit* phrase = credential != nullptr ? credential : urgency;
  return FailsWith("brand " + brand->name + ", link to " +
                   EscapeForLog(brand->host, 100) + ", phrase " +
                   EscapeForLog(phrase->pattern, 80));
}

}  // namespace

constinit const Check kCredentialPhishing = {
    .id = "credential-phishing",
    .rules = "C06",
    .summary =
        "A brand, a wish for credentials and a link that is not the brand's.",
    .fix =
        "make sure that the login is not stolen; honest mail about a brand "
        "links to the brand's own domain",
    .cites = "Yahoo PH01; Gmail 421-4.7.0",
    .level = Level::kShould,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
