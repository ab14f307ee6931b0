// attachment-phishing-carrier: kinds of files that open something else:
// OneNote, disk images, links to places and to searches, remote desktops.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 0},
     "BANNED: .lnk",
     "amavisd-new: banned names and types"},
};

bool IsCarrier(std::string_view extension) {
  if (extension == "one" || extension == "onepkg") return true;
  const FileClass kind = ClassOfExtension(extension);
  return kind == FileClass::kDiskImage || kind == FileClass::kShortcut;
}

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files) {
    if (IsCarrier(file.file.extension()) || file.is_one_note ||
        file.content == FileClass::kShortcut ||
        file.content == FileClass::kDiskImage)
      found.Add(ShownName(file));
    if (!file.archive) continue;
    for (const ArchiveMember& member : file.archive->members)
      if (IsCarrier(ReadFileName(member.name).extension()))
        found.Add(ShownName(file) + ": " + EscapeForLog(member.name, 80));
  }
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentPhishingCarrier = {
    .id = "attachment-phishing-carrier",
    .rules = "A12",
    .summary = "A file of a kind in which phishing is carried is attached.",
    .fix =
        "author: send the contents themselves or a link; if nobody attached "
        "it, suspect a stolen login",
    .cites = "[MS-ONESTORE]; [MS-SHLLINK]",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
