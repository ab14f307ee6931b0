#include "policy/facts/text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace postern {
namespace {

std::shared_ptr<const HtmlFacts> Read(HtmlCache* cache, std::string_view html) {
  if (cache != nullptr) return cache->Read(html);
  return std::make_shared<const HtmlFacts>(ReadHtml(html));
}

}  // namespace

void GatherText(const GatherFrom& from, Facts* facts) {
  for (const MimePart& part : facts->mime.parts) {
    if (part.text.empty()) continue;
    std::vector<Link> links;
    if (part.type == "text/html") {
      const auto& html =
          facts->html.emplace_back(Read(from.html_cache, part.text));
      facts->body_obfuscation.Add(html->obfuscation);
      links = html->links;
    } else {
      links = LinksOfText(part.text);
      if (part.type == "text/plain")
        facts->body_obfuscation.Add(ObfuscationOf(part.text));
    }
    links.resize(
        std::min(links.size(), HtmlFacts::kMaxLinks - facts->links.size()));
    std::move(links.begin(), links.end(), std::back_inserter(facts->links));
  }
  if (const HeaderField* subject = facts->message->header.Find("Subject"))
    facts->subject_obfuscation =
        ObfuscationOf(DecodeUnstructured(subject->Unfolded()));
}

}  // namespace postern
