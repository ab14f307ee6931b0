// content-type-invalid: what is no type/subtype is text to one reader and a
// file to another.

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
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.content_type.empty()) return {};
  return FailsWith(facts.structure.content_type);
}

}  // namespace

constinit const Check kContentTypeInvalid = {
    .id = "content-type-invalid",
    .rules = "M09",
    .summary = "A Content-Type that cannot be read.",
    .fix =
        "build the message with a MIME library: type/subtype, then name=value, "
        "each after a semicolon",
    .cites = "RFC 2045 s.5.1",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
