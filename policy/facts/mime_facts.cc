// One pass over the outline, one over the leaves, and the two compared.

#include "policy/facts/mime_facts.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "policy/base/text.h"
#include "policy/facts/facts.h"
#include "policy/message/base64_scan.h"
#include "policy/message/charset.h"
#include "policy/message/mime_outline.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::string_view kLost = "\xef\xbf\xbd";
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 s.5.1.1

// Registered at IANA, and not converted by us: text in them is not judged.
constexpr auto kOtherCharsets =
    std::to_array<std::string_view>({"adobe-standard-encoding",
                                     "big5-eten",
                                     "cesu-8",
                                     "cp437",
                                     "cp720",
                                     "cp737",
                                     "cp775",
                                     "cp857",
                                     "cp858",
                                     "cp862",
                                     "cp866",
                                     "cp874",
                                     "cp932",
                                     "cp936",
                                     "cp949",
                                     "cp950",
                                     "euc-tw",
                                     "gb_2312-80",
                                     "ibm437",
                                     "ibm850",
                                     "ibm852",
                                     "ibm855",
                                     "ibm866",
                                     "iso-10646-ucs-2",
                                     "iso-2022-cn",
                                     "iso-2022-jp-1",
                                     "iso-2022-jp-2",
                                     "iso-2022-jp-3",
                                     "iso-ir-100",
                                     "johab",
                                     "ks_c_5601",
                                     "l1",
                                     "latin1",
                                     "latin2",
                                     "mac",
                                     "ms936",
                                     "ptcp154",
                                     "shift_jisx0213",
                                     "sjis",
                                     "ucs-2",
                                     "unicode-1-1-utf-7",
                                     "utf-32be",
                                     "utf-32le",
                                     "viscii",
                                     "windows-31j",
                                     "windows-936",
                                     "windows-949",
                                     "x-gbk",
                                     "x-mac-roman",
                                     "x-sjis",
                                     "x-user-defined"});

bool IsRegisteredCharset(std::string_view charset) {
  return IsKnownCharset(charset) ||
         std::ranges::find(kOtherCharsets, charset) != kOtherCharsets.end();
}

void Note(std::string words, std::string* first) {
  if (first->empty()) *first = std::move(words);
}

std::string Shown(std::string_view text) { return EscapeForLog(text, 60); }

bool IsContainerEncoding(std::string_view encoding) {
  return encoding.empty() || encoding == "7bit" || encoding == "8bit" ||
         encoding == "binary";
}

bool IsLeafEncoding(std::string_view encoding) {
  return IsContainerEncoding(encoding) || encoding == "base64" ||
         encoding == "quoted-printable" || encoding == "x-uuencode" ||
         encoding == "uuencode" || encoding.starts_with("x-");
}

// RFC 2046 s.5.1.1 bchars.
bool IsBoundary(std::string_view boundary) {
  constexpr std::string_view kMarks = "'()+_,-./:=? ";
  return boundary.size() <= kMaxBoundary && !boundary.ends_with(' ') &&
         std::ranges::all_of(boundary, [&](char c) {
           return IsAlnum(c) || kMarks.find(c) != kMarks.npos;
         });
}

std::string BoundaryFault(const OutlinePart& part, bool is_over_limit) {
  const ContentType& type = part.content_type;
  if (type.boundary.empty()) return type.type + " without a boundary";
  if (!IsBoundary(type.boundary))
    return "boundary of " + std::to_string(type.boundary.size()) +
           " octets: " + Shown(type.boundary);
  if (is_over_limit) return {};
  if (!part.is_met) return type.type + " whose boundary is never met";
  if (!part.is_closed) return type.type + " that is never closed";
  return {};
}

void ReadPart(const OutlinePart& part, bool is_over_limit, MimeFacts* facts) {
  const std::string& type = part.content_type.type;
  facts->depth = std::max(facts->depth, part.depth);
  const bool is_multipart = type.starts_with("multipart/");
  if (!part.content_type.is_readable)
    Note("a Content-Type that is no type/subtype", &facts->content_type);
  if (is_multipart || IsMessageType(type)) {
    if (!IsContainerEncoding(part.encoding))
      Note(type + " in " + Shown(part.encoding), &facts->container_encoding);
  } else if (!IsLeafEncoding(part.encoding)) {
    Note("encoding " + Shown(part.encoding), &facts->unknown_encoding);
  }
  if (is_multipart)
    if (std::string fault = BoundaryFault(part, is_over_limit); !fault.empty())
      Note(std::move(fault), &facts->boundary);
  if (part.has_conflict)
    facts->ambiguities.emplace_back("MIME fields that contradict each other");
  if (part.content_type.has_second_boundary)
    facts->ambiguities.emplace_back("two boundaries");
  if (part.repeats_boundary)
    facts->ambiguities.emplace_back("the boundary of an outer multipart");
}

// Whether the text is not what its charset can say.
std::string CharsetFault(const MimePart& part, std::string_view raw) {
  if (part.charset.empty()) return {};
  if (!IsRegisteredCharset(part.charset))
    return "unknown charset " + Shown(part.charset);
  const bool is_ascii = part.charset == "us-ascii" || part.charset == "ascii";
  if (is_ascii && !IsAscii(part.text)) return "8-bit octets in us-ascii";
  const bool is_utf8 = part.charset == "utf-8" || part.charset == "utf8";
  // Text that was cut may end within a character.
  const bool is_judged = IsKnownCharset(part.charset) && !is_ascii &&
                         !part.is_cut && Contains(part.text, kLost);
  if (!is_judged) return {};
  const bool is_written =
      is_utf8 &&
      IsUtf8(DecodeTransfer(raw, part.encoding, MimeStructure::kTextBytes));
  return is_written ? std::string() : "octets that are no " + part.charset;
}

// "begin 644 name" and a full line behind it: mail programs show a file.
bool HasUuencode(std::string_view text) {
  for (std::size_t at = text.find("begin "); at != text.npos;
       at = text.find("begin ", at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    const std::string_view rest = text.substr(at + 6, 512);
    const std::size_t lf = rest.find('\n');
    if (lf == rest.npos || lf < 5) continue;
    const bool has_mode = IsDigit(rest[0]) && IsDigit(rest[1]) &&
                          IsDigit(rest[2]) && IsBlank(rest[3]);
    if (has_mode && rest.substr(lf + 1).starts_with('M') &&
        rest.find('\n', lf + 1) >= lf + 62)
      return true;
  }
  return false;
}

bool IsWide(std::string_view charset) {
  return charset.starts_with("utf-16") || charset.starts_with("utf-32") ||
         charset == "utf-7" || charset.starts_with("iso-2022");
}

void ReadBase64(const MimePart& part, const Facts& message, MimeFacts* facts) {
  const Base64Scan scan = ScanBase64(message.message->body.bytes(), part.begin,
                                     part.end, message.body.base64);
  if (scan.has_more)
    facts->ambiguities.push_back("text behind the end of base64 in " +
                                 part.type);
  else if (scan.has_foreign)
    Note(part.type + " with octets that are not base64", &facts->base64);
  else if (scan.is_cut)
    Note(part.type + " whose last group is not whole", &facts->base64);
  const bool is_plain = part.type.starts_with("text/") && !part.text.empty() &&
                        !part.is_attachment && !part.is_sealed &&
                        !IsWide(part.charset) && IsAscii(part.text);
  if (is_plain) Note(part.type + " of ASCII", &facts->plain_base64);
}

void ReadLeaf(const MimePart& part, const Facts& facts, MimeFacts* found) {
  const std::string_view raw =
      facts.message->body.bytes().substr(part.begin, part.end - part.begin);
  if (part.encoding == "base64") ReadBase64(part, facts, found);
  if (facts.body.has_eight_bit && part.encoding != "8bit" &&
      part.encoding != "binary" && !IsAscii(raw))
    Note(part.type + " declared " +
             (part.encoding.empty() ? "7bit" : Shown(part.encoding)),
         &found->undeclared);
  if (!part.type.starts_with("text/")) return;
  if (std::string fault = CharsetFault(part, raw); !fault.empty())
    Note(std::move(fault), &found->charset);
  if (part.type == "text/plain" && !part.is_attachment &&
      HasUuencode(part.text))
    found->ambiguities.emplace_back("a uuencoded file in the text");
}

// Words by their hashes; as many as kPlainBytes can have.
class WordSet {
 public:
  static constexpr std::size_t kPlainBytes = 4 * 1024;

  // False: it was there.
  bool Add(std::uint64_t word) {
    std::uint64_t& place = PlaceOf(word);
    if (place != 0) return false;
    place = word;
    ++size_;
    return true;
  }
  // True: it was there.
  bool Remove(std::uint64_t word) {
    std::uint64_t& place = PlaceOf(word);
    if (place != word) return false;
    place = kRemoved;
    return true;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::uint64_t kRemoved = 1;  // no word's: they are even

  std::uint64_t& PlaceOf(std::uint64_t word) {
    std::size_t at = word >> 53;
    while (words_[at] != 0 && words_[at] != word) at = (at + 1) % words_.size();
    return words_[at];
  }

  std::array<std::uint64_t, 2 * kPlainBytes / 4> words_{};
  std::size_t size_ = 0;
};

// Calls take(hash) for each word of at least four ASCII letters, in lower case,
// until it says false.
template <typename Take>
void ForEachWord(std::string_view text, const Take& take) {
  constexpr std::uint64_t kStart = 14695981039346656037u;
  std::uint64_t hash = kStart;
  std::size_t letters = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? static_cast<char>(text[i] | 0x20) : ' ';
    if (c >= 'a' && c <= 'z') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
      ++letters;
      continue;
    }
    const bool is_word = letters >= 4;
    // Multiplied again, for the highest bits say the place.
    const std::uint64_t word = hash * 0x9e3779b97f4a7c15u << 1 | 2;
    letters = 0;
    hash = kStart;
    if (is_word && !take(word)) return;
  }
}

// Of the first text and the first HTML of an alternative.
std::string AlternativeFault(const Facts& facts, const MimeOutline& outline) {
  constexpr std::size_t kLeastWords = 20, kOneOf = 20;
  constexpr std::size_t kHtmlBytes = 64 * 1024;
  const bool is_alternative =
      std::ranges::any_of(outline.parts, [](const OutlinePart& part) {
        return part.content_type.type == "multipart/alternative";
      });
  const auto plain =
      std::ranges::find_if(facts.mime.parts, [](const MimePart& part) {
        return part.type == "text/plain" && !part.is_attachment;
      });
  if (!is_alternative || plain == facts.mime.parts.end() ||
      facts.html.empty() || facts.html.front()->is_over_limit)
    return {};
  WordSet words, shown;
  ForEachWord(std::string_view(plain->text).substr(0, WordSet::kPlainBytes),
              [&](std::uint64_t word) { return words.Add(word) || true; });
  if (words.size() < kLeastWords) return {};
  std::size_t common = 0;
  ForEachWord(std::string_view(facts.html.front()->text).substr(0, kHtmlBytes),
              [&](std::uint64_t word) {
                if (words.Remove(word)) ++common;
                if (shown.size() < kLeastWords) shown.Add(word);
                return common * kOneOf < words.size();
              });
  if (common * kOneOf >= words.size() || shown.size() < kLeastWords) return {};
  return std::to_string(common) + " of " + std::to_string(words.size()) +
         " words of the plain text are in the HTML";
}

// Of what was not read nobody can say that it is empty.
bool IsEmpty(const Facts& facts) {
  for (std::size_t i = 0; i < facts.mime.parts.size(); ++i)
    if (!IsReadWhole(facts, i)) return false;
  const bool has_content =
      std::ranges::any_of(facts.mime.parts, [](const MimePart& part) {
        if (!part.type.starts_with("text/") || part.is_attachment) return true;
        return part.type != "text/html" && !Trim(part.text).empty();
      });
  const bool has_html = std::ranges::any_of(facts.html, [](const auto& html) {
    return html->is_over_limit || html->images > 0 || !html->links.empty() ||
           !Trim(html->text).empty();
  });
  return !has_content && !has_html && !facts.mime.is_over_limit;
}

// GMime's leaves are kept apart from those that it only found by guessing.
void Compare(const Facts& facts, const MimeOutline& outline, MimeFacts* found) {
  for (const std::string& warning : facts.mime.warnings)
    if (warning.starts_with("conflicting") ||
        warning == "invalid header field name in a part")
      found->ambiguities.push_back(warning);
  if (outline.is_over_limit || facts.mime.is_over_limit ||
      !found->boundary.empty())
    return;
  const std::size_t leaves = outline.CountLeaves();
  if (leaves != facts.mime.parts.size())
    found->ambiguities.push_back(std::to_string(facts.mime.parts.size()) +
                                 " parts to one reader, " +
                                 std::to_string(leaves) + " to another");
}

void Unique(std::vector<std::string>* words) {
  std::ranges::sort(*words);
  const auto doubled = std::ranges::unique(*words);
  words->erase(doubled.begin(), doubled.end());
}

}  // namespace

void GatherMime(Facts* facts) {
  const Message& message = *facts->message;
  MimeFacts found;
  found.is_version_missing = message.header.Find("Content-Type") != nullptr &&
                             message.header.Find("MIME-Version") == nullptr;
  const MimeOutline outline = ReadOutline(message.header, message.body.bytes());
  found.parts = outline.parts.size();
  for (const OutlinePart& part : outline.parts)
    ReadPart(part, outline.is_over_limit, &found);
  for (const MimePart& part : facts->mime.parts)
    if (!part.type.starts_with("multipart/")) ReadLeaf(part, *facts, &found);
  found.alternative = AlternativeFault(*facts, outline);
  found.is_empty = IsEmpty(*facts);
  Compare(*facts, outline, &found);
  Unique(&found.ambiguities);
  facts->structure = std::move(found);
}

}  // namespace postern
