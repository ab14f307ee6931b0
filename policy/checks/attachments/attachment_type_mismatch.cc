// attachment-type-mismatch: what is in the file is not what its name and type
// say. Among pictures, and among texts, nobody minds.

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
     "BANNED: .exe",
     "amavisd-new: banned names and types"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    if (BreaksPromise(file))
      found.Add(ShownName(file) + " (" + file.declared_type + ") is " +
                file.content_type);
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentTypeMismatch = {
    .id = "attachment-type-mismatch",
    .rules = "A09",
    .summary = "An attachment is of another kind than its name and type say.",
    .fix =
        "give the part its true name and Content-Type; if nobody chose them, "
        "suspect malware",
    .cites = "libmagic; amavisd-new banned types",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
