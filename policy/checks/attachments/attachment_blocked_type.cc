// attachment-blocked-type: a file whose extension the receiver refuses,
// whatever is in it.

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
    {"cox",
     552,
     {5, 7, 0},
     "attachment extension is forbidden",
     "postmaster.cox.net, error codes"},
    {"selfhost",
     554,
     {5, 7, 0},
     "BANNED: .exe",
     "amavisd-new: banned names and types"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.attachments.files.empty()) return {};
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    DetailList found;
    for (const AttachmentFact& file : facts.attachments.files)
      if (IsListed(file.file.extension(), profile.blocked_extensions))
        found.Add(ShownName(file));
    return found.Text();
  });
}

}  // namespace

constinit const Check kAttachmentBlockedType = {
    .id = "attachment-blocked-type",
    .rules = "A01",
    .summary = "A file of a kind that the receiver refuses is attached.",
    .fix =
        "author: put the file on a file share and send a link; Gmail also "
        "looks into archives",
    .cites = "Gmail help 6590; Cox error codes",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
