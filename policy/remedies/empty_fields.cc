// Empty address fields are deleted. When neither To nor Cc remains, To becomes
// the single recipient, or "undisclosed-recipients:;" when there are several.

#include <algorithm>
#include <string>

#include "policy/remedies/remedy.h"

namespace postern {

namespace {

bool IsEmpty(const HeaderField& field) {
  return ParseAddressList(field.value).is_empty;
}

bool HasFilled(const Message& message, std::string_view name) {
  const std::vector<const HeaderField*> fields = message.header.FindAll(name);
  return std::any_of(fields.begin(), fields.end(),
                     [](const HeaderField* field) { return !IsEmpty(*field); });
}

// A lone recipient may see his own address; a list's members not each other.
std::string Addressee(const Envelope& envelope) {
  return envelope.recipients.size() == 1 ? envelope.recipients.front().address
                                         : "undisclosed-recipients:;";
}

}  // namespace

bool DeleteEmptyFields(const Facts& facts, Message* message) {
  Header& header = message->header;
  const bool is_unaddressed = !HasFilled(*message, "To") &&
                              !HasFilled(*message, "Cc") &&
                              !facts.IsFieldCovered("To");
  bool is_changed = false;
  for (const std::string_view name :
       {"To", "Cc", "Bcc", "Sender", "Reply-To"}) {
    if (facts.IsFieldCovered(name)) continue;
    // The first empty To is written anew where it stands: a name that was
    // deleted from is not added to.
    if (is_unaddressed && name == "To" && header.Count(name) > 0) {
      header.SetNth(name, 0, Addressee(message->envelope));
      is_changed = true;
    }
    is_changed |= header.RemoveIf(name, IsEmpty) > 0;
  }
  if (is_changed && is_unaddressed && header.Count("To") == 0)
    header.Set("To", Addressee(message->envelope));
  return is_changed;
}

}  // namespace postern
