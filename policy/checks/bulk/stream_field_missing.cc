// stream-field-missing: a field that the operator gives this stream is not
// there: Feedback-ID, Precedence.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  const StreamConfig* stream = facts.stream.config;
  if (stream == nullptr || facts.is_mta_bounce) return {};
  const Header& header = facts.message->header;
  if (!stream->headers.feedback_id.empty() &&
      header.Find("Feedback-ID") == nullptr)
    return FailsWith("no Feedback-ID field, stream " + stream->name);
  if (!stream->headers.precedence.empty() &&
      header.Find("Precedence") == nullptr)
    return FailsWith("no Precedence field, stream " + stream->name);
  return {};
}

}  // namespace

constinit const Check kStreamFieldMissing = {
    .id = "stream-field-missing",
    .rules = "B05",
    .summary = "A field that the stream's configuration gives is not there.",
    .fix =
        "run in mode mend, which adds it, or let the program that writes the "
        "mailing set it",
    .cites = "support.google.com/a/answer/6254652 (Feedback-ID)",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
