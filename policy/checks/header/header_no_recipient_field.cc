// header-no-recipient-field: legal since RFC 2822, suspicious to filters ever
// since.
//
// With a single recipient the remedy writes his address;
// "undisclosed-recipients:" would cost more points than no field at all.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"netease", 554, {5, 7, 1}, "DT:SPM", "NetEase, public threads"},
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, MISSING_HEADERS"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const Header& header = facts.message->header;
  for (const char* name : {"To", "Cc", "Bcc", "Resent-To", "Resent-Cc"})
    if (header.Find(name) != nullptr) return {};
  return FailsWith("no To, Cc or Bcc field");
}

}  // namespace

constinit const Check kHeaderNoRecipientField = {
    .id = "header-no-recipient-field",
    .rules = "H18",
    .summary = "There is neither To, Cc nor Bcc.",
    .fix =
        "write the recipient into To, or the list's own address for many; mode "
        "mend adds a lone recipient",
    .cites = "RFC 5322 s.3.6; RFC 822 s.4.1",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
