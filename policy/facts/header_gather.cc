// The header beside the body and DNS.

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/facts/domains.h"
#include "policy/facts/facts.h"
#include "policy/facts/header_facts.h"

namespace postern {
namespace {

// What a message is not without; what a reader misses when it is text.
constexpr auto kNeeded = std::to_array<std::string_view>(
    {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
     "Content-Type", "Content-Transfer-Encoding"});

// MTAs end the header at the first line that is no field, and the rest of it
// becomes text: its first lines are such fields then.
std::string LostField(const Header& header, std::string_view body) {
  constexpr int kLines = 20;
  // The fields of a part stand at the beginning of many a multipart.
  if (const HeaderField* type = header.Find("Content-Type");
      type != nullptr && !StartsWithIgnoreCase(type->Unfolded(), "text/"))
    return {};
  for (int i = 0; i < kLines; ++i) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = Trim(body.substr(0, end));
    if (line.empty() || end == body.size()) return {};
    const std::size_t colon = line.find(':');
    if (colon != line.npos)
      for (const std::string_view name : kNeeded)
        if (EqualsIgnoreCase(line.substr(0, colon), name) &&
            header.Find(name) == nullptr)
          return std::string(name);
    body.remove_prefix(end + 1);
  }
  return {};
}

void GatherReplyTo(Facts* facts, MailDomains* domains) {
  for (const AddressField& field : facts->header.addresses) {
    if (!EqualsIgnoreCase(field.name, "Reply-To")) continue;
    if (field.list.mailboxes.empty()) return;
    facts->reply_to_domain =
        Domain::Parse(field.list.mailboxes.front().address.domain);
    if (!facts->reply_to_domain) return;
    if (facts->reply_to_domain == facts->author_domain)
      return facts->reply_to_domain.reset();
    facts->reply_to_mail_domain = domains->Find(*facts->reply_to_domain).kind;
    return;
  }
}

}  // namespace

void GatherHeader(Facts* facts, MailDomains* domains) {
  const Message& message = *facts->message;
  facts->header = ReadHeaderFacts(message.header);
  facts->header.lost_field = LostField(message.header, message.body.bytes());
  GatherReplyTo(facts, domains);
}

}  // namespace postern
