// A header that is too large goes without the fields that the operator says
// nobody outside reads (mend.expendable_fields).

#include <algorithm>
#include <set>
#include <string>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

bool Fits(std::string_view name, std::string_view pattern) {
  if (!pattern.ends_with('*')) return EqualsIgnoreCase(name, pattern);
  pattern.remove_suffix(1);
  return StartsWithIgnoreCase(name, pattern);
}

}  // namespace

bool DropExpendableFields(const Facts& facts, Message* message) {
  const std::vector<std::string>& patterns = facts.config->expendable_fields;
  std::set<std::string> names;
  for (const HeaderField& field : message->header.fields()) {
    const bool is_expendable = std::ranges::any_of(
        patterns,
        [&](const std::string& pattern) { return Fits(field.name, pattern); });
    if (is_expendable && !facts.IsFieldCovered(field.name))
      names.insert(ToLower(field.name));
  }
  for (const std::string& name : names) message->header.RemoveAll(name);
  return !names.empty();
}

}  // namespace postern
