#include "policy/facts/dkim_guard.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/base/clock.h"
#include "policy/base/domain.h"
#include "policy/base/tag_list.h"
#include "policy/base/text.h"
#include "policy/message/wire_field.h"

namespace postern {
namespace {

constexpr std::size_t kMaxSignatureBytes = 64 * 1024;
constexpr std::size_t kMaxTagBytes = 255;        // d=, s=, i=
constexpr std::size_t kMaxNames = 1'000;         // in h=
constexpr std::size_t kMaxCompares = 2'000'000;  // names times fields

void Conclude(DkimResult result, std::string reason, DkimSignature* signature) {
  signature->result = result;
  signature->reason = std::move(reason);
}

// Empty: the tag is absent, or no name.
std::string NameIn(const TagList& tags, std::string_view tag) {
  const auto name = Domain::Parse(tags.Find(tag).value_or(""));
  return name ? name->text() : std::string();
}

std::vector<std::string> NamesIn(std::string_view h) {
  std::vector<std::string> names;
  for (const std::string_view name : Split(h, ':'))
    names.push_back(ToLower(Trim(name)));
  return names;
}

// A number of t=, x= or l=: nullopt when the tag is absent or is none.
std::optional<std::uint64_t> NumberIn(const TagList& tags,
                                      std::string_view tag) {
  const std::string_view text = tags.Find(tag).value_or("");
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

// RFC 6376 s.3.5, x=: seconds since 1970, by the clock we judge by.
bool IsExpired(const TagList& tags, TimePoint now) {
  const std::optional<std::uint64_t> expires = NumberIn(tags, "x");
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return expires && seconds >= 0 &&
         *expires < static_cast<std::uint64_t>(seconds);
}

std::string FaultOf(const TagList& tags) {
  for (const char* tag : {"d", "s", "i"})
    if (tags.Find(tag).value_or("").size() > kMaxTagBytes)
      return fmt::format("{}= is longer than {} octets", tag, kMaxTagBytes);
  for (const char* tag : {"d", "s"})
    if (NameIn(tags, tag).empty())
      return fmt::format("{}= is missing or not a domain name", tag);
  if (tags.Find("h").value_or("").empty()) return "h= is missing or empty";
  for (const char* tag : {"t", "x", "l"})
    if (tags.Find(tag) && !NumberIn(tags, tag))
      return fmt::format("{}= is not a number", tag);
  return {};
}

// Blanks before the colon do not belong to the name (RFC 5322 s.4.5.8).
std::string_view FieldName(std::string_view name) {
  while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
  return name;
}

// Verifiers disagree about VT and FF (isspace() or not), so no verdict would
// be worth anything.
bool IsUnambiguous(std::string_view value) {
  return IsConveyable(value) &&
         value.find_first_of("\v\f") == std::string_view::npos;
}

std::vector<std::string> Padding(std::size_t count) {
  const std::string name = "x-pad-" + RandomId();  // h= cannot name it
  return std::vector<std::string>(count, name + ": 1");
}

}  // namespace

DkimSignature ReadSignature(std::string_view value, TimePoint now) {
  DkimSignature signature;
  if (value.size() > kMaxSignatureBytes) {
    Conclude(DkimResult::kNeutral, "not examined: longer than 64 KB",
             &signature);
    return signature;
  }
  const Result<TagList> tags = TagList::Parse(value);
  if (!tags) {
    Conclude(DkimResult::kPermError, "malformed: " + tags.error().message,
             &signature);
    return signature;
  }
  signature.domain = NameIn(*tags, "d");
  signature.selector = NameIn(*tags, "s");
  signature.algorithm = tags->Find("a").value_or("");
  signature.headers = NamesIn(tags->Find("h").value_or(""));
  signature.body_bytes = NumberIn(*tags, "l");
  const bool has_from =
      std::find(signature.headers.begin(), signature.headers.end(), "from") !=
      signature.headers.end();
  if (std::string fault = FaultOf(*tags); !fault.empty())
    Conclude(DkimResult::kPermError, std::move(fault), &signature);
  else if (!has_from)  // RFC 6376 s.6.1.1
    Conclude(DkimResult::kPermError, "h= does not name From", &signature);
  else if (EqualsIgnoreCase(signature.algorithm, "rsa-sha1"))
    Conclude(DkimResult::kPermError,
             "rsa-sha1, which counts as failed (RFC 8301 s.3.1)", &signature);
  else if (IsExpired(*tags, now))
    Conclude(DkimResult::kFail, "expired (x=)", &signature);
  return signature;
}

Result<std::vector<std::string>> HandedOver(
    const Header& header, const HeaderField& signature,
    const std::vector<std::string>& signed_names) {
  const std::set<std::string, std::less<>> wanted(signed_names.begin(),
                                                  signed_names.end());
  if (wanted.contains("dkim-signature"))
    return Fail("not examined: h= names other signatures");
  if (signed_names.size() > kMaxNames ||
      signed_names.size() * header.fields().size() > kMaxCompares)
    return Fail("not examined: h= names too many fields");
  std::vector<std::string> lines;
  for (const HeaderField& field : header.fields()) {
    const std::string name = ToLower(FieldName(field.name));
    if (&field != &signature && !wanted.contains(name)) continue;
    if (!IsUnambiguous(field.value))
      return Fail(fmt::format("not examined: a control character in {}",
                              EscapeForLog(name, 40)));
    lines.push_back(WireField(field.name, field.value));
  }
  const std::size_t names = signed_names.size();
  const std::vector<std::string> padding =
      Padding(names < lines.size() ? 1 : names - lines.size() + 1);
  lines.insert(lines.end(), padding.begin(), padding.end());
  return lines;
}

}  // namespace postern
