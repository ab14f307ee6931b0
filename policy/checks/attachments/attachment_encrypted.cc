// attachment-encrypted: what needs a password to be read cannot be scanned.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Heuristics.Encrypted",
     "clamd.conf: AlertEncrypted"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    if (file.is_encrypted)
      found.Add(ShownName(file) + " (" + std::string(ToString(file.content)) +
                ")");
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentEncrypted = {
    .id = "attachment-encrypted",
    .rules = "A04",
    .summary = "An attached archive, document or PDF needs a password.",
    .fix =
        "author: use a file share that asks for a login; gateways stop what "
        "they cannot look into",
    .cites = "Gmail help 6590; clamd.conf AlertEncrypted",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
