#include "policy/remedies/text_parts.h"

#include <cstddef>

#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

// The part's content as it goes on the wire; unchanged where its text is.
std::string Mended(const MimePart& part, std::string_view raw,
                   const RewrittenText& rewritten) {
  const bool is_base64 = part.encoding == "base64";
  const bool is_quoted = part.encoding == "quoted-printable";
  if (!is_base64 && !is_quoted) return rewritten(part, raw);
  const std::string text =
      DecodeTransfer(raw, part.encoding, MimeStructure::kTextBytes);
  if (text.size() >= MimeStructure::kTextBytes) return std::string(raw);
  const std::string changed = rewritten(part, text);
  if (changed == text) return std::string(raw);
  return is_base64 ? EncodeBase64Lines(changed)
                   : EncodeQuotedPrintable(changed);
}

}  // namespace

MimeStructure MimeNow(const Facts& facts, const Message& message) {
  const bool is_as_gathered =
      message.body.bytes().data() == facts.message->body.bytes().data();
  return is_as_gathered ? facts.mime : ReadMime(message.header, message.body);
}

bool RewriteTextParts(const Facts& facts, const RewrittenText& rewritten,
                      Message* message) {
  if (facts.is_body_covered) return false;
  const MimeStructure mime = MimeNow(facts, *message);
  if (mime.is_over_limit) return false;
  const std::string_view body = message->body.bytes();
  std::string changed;
  std::size_t copied = 0;
  bool is_changed = false;
  for (const MimePart& part : mime.parts) {
    const bool is_whole = part.depth == 0 && mime.parts.size() == 1;
    const std::size_t begin = is_whole ? 0 : part.begin;
    const std::size_t end = is_whole ? body.size() : part.end;
    const bool is_text = part.type == "text/html" || part.type == "text/plain";
    if (!is_text || part.is_sealed || part.is_attachment || begin < copied ||
        end <= begin)
      continue;
    changed += body.substr(copied, begin - copied);
    const std::string_view raw = body.substr(begin, end - begin);
    const std::string mended = Mended(part, raw, rewritten);
    is_changed |= mended != raw;
    changed += mended;
    copied = end;
  }
  changed += body.substr(copied);
  if (!is_changed) return false;
  if (!changed.ends_with("\r\n")) changed += "\r\n";
  message->body = Body::FromString(std::move(changed));
  return true;
}

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

}  // namespace postern
