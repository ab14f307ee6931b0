// header-field-cut: a field so long that Postfix has cut it before we saw it.
//
// With milters Postfix drops silently what one field has beyond about 60,000
// octets, and answers 250 (measured with 3.7): what is left is not what the
// sender wrote.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     552,
     {5, 3, 4},
     "The size of the message header field exceeds the limit",
     "support.google.com/a/answer/3726730"},
};

constexpr std::size_t kMaxOctets = 59'000;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->submission.mta_kind == MtaKind::kSendmail) return {};
  for (const HeaderField& field : facts.message->header.fields()) {
    if (field.value.size() < kMaxOctets) continue;
    return FailsWith(std::to_string(field.value.size()) + " octets in " +
                     field.name.substr(0, 60));
  }
  return {};
}

}  // namespace

constinit const Check kHeaderFieldCut = {
    .id = "header-field-cut",
    .rules = "H24",
    .summary = "A header field is so long that Postfix may have cut it.",
    .fix =
        "keep each field under 59 KB: name fewer addresses, shorten what "
        "programs write into X- fields",
    .cites = "Postfix 3.7, cleanup(8) with milters",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
