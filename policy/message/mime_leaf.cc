#include "policy/message/mime_leaf.h"

#include <algorithm>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kMaxWarnings = 50;

bool HasPgpArmour(std::string_view text) {
  for (const std::string_view mark :
       {"-----BEGIN PGP MESSAGE-----", "-----BEGIN PGP SIGNED MESSAGE-----"}) {
    const std::size_t at = text.find(mark);
    if (at != text.npos && (at == 0 || text[at - 1] == '\n')) return true;
  }
  return false;
}

// What the texts before it have left; ends with a whole character.
void TakeText(std::string octets, MimePart* part, MimeStructure* structure) {
  const std::size_t left = MimeStructure::kTextBytes - structure->text_bytes;
  part->is_cut = octets.size() > left;
  std::string& text = part->text;
  if (left > 0) text = ToUtf8(std::move(octets), part->charset);
  if (text.size() > left) {
    part->is_cut = true;
    std::size_t end = left;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
      --end;
    text.resize(end);
    text.shrink_to_fit();
  }
  structure->text_bytes += text.size();
}

// One more than can be taken tells that there is more.
std::size_t Wanted(const MimeStructure& structure) {
  return MimeStructure::kTextBytes - structure.text_bytes + 1;
}

}  // namespace

void Warn(MimeStructure* structure, std::string_view words) {
  std::vector<std::string>& warnings = structure->warnings;
  const bool is_new =
      std::find(warnings.begin(), warnings.end(), words) == warnings.end();
  if (is_new && warnings.size() < kMaxWarnings) warnings.emplace_back(words);
}

void AddLeaf(MimePart part, std::string_view raw, MimeStructure* structure) {
  if (part.type.starts_with("text/")) {
    TakeText(DecodeTransfer(raw, part.encoding, Wanted(*structure)), &part,
             structure);
    if (HasPgpArmour(part.text)) structure->is_signed_or_encrypted = true;
    if (!part.charset.empty() && !IsKnownCharset(part.charset))
      Warn(structure, "unknown charset");
  }
  if (part.type == "application/pkcs7-mime" ||
      part.type == "application/x-pkcs7-mime")
    structure->is_signed_or_encrypted = true;
  if (IsEightBitEncoding(part.encoding)) structure->declares_eight_bit = true;
  structure->parts.push_back(std::move(part));
}

void AddUnreadable(MimePart part, std::string_view raw,
                   MimeStructure* structure) {
  Warn(structure, "multipart without parts");
  part.charset.clear();
  TakeText(std::string(raw.substr(0, Wanted(*structure))), &part, structure);
  structure->parts.push_back(std::move(part));
}

bool IsEightBitEncoding(std::string_view encoding) {
  return encoding == "8bit" || encoding == "binary";
}

std::string EncodingOf(std::string_view value) {
  // RFC 2045 s.6.1: one token; comments may follow it.
  const std::string_view token = Trim(value);
  return ToLower(token.substr(0, token.find_first_of(" \t\r\n(;")));
}

}  // namespace postern
