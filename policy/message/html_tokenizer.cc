#include "policy/message/html_tokenizer.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"

namespace postern {
namespace {

// What an octet may begin or end in a tag. A table: most octets of HTML stand
// in tags.
enum : std::uint8_t {
  kSpace = 1,
  kEndsTag = 2,
  kEndsName = 4,
  kEndsValue = 8,
  kOpensMarkup = 16,  // behind "<"
};

constexpr std::array<std::uint8_t, 256> OctetClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\r', '\f'})
    classes[static_cast<unsigned char>(c)] =
        kSpace | kEndsTag | kEndsName | kEndsValue;
  classes['>'] = kEndsTag | kEndsName | kEndsValue;
  classes['/'] = kEndsTag | kEndsName;
  classes['='] = kEndsName;
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    classes[c] = classes[c - 'a' + 'A'] = kOpensMarkup;
  classes['!'] = classes['?'] = kOpensMarkup;
  return classes;
}

bool HasClass(char c, std::uint8_t octet_class) {
  static constexpr auto kClasses = OctetClasses();
  return (kClasses[static_cast<unsigned char>(c)] & octet_class) != 0;
}

std::size_t FindClass(std::string_view html, std::size_t at,
                      std::uint8_t octet_class) {
  while (at < html.size() && !HasClass(html[at], octet_class)) ++at;
  return at;
}

std::size_t FindOrEnd(std::string_view html, char c, std::size_t from) {
  return std::min(html.find(c, from), html.size());
}

}  // namespace

HtmlContent ContentOf(HtmlName element) {
  switch (element) {
    case NameOf("title"):
    case NameOf("textarea"):
      return HtmlContent::kRcdata;
    case NameOf("style"):
    case NameOf("xmp"):
    case NameOf("iframe"):
    case NameOf("noembed"):
    case NameOf("noframes"):
      return HtmlContent::kRawtext;
    case NameOf("script"):
      return HtmlContent::kScript;
    case NameOf("plaintext"):
      return HtmlContent::kPlaintext;
    default:
      return HtmlContent::kData;
  }
}

HtmlStep HtmlTokenizer::Next() {
  if (is_in_tag_) return InTag();
  begin_ = at_;
  if (at_ >= html_.size()) return End();
  if (content_ != HtmlContent::kData) return RawText();
  if (OpensMarkup(at_)) return Markup();
  std::size_t end = at_ + 1;  // a "<" that opens nothing is text
  while (end < html_.size() && !OpensMarkup(end))
    if (At(++end) != '<') end = FindOrEnd(html_, '<', end);
  return Text(end, true);
}

// s.13.2.5.6-7.
bool HtmlTokenizer::OpensMarkup(std::size_t at) const {
  if (html_[at] != '<') return false;
  const char next = At(at + 1);
  return HasClass(next, kOpensMarkup) || (next == '/' && at + 2 < html_.size());
}

HtmlStep HtmlTokenizer::Text(std::size_t end, bool has_references) {
  text_ = html_.substr(begin_, end - begin_);
  has_references_ = has_references;
  at_ = end;
  return HtmlStep::kText;
}

HtmlStep HtmlTokenizer::End() {
  at_ = html_.size();
  is_in_tag_ = false;
  return HtmlStep::kEnd;
}

HtmlStep HtmlTokenizer::RawText() {
  const bool has_references = content_ == HtmlContent::kRcdata;
  const std::size_t end = content_ == HtmlContent::kPlaintext ? html_.size()
                          : content_ == HtmlContent::kScript  ? ScriptEnd()
                                                              : RawEnd();
  content_ = HtmlContent::kData;
  return end == begin_ ? Next() : Text(end, has_references);
}

// At the octet behind "<" or "</".
bool HtmlTokenizer::IsTagName(std::size_t at, std::string_view name) const {
  const std::size_t end = at + name.size();
  return end < html_.size() && HasClass(html_[end], kEndsTag) &&
         EqualsIgnoreCase(html_.substr(at, name.size()), name);
}

std::size_t HtmlTokenizer::RawEnd() const {
  for (std::size_t at = at_;; at += 2) {
    at = html_.find("</", at);
    if (at == html_.npos) return html_.size();
    if (IsTagName(at + 2, raw_name_)) return at;
  }
}

// s.13.2.5.15-31: inside "<!-- <script> ... -->" an end tag ends no script.
std::size_t HtmlTokenizer::ScriptEnd() const {
  enum class Escape { kNone, kSingle, kDouble } escape = Escape::kNone;
  for (std::size_t at = at_; at < html_.size(); ++at) {
    const char c = html_[at];
    if (c == '-' && escape != Escape::kNone && html_.substr(at, 3) == "-->")
      escape = Escape::kNone;
    if (c != '<') continue;
    const bool is_end = At(at + 1) == '/';
    if (is_end && escape != Escape::kDouble && IsTagName(at + 2, raw_name_))
      return at;
    if (is_end && escape == Escape::kDouble && IsTagName(at + 2, "script"))
      escape = Escape::kSingle;
    else if (escape == Escape::kSingle && IsTagName(at + 1, "script"))
      escape = Escape::kDouble;
    else if (escape == Escape::kNone && html_.substr(at, 4) == "<!--") {
      escape = Escape::kSingle;
      ++at;  // its dashes may already belong to "-->"
    }
  }
  return html_.size();
}

// At "<", and OpensMarkup.
HtmlStep HtmlTokenizer::Markup() {
  const char next = At(at_ + 1);
  if (next == '!') return Declaration();
  if (next == '?') return BogusComment(at_ + 1);
  if (next == '/') return EndTag();
  const std::size_t name_begin = at_ + 1;
  at_ = FindClass(html_, name_begin, kEndsTag);
  name_ = html_.substr(name_begin, at_ - name_begin);
  is_in_tag_ = true;
  return HtmlStep::kStartTag;
}

HtmlStep HtmlTokenizer::EndTag() {
  const std::size_t name_begin = at_ + 2;
  if (html_[name_begin] == '>') {  // s.13.2.5.7: "</>" is nothing
    at_ = name_begin + 1;
    return Next();
  }
  if (!IsAlpha(html_[name_begin])) return BogusComment(name_begin);
  at_ = FindClass(html_, name_begin, kEndsTag);
  const std::string_view name = html_.substr(name_begin, at_ - name_begin);
  is_in_tag_ = true;
  for (HtmlStep step = InTag(); step != HtmlStep::kTagEnd; step = InTag())
    if (step == HtmlStep::kEnd) return step;
  name_ = name;
  return HtmlStep::kEndTag;
}

// At "<!".
HtmlStep HtmlTokenizer::Declaration() {
  const std::string_view rest = html_.substr(at_ + 2);
  if (rest.starts_with("--")) return Comment(at_ + 4);
  if (is_cdata_allowed_ && rest.starts_with("[CDATA[")) return Cdata();
  if (!StartsWithIgnoreCase(rest, "doctype")) return BogusComment(at_ + 2);
  // s.13.2.5.53-68: whatever is in it, the first ">" ends it.
  const std::size_t end = FindOrEnd(html_, '>', at_);
  text_ = html_.substr(at_ + 9, end - at_ - 9);
  at_ = std::min(end + 1, html_.size());
  return HtmlStep::kDoctype;
}

// s.13.2.5.43-52: "<!-->" and "<!--->" are whole, "--!>" ends one too.
HtmlStep HtmlTokenizer::Comment(std::size_t text_begin) {
  text_ = {};
  for (const std::string_view empty : {">", "->"}) {
    if (!html_.substr(text_begin).starts_with(empty)) continue;
    at_ = text_begin + empty.size();
    return HtmlStep::kComment;
  }
  for (std::size_t end = text_begin;; ++end) {
    end = html_.find("--", end);
    if (end == html_.npos) break;
    const std::size_t mark = At(end + 2) == '!' ? end + 3 : end + 2;
    if (At(mark) != '>') continue;
    text_ = html_.substr(text_begin, end - text_begin);
    at_ = mark + 1;
    return HtmlStep::kComment;
  }
  // At the end of the input a beginning of the end is no text.
  at_ = html_.size();
  text_ = html_.substr(text_begin);
  for (const std::string_view tail : {"--!", "--", "-"}) {
    if (!text_.ends_with(tail)) continue;
    text_.remove_suffix(tail.size());
    break;
  }
  return HtmlStep::kComment;
}

HtmlStep HtmlTokenizer::BogusComment(std::size_t text_begin) {
  const std::size_t end = FindOrEnd(html_, '>', text_begin);
  text_ = html_.substr(text_begin, end - text_begin);
  at_ = std::min(end + 1, html_.size());
  return HtmlStep::kComment;
}

HtmlStep HtmlTokenizer::Cdata() {
  begin_ = at_ + 9;
  const std::size_t end = std::min(html_.find("]]>", begin_), html_.size());
  Text(end, false);
  at_ = std::min(end + 3, html_.size());
  return text_.empty() ? Next() : HtmlStep::kText;
}

void HtmlTokenizer::SkipSpace() {
  while (at_ < html_.size() && HasClass(html_[at_], kSpace)) ++at_;
}

// s.13.2.5.32, 40.
HtmlStep HtmlTokenizer::InTag() {
  bool is_slash = false;
  for (; at_ < html_.size(); ++at_) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      is_in_tag_ = false;
      is_self_closing_ = is_slash;
      return HtmlStep::kTagEnd;
    }
    is_slash = c == '/';
    if (!is_slash && !HasClass(c, kSpace)) return Attribute();
  }
  return End();
}

// s.13.2.5.33-39.
HtmlStep HtmlTokenizer::Attribute() {
  const std::size_t name_begin = at_;  // a "=" may be a name's first octet
  at_ = FindClass(html_, at_ + 1, kEndsName);
  name_ = html_.substr(name_begin, at_ - name_begin);
  text_ = {};
  const std::size_t name_end = at_;
  SkipSpace();
  if (At(at_) == '=') {
    ++at_;
    SkipSpace();
    AttributeValue();
  } else {
    at_ = name_end;  // a "/" counts only beside ">"
  }
  return at_ < html_.size() ? HtmlStep::kAttribute : End();
}

void HtmlTokenizer::AttributeValue() {
  const char quote = At(at_);
  const bool is_quoted = quote == '"' || quote == '\'';
  const std::size_t value_begin = at_ + (is_quoted ? 1 : 0);
  const std::size_t end = is_quoted ? FindOrEnd(html_, quote, value_begin)
                                    : FindClass(html_, value_begin, kEndsValue);
  if (value_begin <= html_.size())
    text_ = html_.substr(value_begin, end - value_begin);
  at_ = std::min(end + (is_quoted ? 1 : 0), html_.size());
}

}  // namespace postern
