// encoded-word-invalid: an unknown charset, broken base64, octets that are none
// of it.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"m365",
     550,
     {5, 6, 0},
     "CAT.InvalidContent.Exception: InvalidCharsetException",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 6, 0},
     "CAT.InvalidContent.Exception: InvalidCharsetException",
     "learn.microsoft.com, NDR error codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const FieldFault& found = facts.header.undecodable;
  if (found.name.empty()) return {};
  return FailsWith(found.name.substr(0, 60) + ": " + found.fault);
}

}  // namespace

constinit const Check kEncodedWordInvalid = {
    .id = "encoded-word-invalid",
    .rules = "H21",
    .summary = "An encoded-word cannot be decoded.",
    .fix =
        "let a mail library encode the field (RFC 2047) from text that is "
        "valid in the charset it names",
    .cites = "RFC 2047 s.2, s.4",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
