// attachment-name-deceptive: a name that is read as another kind of file than
// it is.

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
     "BANNED: .pdf.exe",
     "amavisd-new: banned names and types"},
};

bool IsDangerous(FileClass kind) {
  return kind == FileClass::kProgram || kind == FileClass::kScript ||
         kind == FileClass::kShortcut;
}

// "invoice.pdf.exe"; but "jquery.min.js" and "setup.1.2.exe" deceive nobody.
bool HasDoubleExtension(const FileName& file) {
  const auto& all = file.extensions;
  if (all.size() < 2 || !IsDangerous(ClassOfExtension(all.back())))
    return false;
  const FileClass seen = ClassOfExtension(all[all.size() - 2]);
  return seen == FileClass::kPdf || seen == FileClass::kDocument ||
         seen == FileClass::kImage || seen == FileClass::kText ||
         seen == FileClass::kMedia || seen == FileClass::kMarkup;
}

std::string WhyDeceptive(const AttachmentFact& file) {
  if (file.file.has_direction_override) return "direction override";
  if (file.file.has_space_run) return "spaces before the extension";
  if (HasDoubleExtension(file.file)) return "double extension";
  if (file.file.extensions.empty() && file.content == FileClass::kProgram)
    return "program without an extension";
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files) {
    const std::string why = WhyDeceptive(file);
    if (!why.empty()) found.Add(ShownName(file) + ": " + why);
    if (!file.archive) continue;
    for (const ArchiveMember& member : file.archive->members) {
      const FileName name = ReadFileName(member.name);
      if (name.has_direction_override || HasDoubleExtension(name))
        found.Add(ShownName(file) + ": " + EscapeForLog(member.name, 80));
    }
  }
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentNameDeceptive = {
    .id = "attachment-name-deceptive",
    .rules = "A07",
    .summary = "The name of an attachment hides what it is.",
    .fix =
        "name the file plainly, with its one true extension; if nobody chose "
        "the name, suspect malware",
    .cites = "UAX #9; rspamd MIME_DOUBLE_BAD_EXTENSION",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
