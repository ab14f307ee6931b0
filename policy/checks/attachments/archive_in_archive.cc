// archive-in-archive: filters count it, for it is how malware is wrapped.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 1},
     "Spam message rejected",
     "rspamd: MIME_ARCHIVE_IN_ARCHIVE"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    if (file.archive && !file.is_office_package && file.archive->nesting > 0)
      found.Add(ShownName(file));
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kArchiveInArchive = {
    .id = "archive-in-archive",
    .rules = "A05",
    .summary = "An attached archive holds another archive.",
    .fix =
        "nothing to do unless a gateway refuses it; then pack the files into "
        "one flat archive",
    .cites = "rspamd mime_types: MIME_ARCHIVE_IN_ARCHIVE",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
