// Text beyond ASCII in header fields, written as encoded-words of RFC 2047 that
// every reader decodes to the same text; addresses as A-labels (RFC 5890).

#include <algorithm>
#include <optional>
#include <string>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/encoded_word.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::string_view kLost = "\xef\xbf\xbd";  // what nobody could read

// Fields that are neither text nor addresses, or that others have sealed.
bool IsLeftAlone(std::string_view name) {
  for (const char* prefix :
       {"Content-", "List-", "Received", "Return-Path", "DKIM-", "ARC-",
        "Authentication-Results", "Auto-Submitted"})
    if (StartsWithIgnoreCase(name, prefix)) return true;
  return IsStructuredField(name);
}

bool HoldsAddresses(std::string_view name) {
  if (StartsWithIgnoreCase(name, "Resent-"))
    name.remove_prefix(std::string_view("Resent-").size());
  return IsAddressFieldName(name) || EqualsIgnoreCase(name, "From");
}

std::optional<std::string> WrittenMailbox(const Mailbox& mailbox) {
  AddrSpec address = mailbox.address;
  if (!IsAscii(address.local_part)) return std::nullopt;
  if (!IsAscii(address.domain)) {
    const std::optional<Domain> domain = Domain::Parse(address.domain);
    if (!domain) return std::nullopt;
    address.domain = domain->text();
  }
  const std::string name = ReadEncodedText(mailbox.display_name).text;
  if (Contains(name, kLost)) return std::nullopt;
  if (Trim(name).empty()) return address.ToString();
  return WriteEncodedPhrase(Trim(name)) + " <" + address.ToString() + ">";
}

// nullopt: a group or a comment, which would be lost, or no address list.
std::optional<std::string> WrittenAddresses(const std::string& value) {
  const AddressList list = ParseAddressList(value);
  const bool is_plain = list.error.empty() && !list.has_group &&
                        !list.mailboxes.empty() && !Contains(value, "(");
  if (!is_plain) return std::nullopt;
  std::string written;
  for (const Mailbox& mailbox : list.mailboxes) {
    const std::optional<std::string> text = WrittenMailbox(mailbox);
    if (!text) return std::nullopt;
    written += (written.empty() ? "" : ", ") + *text;
  }
  return written;
}

std::optional<std::string> WrittenText(const std::string& value) {
  const std::string text = ReadEncodedText(value).text;
  if (Contains(text, kLost)) return std::nullopt;
  return WriteEncodedText(text);
}

bool NeedsWriting(const HeaderField& field) {
  if (!IsAscii(field.value)) return true;
  if (!Contains(field.value, "=?")) return false;
  const EncodedText read = ReadEncodedText(field.Unfolded());
  return !read.fault.empty() ||
         (!read.irregularity.empty() && !HoldsAddresses(field.name));
}

}  // namespace

bool EncodeHeader(const Facts& facts, Message* message) {
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               if (field.value.size() > kMaxEncodedBytes ||
                   IsLeftAlone(field.name) || !NeedsWriting(field) ||
                   facts.IsFieldCovered(field.name))
                 return std::nullopt;
               const std::string value = field.Unfolded();
               const std::optional<std::string> written =
                   HoldsAddresses(field.name) ? WrittenAddresses(value)
                                              : WrittenText(value);
               if (!written || *written == value) return std::nullopt;
               return FoldValue(field.name, *written);
             }) > 0;
}

bool DecodeFrom(const Facts& facts, Message* message) {
  if (message->header.Count("From") != 1 || facts.IsFieldCovered("From"))
    return false;
  const AddressList meant = ParseAddressList(facts.header.from);
  if (!meant.error.empty() || meant.mailboxes.size() != 1) return false;
  const std::optional<std::string> written =
      WrittenMailbox(meant.mailboxes.front());
  if (!written) return false;
  const std::optional<std::string> folded = FoldValue("From", *written);
  if (!folded) return false;
  message->header.SetNth("From", 0, *folded);
  return true;
}

// Of what it stands in only an identifier can be made anew.
bool MendMisplacedWord(const Facts& facts, Message* message) {
  if (!EqualsIgnoreCase(facts.header.misplaced.name, "Message-ID"))
    return false;
  return ReplaceMessageId(facts, message);
}

bool DropShownAddress(const Facts& facts, Message* message) {
  constexpr std::string_view kAround = " \t<>()[]{}'\",;:-|";
  std::string name = facts.header.author_name;
  const std::string& shown = facts.header.shown_address;
  const std::size_t at = name.find(shown);
  const bool is_possible =
      !shown.empty() && at != name.npos && facts.from.mailboxes.size() == 1 &&
      message->header.Count("From") == 1 && !facts.IsFieldCovered("From");
  if (!is_possible) return false;
  std::size_t begin = at, end = at + shown.size();
  while (begin > 0 && kAround.find(name[begin - 1]) != kAround.npos) --begin;
  while (end < name.size() && kAround.find(name[end]) != kAround.npos) ++end;
  const bool is_inside = begin > 0 && end < name.size();
  name.replace(begin, end - begin, is_inside ? " " : "");
  Mailbox mailbox = facts.from.mailboxes.front();
  mailbox.display_name = name;
  const std::optional<std::string> written = WrittenMailbox(mailbox);
  if (!written) return false;
  const std::optional<std::string> folded = FoldValue("From", *written);
  if (!folded) return false;
  message->header.SetNth("From", 0, *folded);
  return true;
}

}  // namespace postern
