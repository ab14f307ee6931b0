// Which attributes of which elements lead somewhere.

#include <utility>

#include "policy/base/text.h"
#include "policy/message/html_reader.h"

namespace postern {

using enum HtmlAttribute;

void HtmlReader::Add(HtmlAttribute attribute, LinkOrigin origin,
                     std::size_t place) {
  if (!attributes_.Has(attribute)) return;
  std::string url = UrlOf(attributes_[attribute]);
  if (url.empty() && origin != LinkOrigin::kHref) return;
  links_.Add(place, std::move(url),
             is_in_comment_ ? LinkOrigin::kComment : origin);
}

void HtmlReader::AddLinks(HtmlName element, std::size_t place) {
  AddHref(element, place);
  AddSources(element, place);
  if (element == NameOf("form")) Add(kAction, LinkOrigin::kForm, place);
  Add(kFormaction, LinkOrigin::kForm, place);
  if (element == NameOf("meta") &&
      EqualsIgnoreCase(Trim(attributes_[kHttpEquiv]), "refresh")) {
    std::string url = UrlOf(UrlOfRefresh(attributes_[kContent]));
    if (!url.empty()) links_.Add(place, std::move(url), LinkOrigin::kHref);
  }
  if (Contains(attributes_[kStyle], "(")) AddCss(attributes_[kStyle], place);
}

void HtmlReader::AddHref(HtmlName element, std::size_t place) {
  const HtmlAttribute href =
      attributes_.Has(kHref) ? HtmlAttribute::kHref : kXlinkHref;
  if (!attributes_.Has(href)) return;
  const std::size_t index = links_.size();
  const bool is_vml = StartsWithIgnoreCase(tag_, "v:");
  if (element == NameOf("a") || element == NameOf("area") || is_vml)
    Add(href, LinkOrigin::kHref, place);
  else if (element == NameOf("base"))
    links_.SetBase(UrlOf(attributes_[kHref]));
  else if (element == NameOf("link") || href == kXlinkHref ||
           element == NameOf("svg") || element == NameOf("math") ||
           elements_.is_foreign())
    Add(href, LinkOrigin::kSource, place);
  if (element == NameOf("a") && links_.size() > index)
    open_link_ = {.index = index, .begins = Sizes()};
}

void HtmlReader::AddSources(HtmlName element, std::size_t place) {
  for (const HtmlAttribute source :
       {kSrc, kLowsrc, kDynsrc, kPoster, kBackground})
    Add(source, LinkOrigin::kSource, place);
  if (element == NameOf("object")) Add(kData, LinkOrigin::kSource, place);
  if (!attributes_.Has(kSrcset)) return;
  for (const std::string_view url : UrlsOfSrcset(attributes_[kSrcset]))
    links_.Add(place, UrlOf(url),
               is_in_comment_ ? LinkOrigin::kComment : LinkOrigin::kSource);
}

void HtmlReader::AddCss(std::string_view css, std::size_t place) {
  const std::string decoded =
      raw_element_ == 0 && Contains(css, "&") ? ValueOf(css) : std::string();
  if (!decoded.empty()) css = decoded;
  for (const std::string& url : UrlsOfCss(css))
    links_.Add(place, UrlOf(url),
               is_in_comment_ ? LinkOrigin::kComment : LinkOrigin::kCss);
}

}  // namespace postern
