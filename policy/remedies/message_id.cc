// Message-ID: add the missing one, replace the one that receivers read as none,
// keep the first of several (RFC 5322 s.3.6.4).

#include <string>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

std::string NewMessageId(const Facts& facts) {
  const Submission& submission = facts.message->submission;
  std::string host = facts.config->hostname;
  if (host.empty()) host = submission.mta_name;
  if (host.empty() && facts.author_domain) host = facts.author_domain->text();
  if (host.empty()) host = "postern.invalid";
  return "<" + RandomId() + "@" + host + ">";
}

}  // namespace

bool AddMessageId(const Facts& facts, Message* message) {
  if (facts.IsFieldCovered("Message-ID") ||
      message->header.Count("Message-ID") > 0)
    return false;
  // Sendmail tells which one it would add by itself after the milter; where
  // there is one, it repeats that.
  const std::string& mtas_own = facts.message->submission.mta_message_id;
  message->header.Set("Message-ID",
                      mtas_own.empty() ? NewMessageId(facts) : mtas_own);
  return true;
}

bool ReplaceMessageId(const Facts& facts, Message* message) {
  const HeaderField* field = message->header.Find("Message-ID");
  if (field == nullptr || facts.IsFieldCovered("Message-ID")) return false;
  // Kept for whoever answers to it; cut so that it stays one line.
  message->header.Append("X-Original-Message-ID",
                         EscapeForLog(field->Unfolded(), 900));
  message->header.SetNth("Message-ID", 0, NewMessageId(facts));
  return true;
}

bool KeepFirstMessageId(const Facts& facts, Message* message) {
  if (message->header.Count("Message-ID") < 2 ||
      facts.IsFieldCovered("Message-ID"))
    return false;
  message->header.KeepFirst("Message-ID");
  return true;
}

}  // namespace postern
