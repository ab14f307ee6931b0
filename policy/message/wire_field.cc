#include "policy/message/wire_field.h"

#include <cstddef>

#include "policy/base/text.h"

namespace postern {

bool IsConveyable(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char next = i + 1 < value.size() ? value[i + 1] : '\0';
    if (value[i] == '\0') return false;
    if (value[i] == '\r' && next != '\n') return false;
    if (value[i] == '\n' && !IsBlank(next)) return false;
  }
  return true;
}

std::string WireField(std::string_view name, std::string_view value) {
  std::string field;
  field.reserve(name.size() + value.size() + 16);
  field += name;
  field += ':';
  for (const char c : value) {
    if (c == '\n' && field.back() != '\r') field += '\r';
    field += c;
  }
  return field;
}

}  // namespace postern
