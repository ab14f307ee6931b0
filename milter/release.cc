#include "milter/release.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace postern {
namespace {

std::vector<std::string> Values(const Header& header) {
  std::vector<std::string> values;
  for (const HeaderField* field : header.FindAll(kReleaseField))
    values.push_back(field->Unfolded());
  return values;
}

// Who the message was from, as it was first handed in; what belongs to this
// transaction stays its own.
void Reinstate(const Submission& original, Submission* submission) {
  Submission reinstated = original;
  reinstated.queue_id = submission->queue_id;
  reinstated.mta_name = submission->mta_name;
  reinstated.mta_message_id = submission->mta_message_id;
  *submission = std::move(reinstated);
}

}  // namespace

Admission TakeReleaseFields(Message* message, HeldStore* holds) {
  Admission admission;
  const std::vector<std::string> values = Values(message->header);
  if (values.empty()) return admission;
  message->header.RemoveAll(kReleaseField);
  // From the highest index down: Postfix renumbers, Sendmail does not.
  for (std::size_t index = values.size(); index > 0; --index)
    admission.strip.push_back(
        DeleteHeader{.name = std::string(kReleaseField), .index = index});
  for (const std::string& value : values) {
    if (admission.pass || holds == nullptr) break;
    admission.pass = holds->Redeem(value, message->body);
  }
  if (admission.pass)
    Reinstate(admission.pass->submission, &message->submission);
  else
    spdlog::warn("{}: {} is forged or stale; taken off",
                 message->submission.queue_id, kReleaseField);
  return admission;
}

}  // namespace postern
