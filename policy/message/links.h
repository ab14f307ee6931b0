// Links: every address a reader could be led to, with the text shown for it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/mime.h"

namespace postern {

// Where an address was found.
enum class LinkOrigin {
  kHref,             // what a reader can follow
  kSource,           // what is fetched: images, style sheets, frames
  kText,             // written out in text
  kComment,          // in a conditional comment, which Outlook shows
  kCss,              // url() of a style
  kForm,             // where a form is sent
  kListUnsubscribe,  // of the header
};

struct Link {
  std::string url;  // as written, entities decoded, TAB, CR and LF removed
  std::string
      text;  // the visible text of <a>…</a>, white space folded; else ""
  std::string host;  // lower-case A-labels or an IP literal; "" when none
  bool is_host_numeric = false;  // IPv4 in any notation, or IPv6
  LinkOrigin origin = LinkOrigin::kHref;
  std::string scheme;             // lower case; "" when none, or no URL
  std::uint16_t port = 0;         // 0: the scheme's own
  bool has_userinfo = false;      // "https://user@host/"
  bool is_oddly_written = false;  // backslashes, odd slashes, escapes in host
  bool operator==(const Link&) const = default;
};

// From HTML, as ReadHtml (html.h) finds them; at most 10,000.
[[nodiscard]] std::vector<Link> LinksOfHtml(std::string_view html);
// From plain text: http:, https: and www. words.
[[nodiscard]] std::vector<Link> LinksOfText(std::string_view text);
// From all text parts.
[[nodiscard]] std::vector<Link> LinksOf(const MimeStructure& structure);

// Where a URL leads by the WHATWG rules (url.h): "www." and "//" begin one
// too. No host: of a scheme without one, or browsers refuse it.
struct UrlHost {
  std::string host;
  bool is_numeric = false;
  // The others are Link's; empty where the URL is none.
  std::string scheme;
  std::uint16_t port = 0;
  bool has_userinfo = false;
  bool is_oddly_written = false;
};
[[nodiscard]] UrlHost HostOfUrl(std::string_view url);

// When the visible text is itself a web address or host name, its host.
[[nodiscard]] std::string HostShownByText(std::string_view text);

}  // namespace postern
