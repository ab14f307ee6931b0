// attachment-active-html: a page that runs a script or asks for input where it
// is opened, out of reach of what filters look at: how phishing arrives.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
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
    {"selfhost",
     554,
     {5, 7, 0},
     "BANNED: .html",
     "amavisd-new: banned names and types"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found, unread;
  for (const AttachmentFact& file : facts.attachments.files)
    if (file.is_markup_unread)
      unread.Add(ShownName(file));
    else if (!file.active_content.empty())
      found.Add(ShownName(file) + ": " + file.active_content);
  if (!found.empty()) return FailsWith(found.Text());
  if (!unread.empty()) return UnknownFor("not read: " + unread.Text());
  return {};
}

}  // namespace

constinit const Check kAttachmentActiveHtml = {
    .id = "attachment-active-html",
    .rules = "A08",
    .summary = "An attached HTML or SVG file has scripts or forms.",
    .fix =
        "send a PDF, or put the page on a web site and link to it; scripts and "
        "forms work only there",
    .cites = "rspamd mime_types",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
