#include "policy/signing/signed_fields.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/message/wire_field.h"
#include "policy/signing/canonical.h"
#include "policy/signing/signed_names.h"

namespace postern {
namespace {

static_assert(kSignedNames[0].name == "from");

using Instances = std::vector<const HeaderField*>;

// The built-in names, then the operator's.
std::vector<SignedName> NamesFor(const SigningConfig& config) {
  std::vector<SignedName> names(std::begin(kSignedNames),
                                std::end(kSignedNames));
  const auto add = [&](std::string_view name, Oversign oversign) {
    const auto known = std::ranges::find_if(names, [&](const SignedName& n) {
      return EqualsIgnoreCase(n.name, name);
    });
    if (known == names.end())
      names.push_back({name, oversign});
    else if (oversign == Oversign::kAlways)
      known->oversign = oversign;
  };
  for (const std::string& name : config.headers) add(name, Oversign::kNever);
  for (const std::string& name : config.oversign) add(name, Oversign::kAlways);
  return names;
}

std::optional<std::size_t> PlaceOf(std::span<const SignedName> names,
                                   std::string_view name) {
  // Verifiers ignore blanks before the colon (RFC 5322 s.4.5.8).
  while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (EqualsIgnoreCase(names[i].name, name)) return i;
  return std::nullopt;
}

// RFC 6376 s.5.4.2: instances are taken from the bottom of the header up.
std::vector<Instances> Collect(const Header& header,
                               std::span<const SignedName> names) {
  std::vector<Instances> found(names.size());
  const std::vector<HeaderField>& fields = header.fields();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field)
    if (const auto place = PlaceOf(names, field->name))
      found[*place].push_back(&*field);
  return found;
}

bool IsOversigned(const SignedName& name, const Instances& instances) {
  return name.oversign == Oversign::kAlways ||
         (name.oversign == Oversign::kIfPresent && !instances.empty());
}

}  // namespace

Result<SignedFields> SelectSignedFields(const Header& header,
                                        const SigningConfig& config) {
  const std::vector<SignedName> names = NamesFor(config);
  const std::vector<Instances> found = Collect(header, names);
  // RFC 6376 s.5.4: From MUST be signed.
  if (found[0].empty()) return Fail("no From field");
  SignedFields chosen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const HeaderField* field : found[i]) {
      if (!IsConveyable(field->value))
        return Fail(fmt::format("a control character in {}", names[i].name));
      chosen.names.push_back(names[i].name);
      chosen.canonical += RelaxedField(field->name, field->value);
      chosen.canonical += "\r\n";
    }
    if (IsOversigned(names[i], found[i])) chosen.names.push_back(names[i].name);
  }
  return chosen;
}

}  // namespace postern
