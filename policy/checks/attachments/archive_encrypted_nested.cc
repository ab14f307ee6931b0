// archive-encrypted-nested: an archive in an archive that needs a password,
// into which no scanner can look.

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
  DetailList found, unknown;
  for (const AttachmentFact& file : facts.attachments.files) {
    if (!file.archive || !file.archive->IsEncrypted()) continue;
    if (file.archive->has_encrypted_names) unknown.Add(ShownName(file));
    for (const ArchiveMember& member : file.archive->members)
      if (member.is_encrypted && IsArchiveName(member.name))
        found.Add(ShownName(file) + ": " + EscapeForLog(member.name, 80));
  }
  if (!found.empty()) return FailsWith(found.Text());
  if (!unknown.empty()) return UnknownFor(unknown.Text() + ": names encrypted");
  return {};
}

}  // namespace

constinit const Check kArchiveEncryptedNested = {
    .id = "archive-encrypted-nested",
    .rules = "A03",
    .summary = "An encrypted archive holds an archive.",
    .fix =
        "put the files straight into the encrypted archive, none of them "
        "packed, or send a link",
    .cites = "Gmail help 6590",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
