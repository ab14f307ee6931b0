#include "policy/facts/text.h"

#include <memory>

namespace postern {
namespace {

std::shared_ptr<const PartText> Read(ContentCache* cache, const MimePart& part,
                                     const PhraseList* phrases) {
  const PartText::Kind kind = KindOf(part);
  if (cache != nullptr) return cache->Read(kind, part.text, phrases);
  return std::make_shared<const PartText>(
      ReadPartText(kind, part.text, phrases));
}

// Each part is bounded by itself: the last one read may go beyond this once.
class Budget {
 public:
  [[nodiscard]] bool IsSpent() const {
    return steps_ >= HtmlFacts::kMaxSteps || links_ >= HtmlFacts::kMaxLinks;
  }
  void Spend(const HtmlFacts& read) {
    steps_ += read.steps;
    links_ += read.links.size();
  }

 private:
  std::size_t steps_ = 0, links_ = 0;
};

}  // namespace

void GatherText(ContentCache* cache, Facts* facts) {
  const PhraseList* phrases =
      WantsPhrases(*facts) ? facts->config->phrases.get() : nullptr;
  std::size_t searched = 0;
  Budget budget;
  for (const MimePart& part : facts->mime.parts) {
    std::shared_ptr<const PartText>& text = facts->texts.emplace_back();
    if (part.text.empty() || budget.IsSpent()) continue;
    const bool is_searched =
        HasWords(part) && searched < ContentFact::kMostOctets;
    text = Read(cache, part, is_searched ? phrases : nullptr);
    searched += text->searched;
    budget.Spend(text->html);
    if (text->kind == PartText::Kind::kHtml)
      facts->html.emplace_back(text, &text->html);
    facts->body_obfuscation.Add(text->html.obfuscation);
    facts->links.Share({text, &text->html.links},
                       HtmlFacts::kMaxLinks - facts->links.size());
  }
  if (const HeaderField* subject = facts->message->header.Find("Subject"))
    facts->subject_obfuscation =
        ObfuscationOf(DecodeUnstructured(subject->Unfolded()));
}

bool IsReadWhole(const Facts& facts, std::size_t part) {
  const MimePart& mime = facts.mime.parts[part];
  if (mime.is_cut) return false;
  if (mime.text.empty() || part >= facts.texts.size()) return true;
  const PartText* text = facts.texts[part].get();
  return text != nullptr && !text->html.is_over_limit;
}

}  // namespace postern
