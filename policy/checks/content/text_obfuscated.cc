// text-obfuscated: words that a reader and a filter read differently.
//
// Characters of no width inside Latin words, Cyrillic or Greek letters among
// Latin ones, direction overrides. One such word in the subject is enough; in
// the body it takes three and one of two hundred, for a stray one comes
// with copied text.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::size_t kLeastWords = 3;
constexpr std::size_t kOneOf = 200;

std::string Told(std::string_view where, const Obfuscation& found) {
  return std::string(where) + ": split " + std::to_string(found.split) +
         ", mixed scripts " + std::to_string(found.mixed) + ", overridden " +
         std::to_string(found.overridden) + " of " +
         std::to_string(found.words) + " words, first \"" +
         EscapeForLog(found.sample, 60) + "\"";
}

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.subject_obfuscation.total() > 0)
    return FailsWith(Told("subject", facts.subject_obfuscation));
  const Obfuscation& body = facts.body_obfuscation;
  if (body.total() < kLeastWords || body.total() * kOneOf < body.words)
    return {};
  return FailsWith(Told("body", body));
}

}  // namespace

constinit const Check kTextObfuscated = {
    .id = "text-obfuscated",
    .rules = "C07",
    .summary = "Words are written so that filters do not recognise them.",
    .fix =
        "retype the words in one script, without zero-width or direction "
        "characters, which pasting brings in",
    .cites = "Unicode TR36 s.2, TR39 s.5; Yahoo PH01",
    .level = Level::kShould,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
