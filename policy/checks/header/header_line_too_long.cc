// header-line-too-long: a line that receivers refuse and MTAs cut, breaking
// signatures.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 0, 0},
     "maximum allowed line length is 998 octets",
     "Exim 4.96 default configuration"},
};

constexpr std::size_t kMaxBytes = 998;

std::vector<Verdict> Run(const Facts& facts) {
  std::size_t longest = 0;
  std::string name;
  for (const HeaderField& field : facts.message->header.fields()) {
    const std::size_t length = field.LongestLine();
    if (length <= std::max(longest, kMaxBytes)) continue;
    longest = length;
    name = field.name;
  }
  if (longest == 0) return {};
  return FailsWith(std::to_string(longest) + " octets in a line of " +
                   name.substr(0, 60));
}

}  // namespace

constinit const Check kHeaderLineTooLong = {
    .id = "header-line-too-long",
    .rules = "H22",
    .summary = "A header line is longer than 998 octets.",
    .fix =
        "fold at white space, at 78 octets or so, in the program; mode mend "
        "does unless others signed it",
    .cites = "RFC 5322 s.2.1.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
