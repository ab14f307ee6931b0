// Header lines over 990 octets are folded anew at their white space (RFC 5322
// s.2.2.3), those of address lists after their commas. A single word that long
// cannot be folded and stays.

#include "policy/base/text.h"
#include "policy/message/address_form.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = 990;  // Sendmail's smtp mailers; RFC: 998

// With white space after its commas, if it is a list of addresses.
std::string Foldable(const HeaderField& field, const LocalPartHome& home) {
  for (const char* name : {"To", "Cc", "Reply-To"})
    if (EqualsIgnoreCase(field.name, name))
      if (auto written = WriteAddressList(field.Unfolded(), home))
        return *written;
  return field.Unfolded();
}

}  // namespace

bool RefoldHeader(const Facts& facts, Message* message) {
  const LocalPartHome home = HomeOf(*message);
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               if (field.LongestLine() <= kMaxBytes ||
                   facts.IsFieldCovered(field.name))
                 return std::nullopt;
               return FoldValue(field.name, Foldable(field, home));
             }) > 0;
}

}  // namespace postern
