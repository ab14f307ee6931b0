// archive-bomb: an archive that unpacks to very much, or never ends. Virus
// scanners give it up and call it one.

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
     "Heuristics.Limits.Exceeded",
     "clamd.conf: AlertExceedsMax"},
};

// A log file of some megabytes may well be packed to a hundredth.
constexpr std::int64_t kMaxRatio = 100;
constexpr std::int64_t kLeastUnpacked = std::int64_t{10} * 1024 * 1024;

std::string WhyBomb(const AttachmentFact& file) {
  const ArchiveListing& archive = *file.archive;
  if (archive.has_too_many_members)
    return "more than " + std::to_string(ArchiveListing::kMaxMembers) +
           " members";
  if (archive.is_nested_too_deep)
    return "archives nested more than " +
           std::to_string(ArchiveListing::kMaxDepth) + " deep";
  const auto packed = static_cast<std::int64_t>(file.bytes);
  if (archive.unpacked_bytes >= kLeastUnpacked && packed > 0 &&
      archive.unpacked_bytes / packed >= kMaxRatio)
    return std::to_string(packed) + " octets unpack to " +
           std::to_string(archive.unpacked_bytes);
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found, unknown;
  for (const AttachmentFact& file : facts.attachments.files) {
    if (!file.archive) continue;
    const std::string why = WhyBomb(file);
    if (!why.empty())
      found.Add(ShownName(file) + ": " + why);
    else if (file.archive->is_over_limit)
      unknown.Add(ShownName(file));
  }
  if (!found.empty()) return FailsWith(found.Text());
  if (!unknown.empty())
    return UnknownFor(unknown.Text() + ": too large to be read whole");
  return {};
}

}  // namespace

constinit const Check kArchiveBomb = {
    .id = "archive-bomb",
    .rules = "A05",
    .summary = "An attached archive unpacks to far too much.",
    .fix =
        "send the data on a file share, with a link, or packed flat and in "
        "smaller archives",
    .cites = "clamd.conf MaxRecursion, MaxScanSize",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
