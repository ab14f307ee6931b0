// bulk-author-no-reply: a mailing that nobody can answer.

#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool IsNoReply(std::string_view local_part) {
  std::string letters;
  for (const char c : local_part)
    if (IsAlpha(c)) letters += ToLower(c);
  return letters.starts_with("noreply") || letters.starts_with("donotreply") ||
         letters.starts_with("dontreply");
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk || facts.from.mailboxes.empty() ||
      facts.message->header.Count("Reply-To") > 0)
    return {};
  const AddrSpec& author = facts.from.mailboxes.front().address;
  if (!IsNoReply(author.local_part)) return {};
  return FailsWith(author.ToString() + ", no Reply-To");
}

}  // namespace

constinit const Check kBulkAuthorNoReply = {
    .id = "bulk-author-no-reply",
    .rules = "S37",
    .summary =
        "A mailing whose author takes no replies and names nobody who does.",
    .fix = "set Reply-To to a mailbox that somebody reads, or write From it",
    .cites =
        "Outlook.com postmaster pages: From and Reply-To must be able to "
        "receive",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
