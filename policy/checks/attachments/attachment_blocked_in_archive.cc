// attachment-blocked-in-archive: a file in an archive whose extension the
// receiver refuses; the names alone are read.

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
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.attachments.files.empty()) return {};
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    DetailList found;
    for (const AttachmentFact& file : facts.attachments.files) {
      if (!file.archive) continue;
      for (const ArchiveMember& member : file.archive->members)
        if (IsListed(ReadFileName(member.name).extension(),
                     profile.blocked_extensions))
          found.Add(ShownName(file) + ": " + EscapeForLog(member.name, 80));
    }
    return found.Text();
  });
}

}  // namespace

constinit const Check kAttachmentBlockedInArchive = {
    .id = "attachment-blocked-in-archive",
    .rules = "A02",
    .summary =
        "An attached archive holds a file of a kind that the receiver refuses.",
    .fix =
        "author: put the file on a file share and send a link; packing does "
        "not hide it from the receiver",
    .cites = "Gmail help 6590",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
