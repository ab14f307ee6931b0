// What style hides from the reader, and what no mail reader runs, goes out of
// the HTML.

#include "policy/remedies/html_rewriter.h"
#include "policy/remedies/remedy.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

// Without its base a relative address leads nowhere.
bool HasRelativeLink(const Facts& facts) {
  for (const Link& link : facts.links)
    if (!link.host.empty() && HostOfUrl(link.url).host.empty()) return true;
  return false;
}

}  // namespace

bool RemoveHiddenText(const Facts& facts, Message* message) {
  return RewriteHtmlParts(facts, {.removes_hidden_text = true}, message);
}

bool RemoveActiveContent(const Facts& facts, Message* message) {
  if (HasRelativeLink(facts)) return false;
  return RewriteHtmlParts(facts, {.removes_active_content = true}, message);
}

}  // namespace postern
