#include "policy/base/idn.h"

#include <idn2.h>

#include <memory>

#include "policy/base/call_free.h"

namespace postern {

std::optional<std::string> ToALabels(std::string_view utf8) {
  char* raw = nullptr;
  const std::string text(utf8);  // libidn2 wants a terminated string
  if (text.find('\0') != std::string::npos) return std::nullopt;
  const int status = idn2_to_ascii_8z(text.c_str(), &raw, IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, CallFree<idn2_free>> owned(raw);
  if (status != IDN2_OK) return std::nullopt;
  return std::string(owned.get());
}

}  // namespace postern
