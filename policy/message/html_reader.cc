#include "policy/message/html_reader.h"

#include <algorithm>
#include <functional>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/charset.h"
#include "policy/message/text_links.h"

namespace postern {
namespace {

using enum HtmlAttribute;

constexpr std::size_t kMaxSampleBytes = 80;

constexpr std::size_t kMaxStyleBytes = 64 * 1024;  // of one style attribute

// How much takes as long as one step (html_bench).
constexpr std::size_t kElementsPerStep = 32;
constexpr std::size_t kCssBytesPerStep = 4;
constexpr std::size_t kWideBytesPerStep = 6;
constexpr std::size_t kStepsPerReference = 4;
constexpr std::size_t kStepsPerTextLink = 32;
// Found in text even when there is no time left for more.
constexpr std::size_t kLeastTextLinks = 1000;

std::size_t StepsFor(std::string_view text) {
  const auto references =
      static_cast<std::size_t>(std::ranges::count(text, '&'));
  return references * kStepsPerReference +
         (IsAscii(text) ? 0 : text.size() / kWideBytesPerStep);
}

bool IsTiny(std::string_view length) {
  return length == "0" || length == "1" || length == "2" || length == "1px";
}

}  // namespace

void HtmlReader::Read(std::string_view html) {
  Walk(html, 0);
  CloseLink();
  if (may_mislead_ && !has_doubt_) has_doubt_ = Contains(html, "<![CDATA[");
}

void HtmlReader::Walk(std::string_view html, std::size_t offset) {
  HtmlTokenizer tokens(html);
  for (;;) {
    if (steps_left_ == 0 || links_.is_full()) {
      facts_.is_over_limit = true;
      return;
    }
    --steps_left_;
    if (may_mislead_)
      tokens.AllowCdata(elements_.is_foreign_itself() ==
                        (reading_ == Reading::kLikely));
    const HtmlStep step = tokens.Next();
    if (step == HtmlStep::kEnd) return;
    switch (step) {
      case HtmlStep::kText:
        OnText(tokens);
        break;
      case HtmlStep::kStartTag:
        tag_ = tokens.name();
        attributes_.Clear();
        break;
      case HtmlStep::kAttribute:
        attributes_.Add(tokens.name(), tokens.text());
        break;
      case HtmlStep::kTagEnd:
        OnStartTag(offset + tokens.begin(), &tokens);
        break;
      case HtmlStep::kEndTag:
        OnEndTag(tokens.name());
        break;
      case HtmlStep::kComment:
        OnComment(tokens.text(), offset + tokens.begin());
        break;
      case HtmlStep::kDoctype:
      case HtmlStep::kEnd:
        break;
    }
  }
}

void HtmlReader::OnText(const HtmlTokenizer& tokens) {
  switch (std::exchange(raw_element_, 0)) {
    case NameOf("style"):
      return ReadStyleElement(tokens.text());
    case NameOf("title"):
    case NameOf("script"):
    case NameOf("iframe"):
    case NameOf("noembed"):
    case NameOf("noframes"):
      return;
    default:
      ShowText(tokens.text(), tokens.has_references());
  }
}

void HtmlReader::OnStartTag(std::size_t place, HtmlTokenizer* tokens) {
  raw_element_ = 0;
  if (attributes_.Shorten(kStyle, kMaxStyleBytes)) facts_.is_over_limit = true;
  const HtmlName element = NameOf(tag_);
  const ElementTraits traits = TraitsOf(element);
  if (!is_in_comment_) elements_.MakeRoomFor(element, traits);
  Part(element, traits);
  Count(element);
  if (element == KnownName("a")) CloseLink();  // a new <a> closes the last one
  if (!attributes_.is_empty()) AddLinks(element, place);
  const bool is_alone =
      elements_.is_foreign() ? tokens->is_self_closing() : traits.is_void;
  if (!is_in_comment_ && !is_alone) OpenElement(element, traits);
  EnterContent(element, tokens);
}

void HtmlReader::OnEndTag(std::string_view name) {
  raw_element_ = 0;
  const HtmlName element = NameOf(name);
  Part(element, TraitsOf(element));
  if (element == KnownName("a")) CloseLink();
  if (element == KnownName("select")) is_in_select_ = false;
  if (!is_in_comment_) Charge(elements_.Close(element) / kElementsPerStep);
}

// Outlook shows what stands in "<!--[if mso]> ... <![endif]-->".
void HtmlReader::OnComment(std::string_view text, std::size_t offset) {
  raw_element_ = 0;
  const std::size_t begin = text.find("]>");
  if (is_in_comment_ || begin == text.npos ||
      !StartsWithIgnoreCase(Trim(text.substr(0, 100)), "[if"))
    return;
  is_in_comment_ = true;
  const std::optional<OpenLink> outer = std::exchange(open_link_, std::nullopt);
  Walk(text.substr(begin + 2), offset + begin + 2);
  CloseLink();
  open_link_ = outer;
  raw_element_ = 0;
  is_in_comment_ = false;
}

void HtmlReader::ShowText(std::string_view text, bool has_references) {
  if (text.size() > text_left_) {
    facts_.is_over_limit = true;
    text = text.substr(0, text_left_);
  }
  text_left_ -= text.size();
  Charge(StepsFor(text));
  std::string decoded;
  if (has_references && Contains(text, "&")) {
    decoded = DecodeReferences(text, ReferencePlace::kText);
    text = decoded;
  }
  const HiddenBy how = elements_.hidden_by();
  if (is_in_comment_) return comment_.Add(text);
  if (how == HiddenBy::kNothing) return visible_.Add(text);
  Hide(text, how);
}

void HtmlReader::Hide(std::string_view text, HiddenBy how) {
  hidden_.Add(text);
  const std::size_t shown = CountShown(text);
  if (shown == 0) return;
  HiddenText& hidden = facts_.hidden;
  const bool is_before = visible_.text().empty();
  (is_before ? hidden.before : hidden.after) += shown;
  const bool counts = !is_before || hidden.before > HiddenText::kPreheader;
  if (!counts || hidden.how != HiddenBy::kNothing) return;
  hidden.how = how;
  hidden.sample = Trim(text).substr(0, kMaxSampleBytes);
}

void HtmlReader::ReadStyleElement(std::string_view css) {
  if (css.size() > text_left_) {
    facts_.is_over_limit = true;
    css = css.substr(0, text_left_);
  }
  text_left_ -= css.size();
  Charge(css.size() / kCssBytesPerStep);
  if (!is_in_comment_) sheet_.Add(css);
  AddCss(css, 0);
}

void HtmlReader::Part(HtmlName element, const ElementTraits& traits) {
  FoldedText& text = is_in_comment_ ? comment_ : visible_;
  if (traits.is_block) {
    text.Line();
    if (!is_in_comment_) hidden_.Line();
  } else if (element == KnownName("td") || element == KnownName("th")) {
    text.Space();
  }
}

void HtmlReader::Count(HtmlName element) {
  switch (element) {
    case NameOf("img"):
    case NameOf("image"):
    case NameOf("v:imagedata"):
      if (is_in_comment_ || IsTiny(attributes_[kWidth]) ||
          IsTiny(attributes_[kHeight]))
        break;
      ++facts_.images;
      if (!Trim(attributes_[kAlt]).empty()) ++facts_.images_with_alt;
      break;
    case NameOf("script"):
      ++facts_.scripts;
      break;
    case NameOf("iframe"):
    case NameOf("frame"):
      ++facts_.frames;
      break;
    case NameOf("object"):
    case NameOf("embed"):
    case NameOf("applet"):
      ++facts_.objects;
      break;
    case NameOf("form"):
      ++facts_.forms;
      break;
    case NameOf("meta"):
      if (EqualsIgnoreCase(Trim(attributes_[kHttpEquiv]), "refresh"))
        ++facts_.refreshes;
      break;
    case NameOf("base"):
      if (attributes_.Has(kHref)) ++facts_.bases;
      break;
    default:
      break;
  }
}

void HtmlReader::OpenElement(HtmlName element, const ElementTraits& traits) {
  if (attributes_.is_empty() && sheet_.is_empty())
    return elements_.Open(element, traits, elements_.look());
  const Style style = StyleOfTag();
  Look look = elements_.look().Inside(style);
  const bool is_unread = sheet_.has_unread_background() && !style.background;
  if (is_unread || attributes_.Has(kBackground)) look.ForgetBackground();
  elements_.Open(element, traits, look);
}

Style HtmlReader::StyleOfTag() {
  Style style;
  if (attributes_.Has(kBgcolor))
    style.background = ParseLegacyColor(attributes_[kBgcolor]);
  if (attributes_.Has(kColor))
    style.color = ParseLegacyColor(attributes_[kColor]);
  if (attributes_.Has(kHidden)) style.is_displayed = false;
  if (!sheet_.is_empty())
    style.Overlay(
        sheet_.StyleOf({tag_, attributes_[kClass], attributes_[kId]}));
  if (attributes_.Has(kStyle)) style.Overlay(InlineStyle(attributes_[kStyle]));
  return style;
}

const Style& HtmlReader::InlineStyle(std::string_view text) {
  const std::size_t place =
      std::hash<std::string_view>()(text) % styles_.size();
  Remembered& remembered = styles_[place];
  if (remembered.text.data() != nullptr && remembered.text == text)
    return remembered.style;
  Charge(text.size() / kCssBytesPerStep);
  remembered = {
      text, Contains(text, "&") ? ParseStyle(ValueOf(text)) : ParseStyle(text)};
  return remembered.style;
}

void HtmlReader::EnterContent(HtmlName element, HtmlTokenizer* tokens) {
  if (element == KnownName("svg") || element == KnownName("math") ||
      element == KnownName("select"))
    may_mislead_ = true;
  if (element == KnownName("select")) is_in_select_ = !is_in_select_;
  if (element == KnownName("input") || element == KnownName("textarea"))
    is_in_select_ = false;
  const HtmlContent content = ContentOf(element);
  if (content == HtmlContent::kData) return;
  // Of SVG's own elements none is raw; in <select> other elements are ignored.
  bool is_raw = !elements_.is_foreign_itself() &&
                (!is_in_select_ || content == HtmlContent::kScript);
  if (may_mislead_) {
    has_doubt_ = true;
    if (reading_ == Reading::kOther) is_raw = !is_raw;
  }
  if (!is_raw) return;
  raw_element_ = element;
  tokens->Enter(content, tag_);
}

std::array<std::size_t, 3> HtmlReader::Sizes() const {
  return {visible_.text().size(), hidden_.text().size(),
          comment_.text().size()};
}

void HtmlReader::CloseLink() {
  if (!open_link_) return;
  const OpenLink link = *std::exchange(open_link_, std::nullopt);
  const auto text = [&link](const FoldedText& all, std::size_t i) {
    return std::string_view(all.text()).substr(link.begins[i]);
  };
  const std::string_view shown = text(visible_, 0);
  if (is_in_comment_) {
    links_.SetText(link.index, text(comment_, 2));
  } else if (!shown.empty()) {
    links_.SetText(link.index, shown);
    link_texts_.emplace_back(link.begins[0], visible_.text().size());
  } else {
    links_.SetText(link.index, text(hidden_, 1));
  }
}

void HtmlReader::AddWrittenOut() {
  const std::string_view text = visible_.text();
  std::vector<Link>& links = facts_.links;
  const std::size_t most =
      std::min(HtmlFacts::kMaxLinks,
               links.size() +
                   std::max(kLeastTextLinks, steps_left_ / kStepsPerTextLink));
  std::size_t at = 0;
  const auto take = [&](std::size_t end) {
    for (Link& link :
         FirstLinksOfText(text.substr(at, end - at), most - links.size()))
      links.push_back(std::move(link));
  };
  for (const auto& [begin, end] : link_texts_) {
    take(begin);
    at = end;
  }
  take(text.size());
  if (links.size() == most) facts_.is_over_limit = true;
}

void HtmlReader::Merge(HtmlReader other) {
  links_.Merge(std::move(other.links_));
  facts_.is_over_limit |= other.facts_.is_over_limit;
}

HtmlFacts HtmlReader::TakeFacts() {
  facts_.links = links_.Take();
  AddWrittenOut();
  facts_.obfuscation = ObfuscationOf(visible_.text());
  facts_.text = visible_.Take();
  return std::move(facts_);
}

HtmlFacts ReadHtml(std::string_view html) {
  HtmlReader reader(HtmlReader::Reading::kLikely, HtmlFacts::kMaxSteps);
  reader.Read(html);
  std::size_t steps_left = reader.steps_left();
  if (reader.has_doubt()) {
    HtmlReader other(HtmlReader::Reading::kOther, steps_left);
    other.Read(html);
    steps_left = other.steps_left();
    reader.Merge(std::move(other));
  }
  HtmlFacts facts = reader.TakeFacts();
  facts.steps = HtmlFacts::kMaxSteps - steps_left;
  return facts;
}

std::size_t HtmlFacts::bytes() const {
  std::size_t bytes = sizeof(HtmlFacts) + text.capacity() +
                      links.capacity() * sizeof(Link) +
                      hidden.sample.capacity() + obfuscation.sample.capacity();
  for (const Link& link : links)
    bytes += link.url.capacity() + link.text.capacity() + link.host.capacity() +
             link.scheme.capacity();
  return bytes;
}

std::vector<Link> LinksOfHtml(std::string_view html) {
  return ReadHtml(html).links;
}

}  // namespace postern
