// office-macro: a document that runs something when it is opened: VBA, Excel 4
// macros, DDE, or a template that is fetched from elsewhere.

#include <string>

#include "policy/base/text.h"
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
     "BANNED: .docm",
     "amavisd-new: banned names and types"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    for (const std::string& macro : file.macros)
      found.Add(ShownName(file) + ": " + EscapeForLog(macro, 120));
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kOfficeMacro = {
    .id = "office-macro",
    .rules = "A06",
    .summary = "An attached document holds macros.",
    .fix =
        "author: save it without macros and outside templates (.docx, .xlsx) "
        "or as PDF, or send a link",
    .cites = "Gmail help 6590; [MS-OVBA]",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
