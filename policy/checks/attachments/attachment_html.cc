// attachment-html: a page as a file, of which many gateways are wary.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 0},
     "BANNED: .html",
     "amavisd-new: banned names and types"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    if (file.active_content.empty() &&
        ClassOfExtension(file.file.extension()) == FileClass::kMarkup)
      found.Add(ShownName(file));
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentHtml = {
    .id = "attachment-html",
    .rules = "A08",
    .summary = "An HTML, SVG or MHTML file is attached.",
    .fix =
        "send a PDF, or a link to the page, unless the recipient needs the "
        "file as it is",
    .cites = "rspamd mime_types",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
