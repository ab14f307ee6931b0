#include "policy/signing/arc_fields.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/message/wire_field.h"
#include "policy/signing/arc.h"
#include "policy/signing/canonical.h"

namespace postern {
namespace {

using Member = const HeaderField* ArcFields::*;

std::optional<Member> MemberFor(std::string_view name) {
  // Verifiers ignore blanks before the colon (RFC 5322 s.4.5.8).
  name = Trim(name);
  if (EqualsIgnoreCase(name, kArcResults)) return &ArcFields::results;
  if (EqualsIgnoreCase(name, kArcMessageSignature))
    return &ArcFields::message_signature;
  if (EqualsIgnoreCase(name, kArcSeal)) return &ArcFields::seal;
  return std::nullopt;
}

// The i= of a field: anywhere among the tags, but first in the results, which
// are no tag list (RFC 8617 s.4.1.1).
std::optional<int> InstanceOf(const HeaderField& field, Member member) {
  const std::vector<std::string_view> tags = Split(field.value, ';');
  for (const std::string_view tag : tags) {
    const std::size_t equals = tag.find('=');
    if (equals != std::string_view::npos &&
        Trim(tag.substr(0, equals)) == "i") {
      const std::string_view digits = Trim(tag.substr(equals + 1));
      int instance = 0;
      const auto read = std::from_chars(
          digits.data(), digits.data() + digits.size(), instance);
      const bool is_read = read.ec == std::errc() &&
                           read.ptr == digits.data() + digits.size() &&
                           instance >= 1 && instance <= kMaxArcSets;
      if (is_read) return instance;
      return std::nullopt;
    }
    if (member == &ArcFields::results) return std::nullopt;
  }
  return std::nullopt;
}

// Why the field cannot be put into its set; empty: it has been.
std::string Place(const HeaderField& field, Member member, ArcSets* sets) {
  const std::optional<int> instance = InstanceOf(field, member);
  if (!instance)
    return fmt::format("{} without i= from 1 to {}", Trim(field.name),
                       kMaxArcSets);
  sets->highest = std::max(sets->highest, *instance);
  const auto place = static_cast<std::size_t>(*instance - 1);
  if (sets->sets.size() <= place) sets->sets.resize(place + 1);
  const HeaderField*& slot = sets->sets[place].*member;
  if (slot != nullptr)
    return fmt::format("two {} with i={}", Trim(field.name), *instance);
  slot = &field;
  if (!IsConveyable(field.value))
    return fmt::format("a control character in {}, i={}", Trim(field.name),
                       *instance);
  return {};
}

}  // namespace

ArcSets CollectArcSets(const Header& header) {
  ArcSets sets;
  for (const HeaderField& field : header.fields()) {
    const std::optional<Member> member = MemberFor(field.name);
    if (!member) continue;
    std::string fault = Place(field, *member, &sets);
    if (sets.fault.empty()) sets.fault = std::move(fault);
  }
  if (!sets.fault.empty()) return sets;
  for (std::size_t i = 0; i < sets.sets.size(); ++i) {
    const ArcFields& set = sets.sets[i];
    const bool is_whole = set.results != nullptr &&
                          set.message_signature != nullptr &&
                          set.seal != nullptr;
    if (is_whole) continue;
    sets.fault = fmt::format("the set i={} is not complete", i + 1);
    return sets;
  }
  return sets;
}

std::string WithoutSignature(std::string_view value) {
  std::string emptied;
  for (const std::string_view tag : Split(value, ';')) {
    if (tag.data() != value.data()) emptied += ';';
    const std::size_t equals = tag.find('=');
    const bool is_signature =
        equals != std::string_view::npos && Trim(tag.substr(0, equals)) == "b";
    emptied += is_signature ? tag.substr(0, equals + 1) : tag;
  }
  return emptied;
}

std::string RelaxedSet(const ArcFields& set, bool with_seal) {
  std::string octets;
  for (const HeaderField* field :
       {set.results, set.message_signature, with_seal ? set.seal : nullptr})
    if (field != nullptr)
      octets += RelaxedField(field->name, field->value) + "\r\n";
  return octets;
}

}  // namespace postern
