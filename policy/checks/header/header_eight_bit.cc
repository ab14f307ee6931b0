// header-eight-bit: raw 8-bit text in the header, with no SMTPUTF8 to allow it.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Message contains a unicode character in a disallowed header",
     "support.google.com/a/answer/3726730"},
    {"selfhost",
     550,
     {5, 6, 0},
     "8-bit character in message header",
     "Postfix strict_8bit, measured with 3.7"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.header.eight_bit.empty()) return {};
  const std::vector<std::string>& arguments = facts.message->envelope.mail_args;
  const bool is_declared =
      std::ranges::any_of(arguments, [](const std::string& argument) {
        return EqualsIgnoreCase(argument, "SMTPUTF8");
      });
  if (is_declared) return {};  // RFC 6531 s.3.4
  std::string names;
  for (const std::string& name : facts.header.eight_bit)
    names += (names.empty() ? "" : ", ") + EscapeForLog(name, 40);
  return FailsWith("8-bit octets in " + names);
}

}  // namespace

constinit const Check kHeaderEightBit = {
    .id = "header-eight-bit",
    .rules = "H20",
    .summary = "A header field has octets beyond ASCII.",
    .fix =
        "let a mail library encode names and subjects (RFC 2047); mode mend "
        "does unless others signed it",
    .cites = "RFC 5322 s.2.2; RFC 6532; RFC 2047",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
