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
  struct Folded {
    std::string name;
    std::size_t index;
    std::string value;
  };
  std::vector<Folded> changes;
  for (const HeaderField& field : message->header.fields()) {
    if (!HasLongLine(field) || facts.IsFieldCovered(field.name)) continue;
    std::optional<std::string> value = FoldValue(field.name, field.Unfolded());
    if (!value) continue;
    const std::vector<const HeaderField*> same =
        message->header.FindAll(field.name);
    std::size_t index = 0;
    while (same[index] != &field) ++index;
    changes.push_back({field.name, index, std::move(*value)});
  }
  for (const Folded& change : changes)
    message->header.SetNth(change.name, change.index, change.value);
  return !changes.empty();
}

}  // namespace postern
