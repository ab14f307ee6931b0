// Header lines over 998 octets are folded anew at their white space (RFC 5322
// s.2.2.3). A single word that long cannot be folded and stays.

#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = 998;

}  // namespace

bool RefoldHeader(const Facts& facts, Message* message) {
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               if (field.LongestLine() <= kMaxBytes ||
                   facts.IsFieldCovered(field.name))
                 return std::nullopt;
               return FoldValue(field.name, field.Unfolded());
             }) > 0;
}

}  // namespace postern
