#include "tests/support/html_token_dump.h"

#include <set>
#include <vector>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/html_tokenizer.h"

namespace postern {
namespace {

// A letter and what it stands for.
constexpr std::string_view kEscapes("n\nr\rt\tf\f0\0\\\\", 12);

std::string Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      plain += kEscapes[kEscapes.find(text[++i]) + 1];
    else
      plain += text[i];
  }
  return plain;
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    std::size_t at = 1;
    while (at < kEscapes.size() && kEscapes[at] != c) at += 2;
    if (at < kEscapes.size()) {
      escaped += '\\';
      escaped += kEscapes[at - 1];
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// s.13.2.3.5: line ends are LF before anything is read.
std::string Normalized(std::string_view text) {
  std::string normal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && text.substr(i + 1).starts_with('\n')) continue;
    normal += text[i] == '\r' ? '\n' : text[i];
  }
  return normal;
}

std::string WithoutNul(std::string_view text) {
  std::string clean;
  for (const char c : text)
    if (c == '\0')
      clean += "\xef\xbf\xbd";
    else
      clean += c;
  return clean;
}

class Dump {
 public:
  void Add(const HtmlTokenizer& tokens, HtmlStep step, bool is_raw) {
    switch (step) {
      case HtmlStep::kText:
        return Text(tokens, is_raw);
      case HtmlStep::kStartTag:
        tag_ = " <" + ToLower(WithoutNul(tokens.name()));
        names_.clear();
        return;
      case HtmlStep::kAttribute:
        return Attribute(tokens);
      case HtmlStep::kTagEnd:
        return Token(tag_ + (tokens.is_self_closing() ? " />" : ">"));
      case HtmlStep::kEndTag:
        return Token(" </" + ToLower(WithoutNul(tokens.name())) + ">");
      case HtmlStep::kComment:
        return Token(" <!--" + WithoutNul(tokens.text()) + "-->");
      case HtmlStep::kDoctype:
        return Token(" <!DOCTYPE>");
      case HtmlStep::kEnd:
        return Token("");
    }
  }
  [[nodiscard]] std::string Take() { return Escape(line_); }

 private:
  void Text(const HtmlTokenizer& tokens, bool is_raw) {
    const std::string text =
        tokens.has_references()
            ? DecodeReferences(tokens.text(), ReferencePlace::kText)
            : std::string(tokens.text());
    text_ += is_raw ? WithoutNul(text) : text;
  }
  void Attribute(const HtmlTokenizer& tokens) {
    const std::string name = ToLower(WithoutNul(tokens.name()));
    if (!names_.insert(name).second) return;
    tag_ += " " + name + "=\"" +
            DecodeReferences(WithoutNul(tokens.text()),
                             ReferencePlace::kAttribute) +
            "\"";
  }
  void Token(const std::string& token) {
    if (!text_.empty()) line_ += " \"" + text_ + "\"";
    text_.clear();
    line_ += token;
  }

  std::string line_, text_, tag_;
  std::set<std::string> names_;
};

HtmlContent ContentOf(std::string_view word) {
  if (word == "rcdata") return HtmlContent::kRcdata;
  if (word == "rawtext") return HtmlContent::kRawtext;
  if (word == "script") return HtmlContent::kScript;
  if (word == "plaintext") return HtmlContent::kPlaintext;
  return HtmlContent::kData;
}

}  // namespace

std::string DumpHtmlTokens(std::string_view line) {
  const std::vector<std::string_view> parts = Split(line, '\t');
  if (parts.size() != 3) return "not a case";
  const std::string html = Normalized(Unescape(parts[2]));
  HtmlTokenizer tokens(html);
  bool is_raw = ContentOf(parts[0]) != HtmlContent::kData;
  if (is_raw)
    tokens.Enter(ContentOf(parts[0]),
                 parts[1] == "-" ? std::string_view("-") : parts[1]);
  tokens.AllowCdata(parts[0] == "cdata");
  Dump dump;
  for (;;) {
    const HtmlStep step = tokens.Next();
    dump.Add(tokens, step, is_raw);
    is_raw = false;  // raw content is one text
    if (step == HtmlStep::kEnd) return dump.Take();
  }
}

}  // namespace postern
