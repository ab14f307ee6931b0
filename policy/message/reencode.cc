#include "policy/message/reencode.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/base64_scan.h"
#include "policy/message/charset.h"
#include "policy/message/mime_leaf.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 990;  // some room below RFC 5322's 998
constexpr std::size_t kAllBytes = std::numeric_limits<std::size_t>::max();
constexpr std::string_view kEncodingField = "Content-Transfer-Encoding";

// True for CRLF lines of ASCII without NUL that are not too long.
bool IsTransportable(std::string_view text) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet == 0 || octet >= 0x80 || text[i] == '\n') return false;
    if (text[i] == '\r') {
      if (text.substr(i, 2) != "\r\n") return false;
      ++i;
      line = 0;
    } else if (++line > kMaxLine) {
      return false;
    }
  }
  return true;
}

// Charsets in which CR and LF are no octets of their own.
bool IsWide(std::string_view charset) {
  return charset.starts_with("utf-16") || charset.starts_with("utf-32");
}

struct EncodedLeaf {
  std::string content;
  std::string_view encoding;  // empty: as before
};

// nullopt: it is good base64 of what needs it, or nobody knows where it ends.
std::optional<EncodedLeaf> Base64Anew(const MimePart& part,
                                      std::string_view raw) {
  if (part.encoding != "base64" || part.is_sealed) return std::nullopt;
  std::string octets = DecodeTransfer(raw, "base64", kAllBytes);
  const bool is_text = part.type.starts_with("text/") && !part.is_attachment &&
                       !octets.empty() && IsAscii(octets) &&
                       octets == ToCrlf(octets);
  const Base64Scan scan = ScanBase64(raw);
  if (scan.has_more) return std::nullopt;
  if (is_text && IsTransportable(octets))
    return EncodedLeaf{std::move(octets), "7bit"};
  if (is_text)
    return EncodedLeaf{EncodeQuotedPrintable(octets), "quoted-printable"};
  if (scan.is_good()) return std::nullopt;
  return EncodedLeaf{EncodeBase64Lines(octets), ""};
}

// nullopt: this leaf must not be encoded.
std::optional<EncodedLeaf> Encode(const MimePart& part, std::string_view raw,
                                  Base64 base64) {
  if (base64 == Base64::kAnew)
    if (std::optional<EncodedLeaf> anew = Base64Anew(part, raw)) return anew;
  const bool is_base64 = part.encoding == "base64";
  const bool is_quoted = part.encoding == "quoted-printable";
  const bool is_text = part.type.starts_with("text/") && !IsWide(part.charset);
  const bool has_lines = is_base64 || is_quoted || is_text;
  std::string content = has_lines ? ToCrlf(raw) : std::string(raw);
  if (IsTransportable(content)) {
    // Postfix converts what is declared 8bit, whatever it is.
    const bool is_overstated =
        IsEightBitEncoding(part.encoding) && !part.is_sealed;
    return EncodedLeaf{std::move(content), is_overstated ? "7bit" : ""};
  }
  if (part.is_sealed) return std::nullopt;
  // RFC 2046 s.5.2: message types are 7bit, 8bit or binary. An encoding that
  // we do not know cannot be replaced.
  if (part.type.starts_with("message/") || part.encoding.starts_with("x-"))
    return std::nullopt;
  if (is_base64) {
    return EncodedLeaf{
        EncodeBase64Lines(DecodeTransfer(content, "base64", kAllBytes)), ""};
  }
  if (is_quoted) {
    return EncodedLeaf{EncodeQuotedPrintable(DecodeTransfer(
                           content, "quoted-printable", kAllBytes)),
                       ""};
  }
  if (is_text)
    return EncodedLeaf{EncodeQuotedPrintable(content), "quoted-printable"};
  return EncodedLeaf{EncodeBase64Lines(content), "base64"};
}

bool IsEncodingField(std::string_view line) {
  if (!StartsWithIgnoreCase(line, kEncodingField)) return false;
  return Trim(line.substr(kEncodingField.size())).starts_with(':');
}

// Where the line that ends at this octet begins.
std::size_t LineBegin(std::string_view text, std::size_t end) {
  if (end < 2) return 0;
  const std::size_t lf = text.rfind('\n', end - 2);
  return lf == text.npos ? 0 : lf + 1;
}

// Where the header fields begin of a part whose content begins there; npos:
// not found. Behind a boundary, an empty line or nothing.
std::size_t FieldsBegin(std::string_view body, std::size_t content) {
  std::size_t end = LineBegin(body, content);
  if (content == 0 || !Trim(body.substr(end, content - end)).empty())
    return body.npos;
  while (end > 0) {
    const std::size_t begin = LineBegin(body, end);
    const std::string_view line = body.substr(begin, end - begin);
    const bool is_empty = line == "\n" || line == "\r\n";
    if (is_empty || line.starts_with("--")) return end;
    end = begin;
  }
  return 0;
}

// What stands between leaves: the encodings of multiparts and attached messages
// say 7bit where they said more, now that their parts are.
std::string Understated(std::string_view between) {
  std::string changed;
  changed.reserve(between.size());
  while (!between.empty()) {
    const std::size_t size =
        std::min(between.find('\n'), between.size() - 1) + 1;
    const std::string_view line = between.substr(0, size);
    between.remove_prefix(size);
    const bool is_overstated =
        IsEncodingField(line) &&
        IsEightBitEncoding(EncodingOf(line.substr(line.find(':') + 1)));
    changed += is_overstated ? "Content-Transfer-Encoding: 7bit\r\n" : line;
  }
  return changed;
}

// Where the header of an attached message begins, behind the fields of the part
// that holds it; 0: not found.
std::size_t AttachedBegin(std::string_view between) {
  bool is_in_fields = false, is_message = false;
  for (std::size_t at = 0; at < between.size();) {
    const std::size_t end =
        std::min(between.find('\n', at), between.size() - 1);
    const std::string_view line = Trim(between.substr(at, end - at));
    at = end + 1;
    if (line.starts_with("--")) {
      is_in_fields = true;
      is_message = false;
    } else if (line.empty()) {
      if (is_in_fields && is_message) return at;
      is_in_fields = false;
    } else if (StartsWithIgnoreCase(line, "Content-Type:")) {
      is_message = Contains(ToLower(line), "message/");
    }
  }
  return 0;
}

// What stands before a leaf, with milder encodings where nobody signed that.
std::string Between(std::string_view text, const MimePart& part,
                    bool follows_seal) {
  if (!part.is_sealed && !follows_seal) return ToCrlf(Understated(text));
  const std::size_t sealed = follows_seal ? 0 : AttachedBegin(text);
  return ToCrlf(Understated(text.substr(0, sealed))) +
         ToCrlf(text.substr(sealed));
}

// The fields, with their empty line, with that encoding instead of any other.
std::string WithEncoding(std::string_view fields, std::string_view encoding) {
  std::string changed;
  bool is_dropped = false;
  while (!fields.empty()) {
    const std::size_t size = std::min(fields.find('\n'), fields.size() - 1) + 1;
    const std::string_view line = fields.substr(0, size);
    fields.remove_prefix(size);
    if (!IsBlank(line[0])) is_dropped = IsEncodingField(line);
    const bool is_last = fields.empty();  // the empty line
    if (is_last) {
      changed += kEncodingField;
      changed += ": ";
      changed += encoding;
      changed += "\r\n";
    }
    if (!is_dropped || is_last) changed += ToCrlf(line);
  }
  return changed;
}

void SetEncoding(Header* header, std::string_view encoding) {
  header->KeepFirst(kEncodingField);
  header->Set(kEncodingField, encoding);
}

// A message whose header is that of its one leaf.
std::optional<Reencoded> ReencodeWhole(const Message& message,
                                       const MimePart& part, Base64 base64) {
  std::optional<EncodedLeaf> leaf = Encode(part, message.body.bytes(), base64);
  if (!leaf) return std::nullopt;
  Header header = message.header;
  const bool was_changed = !leaf->encoding.empty();
  if (was_changed && header.Find("MIME-Version") == nullptr)
    header.Append("MIME-Version", "1.0");
  if (was_changed && header.Find("Content-Type") == nullptr) {
    const bool is_utf8 = IsUtf8(message.body.bytes());
    header.Append("Content-Type", is_utf8 ? "text/plain; charset=utf-8"
                                          : "text/plain; charset=iso-8859-1");
  }
  if (was_changed) SetEncoding(&header, leaf->encoding);
  if (!leaf->content.empty() && !leaf->content.ends_with("\r\n"))
    leaf->content += "\r\n";
  return Reencoded{std::move(header),
                   Body::FromString(std::move(leaf->content))};
}

std::string_view RawOf(const Body& body, const MimePart& part) {
  return body.bytes().substr(part.begin, part.end - part.begin);
}

std::string LeafOf(const Body& body, const MimePart& part) {
  return ToCrlf(DecodeTransfer(RawOf(body, part), part.encoding, kAllBytes));
}

// Mended line ends can make a boundary of what was none ("\r--b"), and a
// malformed header be read in another way.
bool HasSameLeaves(const Message& message, const MimeStructure& structure,
                   const Reencoded& mended) {
  const MimeStructure again = ReadMime(mended.header, mended.body);
  return std::equal(
      structure.parts.begin(), structure.parts.end(), again.parts.begin(),
      again.parts.end(), [&](const MimePart& old, const MimePart& now) {
        return old.type == now.type && old.depth == now.depth &&
               IsTransportable(RawOf(mended.body, now)) &&
               LeafOf(message.body, old) == LeafOf(mended.body, now);
      });
}

std::optional<Reencoded> ReencodeParts(const Message& message,
                                       const MimeStructure& structure,
                                       Base64 base64) {
  const std::string_view body = message.body.bytes();
  std::string changed;
  std::size_t copied = 0;
  bool follows_seal = false;
  for (const MimePart& part : structure.parts) {
    const bool is_placed =
        part.begin > 0 && part.begin >= copied && part.end >= part.begin;
    if (!is_placed) return std::nullopt;
    const std::string_view raw = body.substr(part.begin, part.end - part.begin);
    const std::optional<EncodedLeaf> leaf = Encode(part, raw, base64);
    if (!leaf) return std::nullopt;
    if (!leaf->encoding.empty()) {
      const std::size_t fields = FieldsBegin(body, part.begin);
      if (fields == body.npos || fields < copied) return std::nullopt;
      changed +=
          Between(body.substr(copied, fields - copied), part, follows_seal);
      changed += WithEncoding(body.substr(fields, part.begin - fields),
                              leaf->encoding);
    } else {
      changed +=
          Between(body.substr(copied, part.begin - copied), part, follows_seal);
    }
    changed += leaf->content;
    copied = part.end;
    follows_seal = part.is_sealed;
  }
  changed += ToCrlf(body.substr(copied));
  Header header = message.header;
  if (header.Find("MIME-Version") == nullptr)
    header.Append("MIME-Version", "1.0");
  const HeaderField* own = header.Find(kEncodingField);
  if (own != nullptr && IsEightBitEncoding(EncodingOf(own->Unfolded())))
    SetEncoding(&header, "7bit");
  Reencoded mended{std::move(header), Body::FromString(std::move(changed))};
  if (!HasSameLeaves(message, structure, mended)) return std::nullopt;
  return mended;
}

}  // namespace

std::optional<Reencoded> ReencodeForTransport(const Message& message,
                                              const MimeStructure& structure,
                                              Base64 base64) {
  if (structure.is_over_limit || structure.is_signed_or_encrypted ||
      structure.parts.empty() || message.header.Count("Content-Type") > 1)
    return std::nullopt;
  for (const MimePart& part : structure.parts)
    if (part.type.starts_with("multipart/")) return std::nullopt;
  const MimePart& first = structure.parts.front();
  return first.depth == 0 ? ReencodeWhole(message, first, base64)
                          : ReencodeParts(message, structure, base64);
}

}  // namespace postern
