// MIME fields that are missing or wrong, base64 that is broken or needs not be,
// a multipart that is never closed. Each is left where more than one reading is
// possible.

#include <string>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/mime_outline.h"
#include "policy/message/reencode.h"
#include "policy/message/transfer_encoding.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

// The value without its charset parameter, which a new one follows.
std::string WithCharset(std::string_view value, std::string_view charset) {
  std::string written;
  bool is_quoted = false;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    const std::string_view piece = Trim(value.substr(begin, end - begin));
    const bool is_dropped = piece.empty() ||
                            StartsWithIgnoreCase(piece, "charset=") ||
                            StartsWithIgnoreCase(piece, "charset ") ||
                            StartsWithIgnoreCase(piece, "charset*");
    if (!is_dropped) {
      if (!written.empty()) written += "; ";
      written += piece;
    }
    begin = end + 1;
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"') is_quoted = !is_quoted;
    if (value[i] == ';' && !is_quoted) take(i);
  }
  take(value.size());
  return written + "; charset=" + std::string(charset);
}

bool IsOnlyOne(const Message& message, std::string_view name) {
  return message.header.Count(name) == 1;
}

}  // namespace

bool AddMimeVersion(const Facts& facts, Message* message) {
  if (message->header.Count("MIME-Version") > 0 ||
      facts.IsFieldCovered("MIME-Version"))
    return false;
  message->header.Append("MIME-Version", "1.0");
  return true;
}

// Of a message that is one text, whose octets are UTF-8 whatever it says.
bool DeclareCharset(const Facts& facts, Message* message) {
  const bool is_text = facts.mime.parts.size() == 1 &&
                       facts.mime.parts.front().depth == 0 &&
                       facts.mime.parts.front().type.starts_with("text/");
  if (!is_text || facts.is_body_covered ||
      !IsOnlyOne(*message, "Content-Type") ||
      facts.IsFieldCovered("Content-Type"))
    return false;
  const MimePart& part = facts.mime.parts.front();
  const std::string octets = DecodeTransfer(
      facts.message->body.bytes(), part.encoding, MimeStructure::kTextBytes);
  if (octets.size() >= MimeStructure::kTextBytes || !IsUtf8(octets))
    return false;
  const std::string type = message->header.Find("Content-Type")->Unfolded();
  message->header.Set(
      "Content-Type",
      WithCharset(type, IsAscii(octets) ? "us-ascii" : "utf-8"));
  return true;
}

// Of a multipart whose parts can be read as they are.
bool RepairTransferEncoding(const Facts& facts, Message* message) {
  constexpr std::string_view kName = "Content-Transfer-Encoding";
  if (!IsOnlyOne(*message, kName) || facts.IsFieldCovered(kName) ||
      facts.is_body_covered)
    return false;
  const MimeOutline outline =
      ReadOutline(message->header, message->body.bytes());
  const OutlinePart& first = outline.parts.front();
  if (!first.content_type.type.starts_with("multipart/") || !first.is_met)
    return false;
  message->header.Set(kName, facts.body.has_eight_bit ? "8bit" : "7bit");
  return true;
}

// The outermost multipart; an inner one ends where it ends.
bool CloseBoundary(const Facts& facts, Message* message) {
  if (facts.is_body_covered || facts.mime.is_over_limit) return false;
  const MimeOutline outline =
      ReadOutline(message->header, message->body.bytes());
  const OutlinePart& first = outline.parts.front();
  const bool is_open = first.content_type.type.starts_with("multipart/") &&
                       first.is_met && !first.is_closed;
  if (!is_open || outline.is_over_limit) return false;
  std::string body(message->body.bytes());
  if (!body.ends_with("\n")) body += "\r\n";
  body += "--" + first.content_type.boundary + "--\r\n";
  message->body = Body::FromString(std::move(body));
  return true;
}

bool ReencodeBase64(const Facts& facts, Message* message) {
  if (facts.is_body_covered || facts.mime.is_over_limit) return false;
  // Offsets in facts.mime are those of the body as it came.
  if (message->body.bytes().data() != facts.message->body.bytes().data())
    return false;
  std::optional<Reencoded> reencoded =
      ReencodeForTransport(*message, facts.mime, Base64::kAnew);
  if (!reencoded || reencoded->body.bytes() == message->body.bytes())
    return false;
  message->header = std::move(reencoded->header);
  message->body = std::move(reencoded->body);
  return true;
}

}  // namespace postern
