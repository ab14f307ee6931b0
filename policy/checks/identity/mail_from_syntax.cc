// mail-from-syntax: an envelope sender that no SMTP server can take.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     553,
     {5, 1, 7},
     "The sender address is not a valid RFC 5321 address",
     "support.google.com/a/answer/3726730"},
    {"any",
     501,
     {5, 1, 7},
     "Syntax error in the sender address",
     "RFC 5321 s.4.3.2; RFC 3463 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.mail_from_fault.empty()) return {};
  return FailsWith(facts.mail_from_fault);
}

}  // namespace

constinit const Check kMailFromSyntax = {
    .id = "mail-from-syntax",
    .rules = "S30",
    .summary = "The envelope sender is not RFC 5321 syntax.",
    .fix =
        "set a plain user@DOMAIN as envelope sender (sendmail -f): no "
        "brackets, blanks or display name",
    .cites = "RFC 5321 s.4.1.2; RFC 6531 s.3.4",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
