// Address fields written as every MTA and receiver reads them: "a@x, B <b@y>"
// (RFC 5322 s.3.4), in lines of at most 78 octets. Fields that are well-formed
// are left alone, but on Sendmail, which would write them anew itself.

#include "policy/message/address_form.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

bool IsMalformed(const HeaderField& field) {
  for (const char* name : {"To", "Cc", "Reply-To", "Sender"})
    if (EqualsIgnoreCase(field.name, name))
      return !ParseAddressList(field.value).error.empty();
  return false;
}

}  // namespace

bool RewriteAddresses(const Facts& facts, Message* message) {
  const LocalPartHome home = HomeOf(*message);
  const std::vector<std::string>& unstable = facts.transit.addresses;
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               const bool is_unstable =
                   std::find(unstable.begin(), unstable.end(), field.name) !=
                   unstable.end();
               if (!is_unstable && !IsMalformed(field)) return std::nullopt;
               if (facts.IsFieldCovered(field.name)) return std::nullopt;
               const std::optional<std::string> written =
                   WriteAddressList(field.Unfolded(), home);
               if (!written || written->empty()) return std::nullopt;
               return FoldValue(field.name, *written);
             }) > 0;
}

}  // namespace postern
