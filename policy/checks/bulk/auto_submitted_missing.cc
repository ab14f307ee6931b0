// auto-submitted-missing: a program's message that other programs may answer.
//
// Evidence is what older auto-responders write, or the stream: one that the
// operator called automatic, or gave an Auto-Submitted.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::string_view Evidence(const Facts& facts) {
  const Header& header = facts.message->header;
  for (const std::string_view name :
       {"X-Autoreply", "X-Autorespond", "X-Auto-Response"})
    if (header.Find(name) != nullptr) return name;
  const HeaderField* precedence = header.Find("Precedence");
  if (precedence != nullptr &&
      EqualsIgnoreCase(precedence->Unfolded(), "auto_reply"))
    return "Precedence: auto_reply";
  const StreamConfig* stream = facts.stream.config;
  const bool is_told = stream != nullptr && !facts.is_bulk &&
                       (!stream->headers.auto_submitted.empty() ||
                        (stream->name == "automatic" &&
                         !facts.message->envelope.mail_from.empty()));
  return is_told ? "its stream" : "";
}

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.is_mta_bounce ||
      facts.message->header.Find("Auto-Submitted") != nullptr)
    return {};
  const std::string_view evidence = Evidence(facts);
  if (evidence.empty()) return {};
  return FailsWith("automatic by " + std::string(evidence) +
                   ", no Auto-Submitted field");
}

}  // namespace

constinit const Check kAutoSubmittedMissing = {
    .id = "auto-submitted-missing",
    .rules = "B05",
    .summary = "A message of a program that does not say so.",
    .fix =
        "write Auto-Submitted: auto-replied or auto-generated, or set "
        "streams.NAME.headers.auto_submitted",
    .cites = "RFC 3834 s.5",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
