#include "milter/release.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

// Who the message was from, as it was first handed in; what belongs to this
// transaction stays its own.
void Reinstate(Submission original, Submission* submission) {
  original.queue_id = submission->queue_id;
  original.mta_name = submission->mta_name;
  original.mta_message_id = submission->mta_message_id;
  *submission = std::move(original);
}

}  // namespace

std::optional<ReleasePass> RedeemRelease(Message* message, HeldStore* holds) {
  std::optional<ReleasePass> pass;
  std::size_t refused = 0;
  for (const HeaderField* field : message->header.FindAll(kReleaseField)) {
    if (!pass && holds != nullptr)
      pass = holds->Redeem(field->Unfolded(), message->body);
    if (!pass) ++refused;
  }
  if (refused > 0)
    spdlog::warn("{}: {} forged or stale: {}",
                 EscapeForLog(message->submission.queue_id), kReleaseField,
                 refused);
  if (pass) Reinstate(pass->submission, &message->submission);
  return pass;
}

}  // namespace postern
