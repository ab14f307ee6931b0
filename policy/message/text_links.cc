// Web addresses in plain text, and what a link's visible text claims to be.

#include "policy/message/text_links.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "policy/base/domain.h"
#include "policy/base/public_suffix.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLinks = 10'000;
constexpr std::size_t kMaxUrlBytes = 8 * 1024;
constexpr std::size_t kMaxShownBytes = 2048;

bool EndsUrl(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
         Contains("<>\"`{}|^", {&c, 1});
}

// Punctuation after an address belongs to the sentence.
std::string_view WithoutPunctuation(std::string_view url) {
  while (!url.empty()) {
    const char last = url.back();
    const bool closes = last == ')' && !Contains(url, "(");
    if (!closes && !Contains(".,;:!?'*]", {&last, 1})) break;
    url.remove_suffix(1);
  }
  return url;
}

// Where the scheme before "://" begins; npos: it is not for the web.
std::size_t SchemeBegin(std::string_view text, std::size_t colon) {
  const std::string_view before = text.substr(0, colon);
  if (EndsWithIgnoreCase(before, "https")) return colon - 5;
  if (EndsWithIgnoreCase(before, "http")) return colon - 4;
  return text.npos;
}

// Where the "www" before a dot begins; npos: none, or inside a word.
std::size_t WwwBegin(std::string_view text, std::size_t dot) {
  if (!EndsWithIgnoreCase(text.substr(0, dot), "www")) return text.npos;
  const std::size_t begin = dot - 3;
  const bool is_word =
      begin == 0 || !(IsAlnum(text[begin - 1]) ||
                      Contains("@./-_", text.substr(begin - 1, 1)));
  const bool goes_on = dot + 1 < text.size() && !EndsUrl(text[dot + 1]);
  return is_word && goes_on ? begin : text.npos;
}

// The beginning of the next address at or after from; npos: none.
class Beginnings {
 public:
  explicit Beginnings(std::string_view text) : text_(text) {
    FindScheme(0);
    FindWww(0);
  }

  std::size_t Next(std::size_t from) {
    if (scheme_ < from) FindScheme(from);
    if (www_ < from) FindWww(from);
    return std::min(scheme_, www_);
  }

 private:
  void FindScheme(std::size_t from) {
    for (;;) {
      const std::size_t colon = text_.find("://", from);
      scheme_ = colon == text_.npos ? colon : SchemeBegin(text_, colon);
      if (colon == text_.npos || scheme_ != text_.npos) return;
      from = colon + 3;
    }
  }

  void FindWww(std::size_t from) {
    for (;;) {
      const std::size_t dot = text_.find('.', from);
      www_ = dot == text_.npos ? dot : WwwBegin(text_, dot);
      if (dot == text_.npos || www_ != text_.npos) return;
      from = dot + 1;
    }
  }

  std::string_view text_;
  std::size_t scheme_ = 0, www_ = 0;
};

// A name that is more often a file's than a host's.
bool IsLikeFileName(const Domain& domain) {
  constexpr std::array<std::string_view, 5> kExtensions = {"zip", "mov", "md",
                                                           "sh", "py"};
  const std::vector<std::string_view> labels = domain.Labels();
  return labels.size() == 2 && std::find(kExtensions.begin(), kExtensions.end(),
                                         labels.back()) != kExtensions.end();
}

bool IsHostName(std::string_view text) {
  const std::optional<Domain> domain = Domain::Parse(text);
  return domain && domain->Parent() && HasKnownSuffix(*domain);
}

}  // namespace

std::vector<Link> FirstLinksOfText(std::string_view text, std::size_t most) {
  std::vector<Link> links;
  Beginnings beginnings(text);
  std::size_t at = beginnings.Next(0);
  while (at != text.npos && links.size() < most) {
    std::size_t end = at;
    while (end < text.size() && !EndsUrl(text[end]) && end - at < kMaxUrlBytes)
      ++end;
    const std::string_view url = WithoutPunctuation(text.substr(at, end - at));
    const UrlHost host = HostOfUrl(url);
    if (!host.host.empty())
      links.push_back({std::string(url), "", host.host, host.is_numeric,
                       LinkOrigin::kText, host.scheme, host.port,
                       host.has_userinfo, host.is_oddly_written});
    at = beginnings.Next(end);
  }
  return links;
}

std::vector<Link> LinksOfText(std::string_view text) {
  return FirstLinksOfText(text, kMaxLinks);
}

std::vector<Link> LinksOf(const MimeStructure& structure) {
  std::vector<Link> links;
  for (const MimePart& part : structure.parts) {
    if (part.text.empty()) continue;
    std::vector<Link> found = part.type == "text/html" ? LinksOfHtml(part.text)
                                                       : LinksOfText(part.text);
    found.resize(std::min(found.size(), kMaxLinks - links.size()));
    std::move(found.begin(), found.end(), std::back_inserter(links));
  }
  return links;
}

std::string HostShownByText(std::string_view text) {
  std::string_view shown = Trim(text);
  while (!shown.empty() && Contains("(<[\"'", shown.substr(0, 1)))
    shown.remove_prefix(1);
  shown = shown.substr(0, shown.find_first_of("\"'>"));
  shown = WithoutPunctuation(shown);
  const bool has_space = shown.find_first_of(" \t\r\n") != shown.npos;
  if (shown.empty() || has_space || shown.size() > kMaxShownBytes) return "";
  const bool is_url = StartsWithIgnoreCase(shown, "http://") ||
                      StartsWithIgnoreCase(shown, "https://") ||
                      StartsWithIgnoreCase(shown, "www.");
  if (is_url) {
    const UrlHost host = HostOfUrl(shown);
    return host.is_numeric || IsHostName(host.host) ? host.host : "";
  }
  const std::size_t name_end = shown.find_first_of("/?#:");
  const std::string_view name = shown.substr(0, name_end);
  if (!IsHostName(name) || Contains(name, "@")) return "";
  const Domain domain = *Domain::Parse(name);
  const bool is_bare = name_end == shown.npos;
  return is_bare && IsLikeFileName(domain) ? "" : domain.text();
}

}  // namespace postern
