// header-field-too-large: one value too long for Gmail; To, Cc and References
// may be longer.

#include <string>

#include "policy/base/text.h"
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

constexpr std::size_t kLimit = 32 * 1024;

std::vector<Verdict> Run(const Facts& facts) {
  for (const HeaderField& field : facts.message->header.fields()) {
    const bool is_free = EqualsIgnoreCase(field.name, "To") ||
                         EqualsIgnoreCase(field.name, "Cc") ||
                         EqualsIgnoreCase(field.name, "References");
    if (is_free || field.value.size() <= kLimit) continue;
    return FailsWith(std::to_string(field.value.size()) + " octets in " +
                     EscapeForLog(field.name, 60));
  }
  return {};
}

}  // namespace

constinit const Check kHeaderFieldTooLarge = {
    .id = "header-field-too-large",
    .rules = "H24",
    .summary = "A field is longer than 32 KB.",
    .fix =
        "shorten or drop the field; if a filter or tracker adds it, configure "
        "that to write less",
    .cites = "support.google.com/a/answer/3726730",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
