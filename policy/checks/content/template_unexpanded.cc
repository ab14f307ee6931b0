// template-unexpanded: a placeholder that a template system left unfilled.
//
// In the subject one is enough. In the body it takes a mailing, or two kinds:
// mail about templates holds them on purpose.

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
  const ContentFact& content = facts.content;
  const PhraseHit* first = content.FirstOf(PhraseClass::kTemplate);
  if (first == nullptr) return {};
  // The subject is searched first.
  const bool counts = first->in_subject || facts.is_bulk ||
                      content.CountOf(PhraseClass::kTemplate) > 1;
  if (!counts) return {};
  return FailsWith(std::string(first->in_subject ? "subject" : "body") +
                   " has what fits " + EscapeForLog(first->pattern, 100));
}

}  // namespace

constinit const Check kTemplateUnexpanded = {
    .id = "template-unexpanded",
    .rules = "C05",
    .summary = "A placeholder of a template was not filled in.",
    .cites = "SpamAssassin 20_phrases",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
