// Fields that must not leave (Bcc, Return-Path, exact duplicates), that are
// missing (To, Sender), and octets that no field may have.

#include <algorithm>
#include <set>
#include <string>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

bool HasRecipientField(const Header& header) {
  for (const char* name : {"To", "Cc", "Bcc", "Resent-To", "Resent-Cc"})
    if (header.Find(name) != nullptr) return true;
  return false;
}

// Without the lines that are nothing but white space.
std::string WithoutBlankLines(std::string_view value) {
  std::string kept;
  bool is_first = true;
  for (const std::string_view line : Split(value, '\n')) {
    if (!is_first && Trim(line).empty()) continue;
    if (!is_first) kept += '\n';
    kept += line;
    is_first = false;
  }
  return kept;
}

}  // namespace

// A lone recipient may see his own address. To several "undisclosed-recipients"
// is the only truth, and costs more at filters than no field.
bool AddRecipientField(const Facts& facts, Message* message) {
  const std::vector<ForwardPath>& recipients = message->envelope.recipients;
  const bool is_possible =
      !HasRecipientField(message->header) && recipients.size() == 1 &&
      IsAscii(recipients.front().address) && !facts.IsFieldCovered("To");
  if (!is_possible) return false;
  message->header.Set("To", recipients.front().address);
  return true;
}

bool RemoveBcc(const Facts& facts, Message* message) {
  if (message->header.Count("Bcc") == 0 || facts.IsFieldCovered("Bcc"))
    return false;
  message->header.RemoveAll("Bcc");
  (void)AddRecipientField(facts, message);
  return true;
}

// The envelope tells which of the authors it was.
bool AddSender(const Facts& facts, Message* message) {
  if (message->header.Count("Sender") > 0 || facts.IsFieldCovered("Sender"))
    return false;
  const std::string& sender = message->envelope.mail_from;
  const bool is_author =
      std::ranges::any_of(facts.from.mailboxes, [&](const Mailbox& mailbox) {
        return EqualsIgnoreCase(mailbox.address.ToString(), sender);
      });
  if (!is_author || facts.from.mailboxes.size() < 2) return false;
  message->header.Append("Sender", sender);
  return true;
}

bool RemoveReturnPath(const Facts& facts, Message* message) {
  if (message->header.Count("Return-Path") == 0 ||
      facts.IsFieldCovered("Return-Path"))
    return false;
  message->header.RemoveAll("Return-Path");
  return true;
}

bool RemoveBlankFolds(const Facts& facts, Message* message) {
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               if (facts.IsFieldCovered(field.name)) return std::nullopt;
               std::string kept = WithoutBlankLines(field.value);
               if (kept == field.value) return std::nullopt;
               return std::string(Trim(kept));
             }) > 0;
}

// In the body the octet becomes an escape of quoted-printable or base64.
bool RemoveNul(const Facts& facts, Message* message) {
  const std::size_t changed = message->header.Rewrite(
      [&](const HeaderField& field) -> std::optional<std::string> {
        if (!Contains(field.value, std::string_view("\0", 1)) ||
            facts.IsFieldCovered(field.name))
          return std::nullopt;
        std::string kept = field.value;
        std::erase(kept, '\0');
        return std::string(Trim(kept));
      });
  const bool is_body_mended =
      facts.body.has_nul && ReencodeBody(facts, message);
  return changed > 0 || is_body_mended;
}

bool DropDoubledMimeFields(const Facts& facts, Message* message) {
  bool is_changed = false;
  for (const std::string_view name :
       {"Content-Type", "MIME-Version", "Content-Transfer-Encoding",
        "Content-Disposition", "Content-ID", "DKIM-Signature"}) {
    if (message->header.Count(name) < 2 || facts.IsFieldCovered(name)) continue;
    std::set<std::string> seen;
    is_changed |= message->header.RemoveIf(name, [&](const HeaderField& field) {
      return !seen.insert(field.Unfolded()).second;
    }) > 0;
  }
  return is_changed;
}

}  // namespace postern
