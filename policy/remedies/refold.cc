// Header lines over 998 octets are folded anew at their white space (RFC 5322
// s.2.2.3). A single word that long cannot be folded and stays.

#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::size_t kMaxBytes = 998;

bool HasLongLine(const HeaderField& field) {
  std::size_t start = 0;
  std::size_t before = field.name.size() + 1;
  for (;;) {
    const std::size_t end = field.value.find('\n', start);
    const bool is_last = end == std::string::npos;
    const std::size_t stop = is_last ? field.value.size() : end;
    if (before + stop - start > kMaxBytes) return true;
    if (is_last) return false;
    start = end + 1;
    before = 0;
  }
}

}  // namespace

bool RefoldHeader(const Facts& facts, Message* message) {
  return message->header.Rewrite(
             [&](const HeaderField& field) -> std::optional<std::string> {
               if (!HasLongLine(field) || facts.IsFieldCovered(field.name))
                 return std::nullopt;
               return FoldValue(field.name, field.Unfolded());
             }) > 0;
}

}  // namespace postern
