// Empty address fields are deleted. When neither To nor Cc remains, To becomes
// the single recipient, or "undisclosed-recipients:;" when there are several.

#include "policy/remedies/remedy.h"

namespace postern {

bool DeleteEmptyFields(const Facts& facts, Message* message) {
  bool is_changed = false;
  for (const std::string_view name :
       {"To", "Cc", "Bcc", "Sender", "Reply-To"}) {
    if (facts.IsFieldCovered(name)) continue;
    for (std::size_t index = message->header.Count(name); index > 0; --index) {
      const HeaderField* field = message->header.FindAll(name)[index - 1];
      if (!ParseAddressList(field->value).is_empty) continue;
      message->header.RemoveNth(name, index - 1);
      is_changed = true;
    }
  }
  const bool is_unaddressed = message->header.Count("To") == 0 &&
                              message->header.Count("Cc") == 0 &&
                              !facts.IsFieldCovered("To");
  if (!is_changed || !is_unaddressed) return is_changed;
  const std::vector<ForwardPath>& recipients = message->envelope.recipients;
  // A lone recipient may see his own address; a list's members not each other.
  message->header.Set("To", recipients.size() == 1
                                ? recipients.front().address
                                : "undisclosed-recipients:;");
  return true;
}

}  // namespace postern
