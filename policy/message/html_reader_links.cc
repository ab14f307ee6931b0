// Which attributes of which elements lead somewhere.

#include <utility>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/html_reader.h"

namespace postern {

using enum HtmlAttribute;

namespace {

// What the host in an address takes, in steps: names of other scripts, written
// in whatever way, take ICU.
std::size_t StepsFor(std::string_view url) {
  constexpr std::size_t kAny = 8, kOtherScript = 24, kBytesPerStep = 16;
  const bool may_be_other = !IsAscii(url) || Contains(url, "%") ||
                            Contains(url, "xn--") || Contains(url, "XN--");
  return (may_be_other ? kOtherScript : kAny) + url.size() / kBytesPerStep;
}

}  // namespace

void HtmlReader::AddLink(std::size_t place, std::string url,
                         LinkOrigin origin) {
  Charge(StepsFor(url));
  links_.Add(place, std::move(url),
             is_in_comment_ ? LinkOrigin::kComment : origin);
}

void HtmlReader::Add(HtmlAttribute attribute, LinkOrigin origin,
                     std::size_t place) {
  if (!attributes_.Has(attribute)) return;
  std::string url = UrlOf(attributes_[attribute]);
  if (url.empty() && origin != LinkOrigin::kHref) return;
  AddLink(place, std::move(url), origin);
}

void HtmlReader::AddLinks(HtmlName element, std::size_t place) {
  AddHref(element, place);
  AddSources(element, place);
  if (element == KnownName("form")) Add(kAction, LinkOrigin::kForm, place);
  Add(kFormaction, LinkOrigin::kForm, place);
  if (element == KnownName("meta") &&
      EqualsIgnoreCase(Trim(attributes_[kHttpEquiv]), "refresh")) {
    std::string url = UrlOf(UrlOfRefresh(attributes_[kContent]));
    if (!url.empty()) AddLink(place, std::move(url), LinkOrigin::kHref);
  }
  if (Contains(attributes_[kStyle], "(")) AddCss(attributes_[kStyle], place);
}

void HtmlReader::AddHref(HtmlName element, std::size_t place) {
  const HtmlAttribute href =
      attributes_.Has(kHref) ? HtmlAttribute::kHref : kXlinkHref;
  if (!attributes_.Has(href)) return;
  const std::size_t index = links_.size();
  const bool is_vml = StartsWithIgnoreCase(tag_, "v:");
  if (element == KnownName("a") || element == KnownName("area") || is_vml)
    Add(href, LinkOrigin::kHref, place);
  else if (element == KnownName("base"))
    links_.SetBase(UrlOf(attributes_[kHref]));
  else if (element == KnownName("link") || href == kXlinkHref ||
           element == KnownName("svg") || element == KnownName("math") ||
           // Whether <annotation-xml> holds HTML there depends on more than
           // its name; in doubt it is a link.
           elements_.is_within_foreign())
    Add(href, LinkOrigin::kSource, place);
  if (element == KnownName("a") && links_.size() > index)
    open_link_ = {.index = index, .begins = Sizes()};
}

void HtmlReader::AddSources(HtmlName element, std::size_t place) {
  for (const HtmlAttribute source :
       {kSrc, kLowsrc, kDynsrc, kPoster, kBackground})
    Add(source, LinkOrigin::kSource, place);
  if (element == KnownName("object")) Add(kData, LinkOrigin::kSource, place);
  if (!attributes_.Has(kSrcset)) return;
  for (const std::string_view url : UrlsOfSrcset(attributes_[kSrcset]))
    AddLink(place, UrlOf(url), LinkOrigin::kSource);
}

void HtmlReader::AddCss(std::string_view css, std::size_t place) {
  const std::string decoded =
      raw_element_ == 0 && Contains(css, "&") ? ValueOf(css) : std::string();
  if (!decoded.empty()) css = decoded;
  for (const std::string& url : UrlsOfCss(css))
    AddLink(place, UrlOf(url), LinkOrigin::kCss);
}

}  // namespace postern
