#include "policy/message/local_uid.h"

#include <charconv>
#include <optional>
#include <string>

namespace postern {
namespace {

// "UID QUEUEID" of this message; nullopt: anything else.
std::optional<unsigned> UidIn(std::string_view text,
                              const std::string& queue_id) {
  unsigned uid = 0;
  const char* const stop = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), stop, uid);
  if (error != std::errc()) return std::nullopt;
  const std::string_view rest(end, static_cast<std::size_t>(stop - end));
  if (queue_id.empty() || rest != " " + queue_id) return std::nullopt;
  return uid;
}

}  // namespace

void TakeLocalUid(Message* message) {
  Submission& submission = message->submission;
  const HeaderField* field = message->header.Find(kUidField);
  if (field == nullptr) return;
  // The MTA's own stands above whatever the message brought along.
  if (submission.is_local)
    if (const auto uid = UidIn(field->Unfolded(), submission.queue_id))
      submission.local_uid = uid;
  message->header.RemoveAll(kUidField);
}

}  // namespace postern
