// HTML parts through the rewriter.

#include "policy/base/text.h"
#include "policy/remedies/html_rewriter.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

// Charsets in which each octet below 128 is that character of ASCII.
bool IsAsciiBased(std::string_view charset) {
  for (const char* prefix :
       {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859-", "latin",
        "windows-125", "cp125", "koi8-"})
    if (StartsWithIgnoreCase(charset, prefix)) return true;
  return charset.empty();
}

}  // namespace

std::string RewritePart(const MimePart& part, std::string_view html,
                        const HtmlWishes& wishes) {
  return IsAsciiBased(part.charset) ? RewriteHtml(html, wishes)
                                    : std::string(html);
}

bool RewriteHtmlParts(const Facts& facts, const HtmlWishes& wishes,
                      Message* message) {
  return RewriteTextParts(
      facts,
      [&](const MimePart& part, std::string_view text) {
        return part.type == "text/html" ? RewritePart(part, text, wishes)
                                        : std::string(text);
      },
      message);
}

}  // namespace postern
