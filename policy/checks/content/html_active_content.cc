// html-active-content: what mail readers do not run, and gateways remove or
// block.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 7, 0},
     "This message was blocked because its content presents a potential "
     "security issue",
     "support.google.com/mail/answer/6590"},
};

void Name(std::size_t count, std::string_view what, std::string* detail) {
  if (count == 0) return;
  if (!detail->empty()) *detail += ", ";
  *detail += std::string(what) + " " + std::to_string(count);
}

std::vector<Verdict> Run(const Facts& facts) {
  HtmlFacts all;
  for (const auto& html : facts.html) {
    all.scripts += html->scripts;
    all.frames += html->frames;
    all.objects += html->objects;
    all.forms += html->forms;
    all.refreshes += html->refreshes;
    all.bases += html->bases;
    all.is_over_limit |= html->is_over_limit;
  }
  std::string detail;
  Name(all.scripts, "script", &detail);
  Name(all.frames, "iframe", &detail);
  Name(all.objects, "object or embed", &detail);
  Name(all.forms, "form", &detail);
  Name(all.refreshes, "meta refresh", &detail);
  Name(all.bases, "base", &detail);
  if (!detail.empty()) return FailsWith(detail);
  if (all.is_over_limit) return UnknownFor("HTML over limit");
  return {};
}

}  // namespace

constinit const Check kHtmlActiveContent = {
    .id = "html-active-content",
    .rules = "C03",
    .summary =
        "The HTML has scripts, frames, objects, forms, a refresh or a base.",
    .fix =
        "take scripts, frames, forms and refreshes out of the template; link "
        "to a web page that has them",
    .cites = "SpamAssassin HTML_IFRAME_SRC; Gmail help 6590",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
