#include "policy/facts/part_text.h"

#include <algorithm>
#include <utility>

namespace postern {

std::size_t PartText::bytes() const {
  return sizeof(PartText) - sizeof(HtmlFacts) + html.bytes() +
         phrases.capacity() * sizeof(std::size_t);
}

PartText::Kind KindOf(const MimePart& part) {
  if (part.type == "text/html") return PartText::Kind::kHtml;
  return part.type == "text/plain" ? PartText::Kind::kPlain
                                   : PartText::Kind::kOther;
}

bool HasWords(const MimePart& part) {
  const PartText::Kind kind = KindOf(part);
  return kind == PartText::Kind::kHtml ||
         (kind == PartText::Kind::kPlain && !part.is_attachment);
}

PartText ReadPartText(PartText::Kind kind, std::string_view text,
                      const PhraseList* phrases) {
  PartText read{.kind = kind};
  if (kind == PartText::Kind::kHtml) {
    read.html = ReadHtml(text);
    text = read.html.text;
  } else {
    read.html.links = LinksOfText(text);
    read.html.is_over_limit = read.html.links.size() == HtmlFacts::kMaxLinks;
    if (kind == PartText::Kind::kPlain)
      read.html.obfuscation = ObfuscationOf(text);
  }
  if (phrases == nullptr || !phrases->set) return read;
  read.searched = std::min(text.size(), PartText::kMostSearched);
  read.is_searched_whole = read.searched == text.size();
  auto places = phrases->set->FindIn(text.substr(0, read.searched));
  read.is_undecided = !places;
  if (places) read.phrases = std::move(*places);
  return read;
}

}  // namespace postern
