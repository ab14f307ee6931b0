#include "policy/signing/key_record.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "policy/base/tag_list.h"
#include "policy/base/text.h"

namespace postern {
namespace {

// "a : b" as {"a", "b"}; without the tag, empty.
Result<std::vector<std::string>> ColonList(const TagList& tags,
                                           std::string_view name) {
  std::vector<std::string> items;
  const std::optional<std::string_view> value = tags.Find(name);
  if (!value) return items;
  for (const std::string_view item : Split(*value, ':')) {
    if (Trim(item).empty()) return Fail(fmt::format("{}= is empty", name));
    items.emplace_back(Trim(item));
  }
  return items;
}

bool IsEmptyOrHas(std::span<const std::string> list, std::string_view wanted) {
  return list.empty() ||
         std::find(list.begin(), list.end(), wanted) != list.end();
}

Result<std::string> PublicKey(const TagList& tags) {
  const std::optional<std::string_view> p = tags.Find("p");
  if (!p) return Fail("no p=");
  std::optional<std::string> octets = Base64Decode(*p);
  if (!octets) return Fail("p= is not Base64");
  return *std::move(octets);
}

}  // namespace

bool KeyRecord::AllowsSha256() const { return IsEmptyOrHas(hashes, "sha256"); }

bool KeyRecord::AllowsEmail() const {
  return IsEmptyOrHas(services, "*") || IsEmptyOrHas(services, "email");
}

bool KeyRecord::IsTesting() const {
  return std::find(flags.begin(), flags.end(), "y") != flags.end();
}

Result<KeyRecord> ParseKeyRecord(std::string_view text) {
  const Result<TagList> tags = TagList::Parse(text);
  if (!tags) return Fail(tags.error().message);
  KeyRecord record;
  if (const auto version = tags->Find("v")) record.version = *version;
  if (record.version != "DKIM1") return record;
  // RFC 6376 s.3.6.1: v=, where present, MUST be the first tag.
  if (tags->Find("v") && tags->tags().front().name != "v")
    return Fail("v= is not the first tag");
  if (const auto type = tags->Find("k")) record.key_type = *type;
  for (const auto& [name, list] :
       {std::pair{"h", &record.hashes}, std::pair{"s", &record.services},
        std::pair{"t", &record.flags}}) {
    Result<std::vector<std::string>> items = ColonList(*tags, name);
    if (!items) return Fail(items.error().message);
    *list = *std::move(items);
  }
  Result<std::string> key = PublicKey(*tags);
  if (!key) return Fail(key.error().message);
  record.public_key = *std::move(key);
  return record;
}

}  // namespace postern
