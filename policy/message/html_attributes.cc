#include "policy/message/html_attributes.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/html_names.h"

namespace postern {
namespace {

constexpr std::size_t kMaxUrlBytes = 64 * 1024;
constexpr std::size_t kMaxDataUrlBytes = 256;  // a picture written out
constexpr std::size_t kMaxSources = 100;

std::optional<HtmlAttribute> KnownAttribute(std::string_view name) {
  switch (NameOf(name)) {
    case NameOf("href"):
      return HtmlAttribute::kHref;
    case NameOf("xlink:href"):
      return HtmlAttribute::kXlinkHref;
    case NameOf("src"):
      return HtmlAttribute::kSrc;
    case NameOf("lowsrc"):
      return HtmlAttribute::kLowsrc;
    case NameOf("dynsrc"):
      return HtmlAttribute::kDynsrc;
    case NameOf("poster"):
      return HtmlAttribute::kPoster;
    case NameOf("data"):
      return HtmlAttribute::kData;
    case NameOf("background"):
      return HtmlAttribute::kBackground;
    case NameOf("srcset"):
      return HtmlAttribute::kSrcset;
    case NameOf("action"):
      return HtmlAttribute::kAction;
    case NameOf("formaction"):
      return HtmlAttribute::kFormaction;
    case NameOf("style"):
      return HtmlAttribute::kStyle;
    case NameOf("class"):
      return HtmlAttribute::kClass;
    case NameOf("id"):
      return HtmlAttribute::kId;
    case NameOf("hidden"):
      return HtmlAttribute::kHidden;
    case NameOf("width"):
      return HtmlAttribute::kWidth;
    case NameOf("height"):
      return HtmlAttribute::kHeight;
    case NameOf("bgcolor"):
      return HtmlAttribute::kBgcolor;
    case NameOf("color"):
      return HtmlAttribute::kColor;
    case NameOf("alt"):
      return HtmlAttribute::kAlt;
    case NameOf("type"):
      return HtmlAttribute::kType;
    case NameOf("http-equiv"):
      return HtmlAttribute::kHttpEquiv;
    case NameOf("content"):
      return HtmlAttribute::kContent;
    default:
      return std::nullopt;
  }
}

bool IsC0OrSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }
bool IsSrcsetSpace(char c) {
  return IsBlank(c) || c == '\n' || c == '\r' || c == '\f';
}

std::string_view TrimC0(std::string_view text) {
  while (!text.empty() && IsC0OrSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsC0OrSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

void HtmlAttributes::Add(std::string_view name, std::string_view value) {
  const std::optional<HtmlAttribute> known = KnownAttribute(name);
  if (!known || Has(*known)) return;
  values_[static_cast<std::size_t>(*known)] = value;
  present_ |= std::uint32_t{1} << static_cast<unsigned>(*known);
}

std::string ValueOf(std::string_view written) {
  std::string value;
  for (std::size_t nul; (nul = written.find('\0')) != written.npos;) {
    value +=
        DecodeReferences(written.substr(0, nul), ReferencePlace::kAttribute);
    value += "\xef\xbf\xbd";
    written.remove_prefix(nul + 1);
  }
  if (!value.empty() || Contains(written, "&"))
    return value + DecodeReferences(written, ReferencePlace::kAttribute);
  return std::string(written);
}

std::string UrlOf(std::string_view written) {
  written = TrimC0(written);
  const bool is_data = StartsWithIgnoreCase(written, "data:image");
  written = written.substr(0, is_data ? kMaxDataUrlBytes : kMaxUrlBytes);
  std::string url = ValueOf(written);
  const bool is_clean = std::none_of(url.begin(), url.end(), IsC0OrSpace);
  if (is_clean) return url;
  std::erase_if(url,
                [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return std::string(TrimC0(url));
}

std::vector<std::string_view> UrlsOfSrcset(std::string_view srcset) {
  std::vector<std::string_view> urls;
  while (urls.size() < kMaxSources) {
    const auto begin = std::find_if(srcset.begin(), srcset.end(), [](char c) {
      return c != ',' && !IsSrcsetSpace(c);
    });
    const auto end = std::find_if(begin, srcset.end(), IsSrcsetSpace);
    std::string_view url(begin, end);
    srcset = std::string_view(end, srcset.end());
    if (url.empty()) break;
    const bool is_alone = url.ends_with(',');  // no descriptor follows
    while (url.ends_with(',')) url.remove_suffix(1);
    urls.push_back(url);
    if (!is_alone)
      srcset.remove_prefix(std::min(srcset.find(','), srcset.size()));
  }
  return urls;
}

// WHATWG HTML s.4.2.5.3: "5; url='x'", "5,x", "5 x".
std::string_view UrlOfRefresh(std::string_view content) {
  content = TrimC0(content);
  const std::size_t time_end = content.find_first_not_of("0123456789.");
  if (time_end == content.npos) return {};
  content = TrimC0(content.substr(time_end));
  if (content.starts_with(';') || content.starts_with(','))
    content = TrimC0(content.substr(1));
  if (StartsWithIgnoreCase(content, "url")) {
    const std::string_view rest = TrimC0(content.substr(3));
    if (rest.starts_with('=')) content = TrimC0(rest.substr(1));
  }
  if (!content.starts_with('"') && !content.starts_with('\'')) return content;
  const char quote = content[0];
  content.remove_prefix(1);
  return content.substr(0, content.find(quote));
}

}  // namespace postern
