// Fields that may stand once (RFC 5322 s.3.6): the addresses of several To, Cc
// or Bcc become one field; of other fields exact duplicates are dropped.
// Fields that differ are left alone: nobody can say which one is meant.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

bool MergeAddresses(std::string_view name, Message* message) {
  std::string merged;
  for (const HeaderField* field : message->header.FindAll(name)) {
    const AddressList list = ParseAddressList(field->value);
    if (!list.error.empty()) return false;
    const std::string text = field->Unfolded();
    if (list.is_empty) continue;
    if (!merged.empty()) merged += ", ";
    merged += text;
  }
  const std::optional<std::string> folded = FoldValue(name, merged);
  if (!folded) return false;
  message->header.KeepFirst(name);
  message->header.SetNth(name, 0, *folded);
  return true;
}

bool DropExactDuplicates(std::string_view name, Message* message) {
  const std::vector<const HeaderField*> fields = message->header.FindAll(name);
  const std::string first = fields.front()->Unfolded();
  const bool are_equal = std::all_of(
      fields.begin(), fields.end(),
      [&](const HeaderField* field) { return field->Unfolded() == first; });
  if (!are_equal) return false;
  message->header.KeepFirst(name);
  return true;
}

}  // namespace

bool MergeDuplicateFields(const Facts& facts, Message* message) {
  bool is_changed = false;
  for (const std::string_view name : {"To", "Cc", "Bcc"})
    if (message->header.Count(name) > 1 && !facts.IsFieldCovered(name))
      is_changed |=
          DropExactDuplicates(name, message) || MergeAddresses(name, message);
  for (const std::string_view name :
       {"Subject", "Sender", "Reply-To", "In-Reply-To", "References"})
    if (message->header.Count(name) > 1 && !facts.IsFieldCovered(name))
      is_changed |= DropExactDuplicates(name, message);
  return is_changed;
}

}  // namespace postern
