#include "policy/base/tag_list.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

bool IsWhiteSpace(char c) { return IsBlank(c) || c == '\r' || c == '\n'; }

// RFC 6376 s.3.2: VALCHAR is %x21-3A / %x3C-7E; the semicolon is not looked for
// here.
bool IsTagOctet(char c) { return IsWhiteSpace(c) || (c > ' ' && c < 0x7f); }

bool IsTagName(std::string_view name) {
  return !name.empty() && IsAlpha(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsAlnum(c) || c == '_'; });
}

Result<Tag> ParseTag(std::string_view spec) {
  const std::size_t equals = spec.find('=');
  if (equals == std::string_view::npos)
    return Fail(fmt::format("no \"=\" in \"{}\"", EscapeForLog(spec, 40)));
  const std::string_view name = Trim(spec.substr(0, equals));
  if (!IsTagName(name))
    return Fail(fmt::format("not a tag name: \"{}\"", EscapeForLog(name, 40)));
  return Tag{name, Trim(spec.substr(equals + 1))};
}

}  // namespace

Result<TagList> TagList::Parse(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), IsTagOctet))
    return Fail("an octet that is not printable ASCII");
  text = Trim(text);
  if (text.ends_with(';')) text.remove_suffix(1);  // the last one is optional
  TagList list;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const Result<Tag> tag = ParseTag(text.substr(begin, end - begin));
    if (!tag) return Fail(tag.error().message);
    // RFC 6376 s.3.2: tags with duplicate names make the whole list invalid.
    if (list.Find(tag->name))
      return Fail(fmt::format("{}= occurs twice", EscapeForLog(tag->name, 40)));
    if (list.tags_.size() == kMaxTags) return Fail("more than 100 tags");
    list.tags_.push_back(*tag);
    begin = end + 1;
  }
  return list;
}

std::optional<std::string_view> TagList::Find(std::string_view name) const {
  for (const Tag& tag : tags_)
    if (tag.name == name) return tag.value;
  return std::nullopt;
}

}  // namespace postern
