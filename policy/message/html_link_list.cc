#include "policy/message/html_link_list.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/html.h"

namespace postern {
namespace {

constexpr std::size_t kMaxTextBytes = 2000;

bool IsRelative(std::string_view url) {
  const std::size_t colon = url.find(':');
  return !url.empty() && url[0] != '#' &&
         url.find_first_of("/?#") <= colon;  // no scheme before it
}

// The bare octets of UTF-8 behind a cut in a character.
std::string_view CutAt(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  return text.substr(0, size);
}

}  // namespace

bool HtmlLinkList::is_full() const {
  return links_.size() >= HtmlFacts::kMaxLinks;
}

void HtmlLinkList::Add(std::size_t place, std::string url, LinkOrigin origin) {
  if (is_full()) return;
  links_.push_back({.url = std::move(url), .origin = origin});
  places_.push_back(place);
}

void HtmlLinkList::SetText(std::size_t index, std::string_view text) {
  std::string& shown = links_[index].text;
  shown = Trim(CutAt(Trim(text), kMaxTextBytes));
  std::replace(shown.begin(), shown.end(), '\n', ' ');
}

void HtmlLinkList::SetBase(std::string_view url) {
  if (has_base_) return;
  has_base_ = true;
  base_ = HostOfUrl(url);
}

void HtmlLinkList::Merge(HtmlLinkList other) {
  const std::unordered_set<std::size_t> known(places_.begin(), places_.end());
  for (std::size_t i = 0; i < other.links_.size() && !is_full(); ++i) {
    if (known.contains(other.places_[i])) continue;
    links_.push_back(std::move(other.links_[i]));
    places_.push_back(other.places_[i]);
  }
}

std::vector<Link> HtmlLinkList::Take() {
  for (Link& link : links_) {
    UrlHost host = HostOfUrl(link.url);
    if (host.host.empty() && IsRelative(link.url)) host = base_;
    link.host = std::move(host.host);
    link.is_host_numeric = host.is_numeric;
    link.scheme = std::move(host.scheme);
    link.port = host.port;
    link.has_userinfo = host.has_userinfo;
    link.is_oddly_written = host.is_oddly_written;
  }
  return std::move(links_);
}

}  // namespace postern
