#include "policy/remedies/html_rewriter.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/html.h"
#include "policy/message/html_attributes.h"
#include "policy/message/html_elements.h"
#include "policy/message/html_names.h"
#include "policy/message/html_style.h"
#include "policy/message/html_tokenizer.h"
#include "policy/message/visible_text.h"
#include "policy/remedies/splices.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

struct Attribute {
  std::string_view name, value;
  std::size_t begin = 0, end = 0;  // white space before it included
};

// A piece of text that one of the wishes may be about.
struct Piece {
  std::string_view written;
  std::string shown;
};

bool IsActive(HtmlName element) {
  switch (element) {
    case NameOf("script"):
    case NameOf("iframe"):
    case NameOf("frame"):
    case NameOf("object"):
    case NameOf("embed"):
    case NameOf("applet"):
    case NameOf("form"):
      return true;
    default:
      return false;
  }
}

std::string Shown(const HtmlTokenizer& tokens) {
  return tokens.has_references()
             ? DecodeReferences(tokens.text(), ReferencePlace::kText)
             : std::string(tokens.text());
}

// As the reader of HTML folds the text of a link.
std::string Folded(const std::vector<Piece>& pieces) {
  FoldedText folded;
  for (const Piece& piece : pieces) folded.Add(piece.shown);
  std::string text = folded.Take();
  std::ranges::replace(text, '\n', ' ');
  return std::string(Trim(text));
}

class Rewriting {
 public:
  Rewriting(std::string_view html, const HtmlWishes& wishes)
      : html_(html), wishes_(wishes) {}

  std::string Run() {
    Walk(html_);
    CloseLink();
    RemoveHidden();
    const bool is_doubtful =
        has_doubt_ || (may_mislead_ && Contains(html_, "<![CDATA["));
    return is_doubtful ? std::string(html_) : splices_.Apply(html_);
  }

 private:
  void Walk(std::string_view html) {
    HtmlTokenizer tokens(html);
    std::size_t last_end = At(html.data());
    for (;;) {
      const HtmlStep step = tokens.Next();
      const std::size_t end = At(html.data()) + tokens.end();
      switch (step) {
        case HtmlStep::kEnd:
          if (removed_from_) Cut(*std::exchange(removed_from_, {}), end);
          return;
        case HtmlStep::kText:
          OnText(tokens);
          break;
        case HtmlStep::kStartTag:
          tag_ = tokens.name();
          tag_begin_ = At(tag_.data()) - 1;
          attributes_.clear();
          known_.Clear();
          break;
        case HtmlStep::kAttribute:
          if (attributes_.size() < kMostAttributes)
            attributes_.push_back(
                {tokens.name(), tokens.text(), last_end, end});
          known_.Add(tokens.name(), tokens.text());
          break;
        case HtmlStep::kTagEnd:
          OnStartTag(end, &tokens);
          break;
        case HtmlStep::kEndTag:
          OnEndTag(tokens.name(), end);
          break;
        case HtmlStep::kComment:
          OnComment(tokens.text());
          break;
        case HtmlStep::kDoctype:
          break;
      }
      last_end = end;
    }
  }

  [[nodiscard]] std::size_t At(const char* place) const {
    return static_cast<std::size_t>(place - html_.data());
  }
  void Put(std::string_view written, std::string text) {
    const std::size_t begin = At(written.data());
    splices_.Add(begin, begin + written.size(), std::move(text));
  }
  void Cut(std::size_t begin, std::size_t end) { splices_.Add(begin, end, {}); }

  void OnText(const HtmlTokenizer& tokens) {
    switch (std::exchange(raw_element_, 0)) {
      case NameOf("style"):
        if (!is_in_comment_) sheet_.Add(tokens.text());
        return;
      case NameOf("title"):
      case NameOf("script"):
      case NameOf("iframe"):
      case NameOf("noembed"):
      case NameOf("noframes"):
        return;
      default:
        break;
    }
    Piece piece{tokens.text(), Shown(tokens)};
    if (!is_in_comment_ && elements_.hidden_by() != HiddenBy::kNothing)
      return Hide(piece);
    if (!is_in_comment_) has_shown_ |= CountsAsText(piece.shown);
    if (has_open_link_)
      link_pieces_.push_back(std::move(piece));
    else
      Rewrite(piece);
  }

  static bool CountsAsText(const std::string& shown) {
    FoldedText text;
    text.Add(shown);
    return !text.text().empty();
  }

  void Rewrite(const Piece& piece) {
    if (!wishes_.text) return;
    std::string text = wishes_.text(piece.written);
    if (text != piece.written) Put(piece.written, std::move(text));
  }

  void Hide(const Piece& piece) {
    const std::size_t shown = CountShown(piece.shown);
    if (shown == 0) return;
    if (!has_shown_) hidden_before_ += shown;
    (has_shown_ ? hidden_after_text_ : hidden_before_text_)
        .push_back(piece.written);
  }

  void RemoveHidden() {
    if (!wishes_.removes_hidden_text) return;
    for (const std::string_view text : hidden_after_text_) Put(text, {});
    if (hidden_before_ <= HiddenText::kPreheader) return;
    for (const std::string_view text : hidden_before_text_) Put(text, {});
  }

  void OnStartTag(std::size_t end, HtmlTokenizer* tokens) {
    raw_element_ = 0;
    const HtmlName element = NameOf(tag_);
    const ElementTraits traits = TraitsOf(element);
    if (!is_in_comment_) elements_.MakeRoomFor(element, traits);
    if (element == KnownName("a")) CloseLink();
    const bool is_removed =
        wishes_.removes_active_content && IsUnwanted(element);
    if (!is_removed) RewriteAttributes(element);
    const bool is_alone =
        elements_.is_foreign() ? tokens->is_self_closing() : traits.is_void;
    if (!is_in_comment_ && !is_alone) OpenElement(element, traits);
    EnterContent(element, tokens);
    if (is_removed && raw_element_ != 0)
      removed_from_ = tag_begin_;
    else if (is_removed)
      Cut(tag_begin_, end);
  }

  [[nodiscard]] bool IsUnwanted(HtmlName element) const {
    if (element == KnownName("meta"))
      return EqualsIgnoreCase(Trim(known_[HtmlAttribute::kHttpEquiv]),
                              "refresh");
    if (element == KnownName("base")) return known_.Has(HtmlAttribute::kHref);
    return IsActive(element);
  }

  void OnEndTag(std::string_view name, std::size_t end) {
    raw_element_ = 0;
    const HtmlName element = NameOf(name);
    if (element == KnownName("a")) CloseLink();
    if (!is_in_comment_) elements_.Close(element);
    if (!wishes_.removes_active_content || !IsActive(element)) return;
    const std::size_t tag = At(name.data()) - 2;
    Cut(std::exchange(removed_from_, {}).value_or(tag), end);
  }

  // Outlook shows what stands in "<!--[if mso]> ... <![endif]-->".
  void OnComment(std::string_view text) {
    raw_element_ = 0;
    const std::size_t begin = text.find("]>");
    if (is_in_comment_ || begin == text.npos ||
        !StartsWithIgnoreCase(Trim(text.substr(0, 100)), "[if"))
      return;
    is_in_comment_ = true;
    const bool has_outer = std::exchange(has_open_link_, false);
    const std::string outer_url = link_url_;
    std::vector<Piece> outer = std::exchange(link_pieces_, {});
    Walk(text.substr(begin + 2));
    CloseLink();
    has_open_link_ = has_outer;
    link_url_ = outer_url;
    link_pieces_ = std::move(outer);
    raw_element_ = 0;
    is_in_comment_ = false;
  }

  void OpenElement(HtmlName element, const ElementTraits& traits) {
    Style style;
    using enum HtmlAttribute;
    if (known_.Has(kBgcolor))
      style.background = ParseLegacyColor(known_[kBgcolor]);
    if (known_.Has(kColor)) style.color = ParseLegacyColor(known_[kColor]);
    if (known_.Has(kHidden)) style.is_displayed = false;
    if (!sheet_.is_empty())
      style.Overlay(sheet_.StyleOf({tag_, known_[kClass], known_[kId]}));
    if (known_.Has(kStyle)) style.Overlay(ParseStyle(ValueOf(known_[kStyle])));
    Look look = elements_.look().Inside(style);
    const bool is_unread = sheet_.has_unread_background() && !style.background;
    if (is_unread || known_.Has(kBackground)) look.ForgetBackground();
    elements_.Open(element, traits, look);
  }

  void EnterContent(HtmlName element, HtmlTokenizer* tokens) {
    if (element == KnownName("svg") || element == KnownName("math") ||
        element == KnownName("select"))
      may_mislead_ = true;
    const HtmlContent content = ContentOf(element);
    if (content == HtmlContent::kData) return;
    has_doubt_ |= may_mislead_;
    raw_element_ = element;
    tokens->Enter(content, tag_);
  }

  [[nodiscard]] bool IsFollowed(HtmlName element) const {
    return element == KnownName("a") || element == KnownName("area") ||
           StartsWithIgnoreCase(tag_, "v:");
  }
  [[nodiscard]] bool HoldsAddress(HtmlName element,
                                  std::string_view attribute) const {
    switch (NameOf(attribute)) {
      case NameOf("href"):
      case NameOf("xlink:href"):
        return IsFollowed(element);
      case NameOf("action"):
        return element == KnownName("form");
      case NameOf("formaction"):
      case NameOf("src"):
      case NameOf("lowsrc"):
      case NameOf("dynsrc"):
      case NameOf("background"):
        return true;
      default:
        return false;
    }
  }

  void RewriteAttributes(HtmlName element) {
    std::optional<std::string> href;
    for (auto it = attributes_.begin(); it != attributes_.end(); ++it) {
      // Of two attributes of one name the first counts (s.13.2.5.33).
      const bool is_repeated =
          std::any_of(attributes_.begin(), it, [&](const Attribute& earlier) {
            return EqualsIgnoreCase(earlier.name, it->name);
          });
      if (is_repeated || it->value.empty()) continue;
      if (wishes_.removes_active_content && RunsScript(it->name)) {
        Drop(*it);
      } else if (HoldsAddress(element, it->name)) {
        const std::string url = UrlOf(it->value);
        const bool is_kept = RewriteAddress(*it, url);
        if (is_kept && NameOf(it->name) == KnownName("href")) href = url;
      }
    }
    if (element != KnownName("a") || !href) return;
    has_open_link_ = true;
    link_url_ = *href;
  }

  // False: the attribute is gone.
  bool RewriteAddress(const Attribute& attribute, const std::string& url) {
    if (!wishes_.address) return true;
    const std::optional<std::string> changed = wishes_.address(url);
    if (changed && changed->empty())
      Drop(attribute);
    else if (changed)
      Put(attribute.value, HtmlEscaped(*changed));
    return !changed || !changed->empty();
  }

  static bool RunsScript(std::string_view name) {
    return (name.size() > 2 && StartsWithIgnoreCase(name, "on")) ||
           EqualsIgnoreCase(name, "formaction");
  }

  // What stood around it must not grow together.
  void Drop(const Attribute& attribute) {
    splices_.Add(attribute.begin, attribute.end, " ");
  }

  void CloseLink() {
    if (!std::exchange(has_open_link_, false)) return;
    std::vector<Piece> pieces = std::exchange(link_pieces_, {});
    if (!wishes_.link_text) return;
    const auto changed = wishes_.link_text(link_url_, Folded(pieces));
    if (!changed) return;
    std::string text = HtmlEscaped(*changed);
    for (const Piece& piece : pieces) {
      const std::string_view core = Trim(piece.written);
      if (!core.empty()) Put(core, std::exchange(text, {}));
    }
  }

  static constexpr std::size_t kMostAttributes = 64;

  const std::string_view html_;
  const HtmlWishes& wishes_;
  Splices splices_;

  OpenElements elements_;
  StyleSheet sheet_;
  std::string_view tag_;
  std::size_t tag_begin_ = 0;
  std::vector<Attribute> attributes_;
  HtmlAttributes known_;
  HtmlName raw_element_ = 0;
  // Where a removed element began whose content goes with it.
  std::optional<std::size_t> removed_from_;

  bool has_open_link_ = false;
  std::string link_url_;
  std::vector<Piece> link_pieces_;

  bool is_in_comment_ = false;
  bool may_mislead_ = false, has_doubt_ = false;
  bool has_shown_ = false;
  std::size_t hidden_before_ = 0;
  std::vector<std::string_view> hidden_before_text_, hidden_after_text_;
};

}  // namespace

std::string RewriteHtml(std::string_view html, const HtmlWishes& wishes) {
  return Rewriting(html, wishes).Run();
}

}  // namespace postern
