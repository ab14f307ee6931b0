// A missing or empty Subject becomes the operator's (mend.default_subject).
// Mail that others wrote keeps what they gave it.

#include <string>

#include "policy/base/text.h"
#include "policy/message/encoded_word.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {

bool AddSubject(const Facts& facts, Message* message) {
  constexpr std::string_view kName = "Subject";
  const std::string& text = facts.config->default_subject;
  const HeaderField* subject = message->header.Find(kName);
  const bool is_wanted =
      !text.empty() && !facts.is_forwarded && !facts.IsFieldCovered(kName) &&
      (subject == nullptr || Trim(subject->Unfolded()).empty());
  if (!is_wanted) return false;
  const std::optional<std::string> value =
      FoldValue(kName, WriteEncodedText(text));
  if (!value) return false;
  message->header.Set(kName, *value);
  return true;
}

}  // namespace postern
