#include "policy/message/list_unsubscribe.h"

#include <algorithm>

#include "policy/base/text.h"

namespace postern {
namespace {

bool IsHttps(std::string_view uri) {
  return StartsWithIgnoreCase(uri, "https://") && uri.size() > 8;
}

// RFC 2369 s.2: white space inside of the brackets is ignored.
std::string WithoutSpace(std::string_view uri) {
  std::string clean(uri);
  std::erase_if(clean, [](char c) { return IsBlank(c) || c == '\n'; });
  return clean;
}

}  // namespace

std::string_view ListUnsubscribe::HttpsUri() const {
  const auto it = std::ranges::find_if(uris, IsHttps);
  return it == uris.end() ? std::string_view() : *it;
}

ListUnsubscribe ReadListUnsubscribe(const Header& header) {
  ListUnsubscribe read;
  const HeaderField* field = header.Find("List-Unsubscribe");
  if (field == nullptr) return read;
  const std::string_view value = field->value;
  std::size_t at = 0;
  while (read.uris.size() < ListUnsubscribe::kMostUris) {
    const std::size_t open = value.find('<', at);
    const std::size_t close = value.find('>', open);
    if (open == value.npos || close == value.npos) break;
    read.uris.push_back(WithoutSpace(value.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
  read.https = std::ranges::count_if(read.uris, IsHttps);
  if (const HeaderField* post = header.Find("List-Unsubscribe-Post"))
    read.has_post = post->Unfolded() == "List-Unsubscribe=One-Click";
  return read;
}

}  // namespace postern
