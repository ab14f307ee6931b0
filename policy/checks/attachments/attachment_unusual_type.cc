// attachment-unusual-type: a file whose extension counts against the message,
// or that tenants of the receiver may refuse.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 0, 350},
     "One or more of the attachments in your email is of a file type that is "
     "NOT allowed by the recipient's organization",
     "learn.microsoft.com, anti-malware protection"},
    {"outlook",
     550,
     {5, 7, 1},
     "Messages from a sender with potentially dangerous attachments",
     "support.microsoft.com, blocked attachments in Outlook"},
    {"selfhost",
     554,
     {5, 7, 1},
     "Spam message rejected",
     "rspamd: MIME_BAD_EXTENSION"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.attachments.files.empty()) return {};
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    DetailList found;
    for (const AttachmentFact& file : facts.attachments.files)
      if (IsListed(file.file.extension(), profile.suspect_extensions))
        found.Add(ShownName(file));
    return found.Text();
  });
}

}  // namespace

constinit const Check kAttachmentUnusualType = {
    .id = "attachment-unusual-type",
    .rules = "A11",
    .summary =
        "A file of a kind that the receiver may refuse or count is attached.",
    .fix =
        "nothing to do unless it comes back; then put the file on a file share "
        "and send a link",
    .cites = "learn.microsoft.com, anti-malware protection; rspamd mime_types",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
