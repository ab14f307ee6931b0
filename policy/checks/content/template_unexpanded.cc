// template-unexpanded: a placeholder that a template system left unfilled.
//
// It takes a mailing, or two kinds: mail about templates holds them on purpose.
// The header is template-in-header's.

#include <cstddef>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 7, 1},
     "spam score too high (template tags)",
     "SpamAssassin 20_phrases: unexpanded template tags"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const PhraseHit* first = nullptr;
  std::size_t kinds = 0;
  for (const PhraseHit& hit : facts.content.phrases) {
    if (hit.phrase_class != PhraseClass::kTemplate || hit.in_subject) continue;
    if (first == nullptr) first = &hit;
    ++kinds;
  }
  if (kinds == 0 || (kinds == 1 && !facts.is_bulk)) {
    if (!facts.content.is_undecided) return {};
    return UnknownFor("not all of the text was searched");
  }
  return FailsWith("the body has what fits " +
                   EscapeForLog(first->pattern, 100));
}

}  // namespace

constinit const Check kTemplateUnexpanded = {
    .id = "template-unexpanded",
    .rules = "C05",
    .summary = "A placeholder of a template was left unfilled in the body.",
    .fix =
        "give the placeholder a value or a default in the template, and send a "
        "trial issue to yourself",
    .cites = "SpamAssassin 20_phrases",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
