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

std::size_t LongestLine(const HeaderField& field) {
  std::size_t longest = 0;
  std::size_t start = 0;
  std::size_t before = field.name.size() + 1;  // the first line has the name
  for (;;) {
    const std::size_t end = field.value.find('\n', start);
    const bool is_last = end == std::string::npos;
    const std::size_t stop = is_last ? field.value.size() : end;
    longest = std::max(longest, before + stop - start);
    if (is_last) return longest;
    start = end + 1;
    before = 0;
  }
}

std::vector<Verdict> Run(const Facts& facts) {
  std::size_t longest = 0;
  std::string name;
  for (const HeaderField& field : facts.message->header.fields()) {
    const std::size_t length = LongestLine(field);
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
    .cites = "RFC 5322 s.2.1.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
