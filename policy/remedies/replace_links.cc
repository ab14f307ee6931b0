// Links through a redirector whose URL says where they lead, and short links
// whose shortener said it, become links to that place, where the operator
// allows it (links.replace). Text and HTML parts keep their transfer encoding,
// and all else that they say.

#include <algorithm>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/transfer_encoding.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string HtmlEscaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '"')
      escaped += "&quot;";
    else if (c == '\'')
      escaped += "&#39;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return escaped;
}

// A target that is put into text as it is: nothing that ends a URL there.
bool IsPlain(std::string_view url) {
  return std::ranges::all_of(url, [](char c) {
    return c > ' ' && c < 0x7f && !Contains("<>\"`{}|^\\", {&c, 1});
  });
}

// Of a web address, what stands behind the scheme; empty: it is none.
std::string WithoutScheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (StartsWithIgnoreCase(url, scheme))
      return std::string(url.substr(scheme.size()));
  return {};
}

bool IsClean(const Facts& facts, const LinkTarget& target) {
  if (target.via != HostClass::kRedirector &&
      target.via != HostClass::kShortener)
    return false;
  const LinkHost* host = facts.linking.Find(target.host);
  return IsPlain(target.url) && !WithoutScheme(target.url).empty() &&
         facts.config->link_hosts->ClassOf(target.host) == HostClass::kPlain &&
         !facts.config->bad_links.contains(target.host) &&
         (host == nullptr || !host->is_on_bad_list);
}

// Longest first: one URL may begin another.
Replacements Wanted(const Facts& facts) {
  Replacements wanted;
  for (const LinkTarget& target : facts.linking.targets) {
    if (!IsClean(facts, target)) continue;
    const std::string& url = facts.links[target.link].url;
    wanted.emplace_back(url, target.url);
    // Where the text of the link shows it so; it would name another site now.
    const std::string shown = WithoutScheme(url);
    if (target.via == HostClass::kShortener && !shown.empty())
      wanted.emplace_back(shown, WithoutScheme(target.url));
  }
  std::ranges::sort(wanted, [](const auto& a, const auto& b) {
    return a.first.size() != b.first.size() ? a.first.size() > b.first.size()
                                            : a < b;
  });
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  return wanted;
}

// What may stand within a URL, so that the URL goes on there.
bool GoesOn(std::string_view rest) {
  if (rest.empty()) return false;
  if (IsAlnum(rest[0]) || Contains("/_~%?#=&+@:$-", rest.substr(0, 1)))
    return true;
  return Contains(".,;!*", rest.substr(0, 1)) && rest.size() > 1 &&
         IsAlnum(rest[1]);
}

// No part of a longer URL or name.
bool StandsAlone(std::string_view text, std::size_t at, std::size_t size) {
  const char before = at == 0 ? ' ' : text[at - 1];
  return !IsAlnum(before) && !Contains("./-_@%=", {&before, 1}) &&
         !GoesOn(text.substr(at + size));
}

void ReplaceAll(const std::string& from, const std::string& to,
                std::string* text) {
  if (from.empty() || !Contains(*text, from)) return;
  std::string changed;
  std::size_t copied = 0;
  for (std::size_t at = text->find(from); at != text->npos;
       at = text->find(from, at + from.size())) {
    if (!StandsAlone(*text, at, from.size())) continue;
    changed.append(*text, copied, at - copied);
    changed += to;
    copied = at + from.size();
  }
  changed.append(*text, copied);
  *text = std::move(changed);
}

std::string Replaced(std::string text, const Replacements& wanted,
                     bool is_html) {
  for (const auto& [from, to] : wanted) {
    if (is_html) ReplaceAll(HtmlEscaped(from), HtmlEscaped(to), &text);
    ReplaceAll(from, is_html ? HtmlEscaped(to) : to, &text);
  }
  return text;
}

// The part's content as it goes on the wire; unchanged where it has none of
// these URLs, or in an encoding that we do not write.
std::string Mended(const MimePart& part, std::string_view raw,
                   const Replacements& wanted) {
  const bool is_html = part.type == "text/html";
  const bool is_base64 = part.encoding == "base64";
  const bool is_quoted = part.encoding == "quoted-printable";
  if (!is_base64 && !is_quoted)
    return Replaced(std::string(raw), wanted, is_html);
  const std::string text =
      DecodeTransfer(raw, part.encoding, MimeStructure::kTextBytes);
  if (text.size() >= MimeStructure::kTextBytes) return std::string(raw);
  const std::string changed = Replaced(text, wanted, is_html);
  if (changed == text) return std::string(raw);
  return is_base64 ? EncodeBase64Lines(changed)
                   : EncodeQuotedPrintable(changed);
}

}  // namespace

bool ReplaceLinks(const Facts& facts, Message* message) {
  if (!facts.config->links.replace || facts.is_body_covered ||
      facts.mime.is_over_limit)
    return false;
  // Offsets in facts.mime are those of the body as it came.
  const std::string_view body = facts.message->body.bytes();
  if (message->body.bytes().data() != body.data()) return false;
  const Replacements wanted = Wanted(facts);
  if (wanted.empty()) return false;
  std::string changed;
  std::size_t copied = 0;
  for (const MimePart& part : facts.mime.parts) {
    const bool is_whole = part.depth == 0 && facts.mime.parts.size() == 1;
    const std::size_t begin = is_whole ? 0 : part.begin;
    const std::size_t end = is_whole ? body.size() : part.end;
    const bool is_text = part.type == "text/html" || part.type == "text/plain";
    if (!is_text || part.is_sealed || part.is_attachment || begin < copied ||
        end <= begin)
      continue;
    changed += body.substr(copied, begin - copied);
    changed += Mended(part, body.substr(begin, end - begin), wanted);
    copied = end;
  }
  changed += body.substr(copied);
  if (!changed.ends_with("\r\n")) changed += "\r\n";
  if (changed == body) return false;
  message->body = Body::FromString(std::move(changed));
  return true;
}

}  // namespace postern
