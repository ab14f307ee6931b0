#include "policy/signing/signed_names.h"

#include <iterator>

#include "policy/base/text.h"

namespace postern {

std::optional<std::size_t> PlaceAmongSigned(std::string_view name) {
  // Verifiers ignore blanks before the colon (RFC 5322 s.4.5.8).
  while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
  for (std::size_t i = 0; i < std::size(kSignedNames); ++i)
    if (EqualsIgnoreCase(kSignedNames[i].name, name)) return i;
  return std::nullopt;
}

}  // namespace postern
