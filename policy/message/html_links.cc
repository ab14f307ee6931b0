// The links of HTML, by the tokenizer of the WHATWG standard (s.13.2.5) without
// its tree. Time is linear: each octet is read once, and once more inside an
// Outlook conditional comment, which Outlook shows and browsers do not.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/links.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLinks = 10'000;
constexpr std::size_t kMaxTextBytes = 2000;
constexpr std::size_t kMaxUrlBytes = 64 * 1024;

// What an octet may end in a tag. A table: most octets of HTML stand in tags.
enum : std::uint8_t { kSpace = 1, kEndsTag = 2, kEndsName = 4, kEndsValue = 8 };
constexpr std::array<std::uint8_t, 256> OctetClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\r', '\f'})
    classes[static_cast<unsigned char>(c)] =
        kSpace | kEndsTag | kEndsName | kEndsValue;
  classes['>'] = kEndsTag | kEndsName | kEndsValue;
  classes['/'] = kEndsTag | kEndsName;
  classes['='] = kEndsName;
  return classes;
}

bool HasClass(char c, std::uint8_t octet_class) {
  static constexpr auto kClasses = OctetClasses();
  return (kClasses[static_cast<unsigned char>(c)] & octet_class) != 0;
}
bool IsSpace(char c) { return HasClass(c, kSpace); }

std::size_t FindClass(std::string_view html, std::size_t at,
                      std::uint8_t octet_class) {
  while (at < html.size() && !HasClass(html[at], octet_class)) ++at;
  return at;
}

bool IsName(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() && EqualsIgnoreCase(name, wanted);
}

template <std::size_t N>
bool IsOneOf(std::string_view name,
             const std::array<std::string_view, N>& names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view n) { return IsName(name, n); });
}

// Elements whose content is no markup (s.13.2.5.1-5).
constexpr std::array<std::string_view, 9> kRawText = {
    "script", "style",   "textarea", "title",    "xmp",
    "iframe", "noembed", "noframes", "plaintext"};
// Elements that part words.
constexpr std::array<std::string_view, 14> kBreaks = {
    "br", "p",  "div", "td", "tr", "table", "li",
    "h1", "h2", "h3",  "h4", "hr", "ul",    "center"};

struct Tag {
  std::string_view name;
  bool is_end = false;
  bool is_self_closing = false;
  std::optional<std::string_view> href, xlink_href;  // as written
};

std::string UrlOf(std::string_view attribute) {
  std::string url = DecodeReferences(Trim(attribute).substr(0, kMaxUrlBytes),
                                     ReferencePlace::kAttribute);
  std::erase_if(url,
                [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return std::string(Trim(url));
}

bool IsRelative(std::string_view url) {
  const std::size_t colon = url.find(':');
  return !url.empty() && url[0] != '#' &&
         url.find_first_of("/?#") <= colon;  // no scheme before it
}

class HtmlScanner {
 public:
  std::vector<Link> Scan(std::string_view html) {
    ScanMarkup(html, Comments::kConditionalToo);
    for (Link& link : links_) Finish(&link);
    return std::move(links_);
  }

 private:
  enum class Comments { kConditionalToo, kSkipped };

  [[nodiscard]] bool is_full() const { return links_.size() == kMaxLinks; }

  void ScanMarkup(std::string_view html, Comments comments) {
    const std::string_view outer = std::exchange(html_, html);
    const std::size_t outer_at = std::exchange(at_, 0);
    while (at_ < html_.size() && !is_full()) {
      const std::size_t open = std::min(html_.find('<', at_), html_.size());
      AddText(html_.substr(at_, open - at_));
      at_ = open;
      if (at_ < html_.size()) ReadMarkup(comments);
    }
    html_ = outer;
    at_ = outer_at;
  }

  // At "<".
  void ReadMarkup(Comments comments) {
    const char next = Ahead(1);
    if (html_.substr(at_, 4) == "<!--") return ReadComment(comments);
    if (IsAlpha(next) || (next == '/' && IsAlpha(Ahead(2)))) return ReadTag();
    if (next == '!' || next == '?' || next == '/') {  // a bogus comment
      at_ = std::min(html_.find('>', at_), html_.size() - 1) + 1;
      return;
    }
    AddText("<");
    ++at_;
  }

  [[nodiscard]] char Ahead(std::size_t count) const {
    return at_ + count < html_.size() ? html_[at_ + count] : '\0';
  }

  // s.13.2.5.43-52: "<!-->" and "<!--->" are whole comments, "--!>" ends one.
  void ReadComment(Comments comments) {
    const std::size_t begin = at_ + 4;
    if (html_.substr(begin, 1) == ">" || html_.substr(begin, 2) == "->") {
      at_ = html_.find('>', begin) + 1;
      return;
    }
    std::size_t end = begin;
    for (;; ++end) {
      end = html_.find("--", end);
      if (end == html_.npos) break;
      if (html_.substr(end + 2, 1) == ">" || html_.substr(end + 2, 2) == "!>")
        break;
    }
    const std::string_view inside =
        html_.substr(begin, end == html_.npos ? end : end - begin);
    at_ = end == html_.npos ? html_.size() : html_.find('>', end) + 1;
    const std::size_t condition_end = inside.find("]>");
    if (comments == Comments::kConditionalToo &&
        StartsWithIgnoreCase(Trim(inside.substr(0, 100)), "[if") &&
        condition_end != inside.npos)
      ScanMarkup(inside.substr(condition_end + 2), Comments::kSkipped);
  }

  void ReadTag() {
    const std::optional<Tag> tag = ParseTag();
    if (!tag) {  // the end of the input inside a tag: no tag
      at_ = html_.size();
      return;
    }
    if (is_open_ && IsOneOf(tag->name, kBreaks)) AddText(" ");
    if (IsName(tag->name, "a") || IsName(tag->name, "area")) TakeLink(*tag);
    if (IsName(tag->name, "base") && base_host_.host.empty() && tag->href)
      base_host_ = HostOfUrl(UrlOf(*tag->href));
    if (IsName(tag->name, "svg") || IsName(tag->name, "math")) {
      if (tag->is_end && foreign_depth_ > 0) --foreign_depth_;
      if (!tag->is_end && !tag->is_self_closing) ++foreign_depth_;
    }
    // In SVG and MathML a title or style holds markup.
    if (!tag->is_end && foreign_depth_ == 0 && IsOneOf(tag->name, kRawText))
      SkipRawText(tag->name);
  }

  // At "<" and a letter, or "</" and a letter; ends behind ">".
  std::optional<Tag> ParseTag() {
    Tag tag;
    ++at_;
    tag.is_end = Ahead(0) == '/';
    if (tag.is_end) ++at_;
    const std::size_t begin = at_;
    at_ = FindClass(html_, at_, kEndsTag);
    tag.name = html_.substr(begin, at_ - begin);
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (c == '>') {
        tag.is_self_closing = html_[at_ - 1] == '/';
        ++at_;
        return tag;
      }
      if (IsSpace(c) || c == '/') {
        ++at_;
      } else {
        ReadAttribute(&tag);
      }
    }
    return std::nullopt;
  }

  void ReadAttribute(Tag* tag) {
    const std::size_t begin = at_;  // a "=" may be a name's first octet
    at_ = FindClass(html_, at_ + 1, kEndsName);
    const std::string_view name = html_.substr(begin, at_ - begin);
    SkipSpace();
    std::string_view value;
    if (Ahead(0) == '=' && at_ < html_.size()) {
      ++at_;
      SkipSpace();
      value = ReadAttributeValue();
    }
    // The first of two attributes of one name counts.
    if (IsName(name, "href") && !tag->href) tag->href = value;
    if (IsName(name, "xlink:href") && !tag->xlink_href) tag->xlink_href = value;
  }

  std::string_view ReadAttributeValue() {
    const char quote = Ahead(0);
    if (quote == '"' || quote == '\'') {
      const std::size_t begin = at_ + 1;
      const std::size_t end = std::min(html_.find(quote, begin), html_.size());
      at_ = std::min(end + 1, html_.size());
      return html_.substr(begin, end - begin);
    }
    const std::size_t begin = at_;
    at_ = FindClass(html_, at_, kEndsValue);
    return html_.substr(begin, at_ - begin);
  }

  void SkipSpace() {
    while (at_ < html_.size() && IsSpace(html_[at_])) ++at_;
  }

  // Up to the end tag of that name, or the end.
  void SkipRawText(std::string_view name) {
    for (;; ++at_) {
      at_ = html_.find("</", at_);
      if (at_ == html_.npos || IsName(name, "plaintext")) break;
      const std::string_view rest = html_.substr(at_ + 2);
      const char next = rest.size() > name.size() ? rest[name.size()] : '\0';
      if (StartsWithIgnoreCase(rest, name) &&
          (IsSpace(next) || next == '/' || next == '>'))
        return;
    }
    at_ = html_.size();
  }

  void TakeLink(const Tag& tag) {
    if (IsName(tag.name, "a"))
      is_open_ = false;  // a new <a> closes the last one
    const auto& href = tag.href ? tag.href : tag.xlink_href;
    if (tag.is_end || !href) return;
    links_.push_back({UrlOf(*href), "", "", false});
    is_open_ = IsName(tag.name, "a");
  }

  void AddText(std::string_view text) {
    if (!is_open_ || text.empty()) return;
    std::string& shown = links_.back().text;
    if (shown.size() >= kMaxTextBytes) return;
    shown += text.substr(0, kMaxTextBytes);
  }

  void Finish(Link* link) const {
    const std::string decoded =
        DecodeReferences(link->text, ReferencePlace::kText);
    link->text.clear();
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      const bool is_nbsp = decoded.compare(i, 2, "\xc2\xa0") == 0;
      const bool is_space = IsSpace(decoded[i]) || is_nbsp;
      if (!is_space) link->text += decoded[i];
      if (is_space && !link->text.empty() && link->text.back() != ' ')
        link->text += ' ';
      if (is_nbsp) ++i;
    }
    if (link->text.ends_with(' ')) link->text.pop_back();
    UrlHost host = HostOfUrl(link->url);
    if (host.host.empty() && IsRelative(link->url)) host = base_host_;
    link->host = host.host;
    link->is_host_numeric = host.is_numeric;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<Link> links_;
  bool is_open_ = false;  // the last link is an <a> that takes text
  int foreign_depth_ = 0;
  UrlHost base_host_;
};

}  // namespace

std::vector<Link> LinksOfHtml(std::string_view html) {
  return HtmlScanner().Scan(html);
}

}  // namespace postern
