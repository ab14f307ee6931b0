// The mailbox that receivers read out of a display name that is not quoted as
// it must be. Anything that could be a second address is left to the grammar.

#include <algorithm>

#include "policy/message/address.h"

namespace postern {
namespace {

// Octets of a phrase that only lacks its quotes.
bool IsPlain(char c) {
  constexpr std::string_view kAmbiguous = "<>,;\"()\\";
  const auto octet = static_cast<unsigned char>(c);
  const bool is_control =
      octet == 0x7f || (octet < ' ' && c != '\t' && c != '\n');
  return !is_control && kAmbiguous.find(c) == kAmbiguous.npos;
}

}  // namespace

std::optional<Mailbox> LoneMailbox(std::string_view value) {
  const std::size_t angle = value.find('<');
  if (angle == value.npos) return std::nullopt;
  const std::string_view phrase = value.substr(0, angle);
  if (!std::all_of(phrase.begin(), phrase.end(), IsPlain)) return std::nullopt;
  AddressList list = ParseAddressList(value.substr(angle));
  if (!list.error.empty() || list.mailboxes.size() != 1) return std::nullopt;
  Mailbox mailbox = std::move(list.mailboxes.front());
  mailbox.display_name = phrase;
  return mailbox;
}

}  // namespace postern
