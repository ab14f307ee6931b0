#include "policy/signing/signed_fields.h"

#include <array>
#include <cstddef>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "policy/message/wire_field.h"
#include "policy/signing/canonical.h"
#include "policy/signing/signed_names.h"

namespace postern {
namespace {

constexpr std::size_t kCount = std::size(kSignedNames);
static_assert(kSignedNames[0].name == "from");

using Instances = std::vector<const HeaderField*>;

// RFC 6376 s.5.4.2: instances are taken from the bottom of the header up.
std::array<Instances, kCount> Collect(const Header& header) {
  std::array<Instances, kCount> found;
  const std::vector<HeaderField>& fields = header.fields();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field)
    if (const auto place = PlaceAmongSigned(field->name))
      found[*place].push_back(&*field);
  return found;
}

bool IsOversigned(const SignedName& name, const Instances& instances) {
  return name.oversign == Oversign::kAlways ||
         (name.oversign == Oversign::kIfPresent && !instances.empty());
}

}  // namespace

Result<SignedFields> SelectSignedFields(const Header& header) {
  const std::array<Instances, kCount> found = Collect(header);
  // RFC 6376 s.5.4: From MUST be signed.
  if (found[0].empty()) return Fail("no From field");
  SignedFields chosen;
  for (std::size_t i = 0; i < kCount; ++i) {
    for (const HeaderField* field : found[i]) {
      if (!IsConveyable(field->value))
        return Fail(
            fmt::format("a control character in {}", kSignedNames[i].name));
      chosen.names.push_back(kSignedNames[i].name);
      chosen.canonical += RelaxedField(field->name, field->value);
      chosen.canonical += "\r\n";
    }
    if (IsOversigned(kSignedNames[i], found[i]))
      chosen.names.push_back(kSignedNames[i].name);
  }
  return chosen;
}

}  // namespace postern
