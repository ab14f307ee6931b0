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

// RFC 6376 s.3.5, x=: seconds since 1970. It is asked of the system clock,
// which is what a receiver does.
bool IsExpired(const TagList& tags) {
  const std::string_view x = tags.Find("x").value_or("");
  std::int64_t expires = 0;
  const auto [end, error] =
      std::from_chars(x.data(), x.data() + x.size(), expires);
  if (x.empty() || error != std::errc() || end != x.data() + x.size())
    return false;  // libopendkim says what is wrong with it
  const auto now = SystemClock().Now().time_since_epoch();
  return expires <
         std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string Fault(const TagList& tags) {
  for (const char* tag : {"d", "s", "i"})
    if (tags.Find(tag).value_or("").size() > kMaxTagBytes)
      return fmt::format("{}= is longer than {} octets", tag, kMaxTagBytes);
  for (const char* tag : {"d", "s"})
    if (NameIn(tags, tag).empty())
      return fmt::format("{}= is missing or not a domain name", tag);
  if (tags.Find("h").value_or("").empty()) return "h= is missing or empty";
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

DkimSignature ReadSignature(std::string_view value) {
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
  if (std::string fault = Fault(*tags); !fault.empty())
    Conclude(DkimResult::kPermError, std::move(fault), &signature);
  else if (IsExpired(*tags))
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
