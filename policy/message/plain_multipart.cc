#include "policy/message/plain_multipart.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/base/text.h"
#include "policy/message/mime_leaf.h"

namespace postern {
namespace {

constexpr std::size_t kMaxParts = 100;
constexpr std::size_t kMaxMultiparts = 16;
constexpr std::size_t kMaxDashLines = 10'000;
constexpr std::size_t kMaxHeadBytes = 8 * 1024;
constexpr std::size_t kMaxFields = 20;
constexpr std::size_t kMaxBoundaryBytes = 70;  // RFC 2046 s.5.1.1

bool IsPlainTokenOctet(char c) {
  constexpr std::string_view kMarks = "!#$&+-.^_`{|}~";
  return IsAlnum(c) || kMarks.find(c) != kMarks.npos;
}

// Takes apart one value of a MIME field. Nothing taken: it is not plain.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view Token() {
    std::size_t size = 0;
    while (size < text_.size() && IsPlainTokenOctet(text_[size])) ++size;
    return Take(size);
  }
  [[nodiscard]] bool Skip(char expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void SkipSpace() {
    text_.remove_prefix(
        std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
  }
  [[nodiscard]] bool is_at_end() const { return text_.empty(); }

  // A token or what stands in quotes.
  [[nodiscard]] std::string_view Value() {
    if (!Skip('"')) return Token();
    const std::size_t size = text_.find('"');
    if (size == text_.npos) return {};
    const std::string_view inside = Take(size);
    const bool is_plain =
        std::ranges::all_of(
            inside, [](char c) { return c >= ' ' && c < 0x7f && c != '\\'; }) &&
        inside.find("=?") == inside.npos && Skip('"');
    return is_plain ? inside : std::string_view();
  }

 private:
  std::string_view Take(std::size_t size) {
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }

  std::string_view text_;
};

struct Parameters {
  std::string_view boundary, charset, name, filename;
};

// "; name=value", again and again; false: otherwise, or a name twice.
bool ReadParameters(ValueReader* reader, Parameters* parameters) {
  std::array<std::string_view, 8> names;
  std::size_t count = 0;
  for (reader->SkipSpace(); !reader->is_at_end(); reader->SkipSpace()) {
    if (!reader->Skip(';')) return false;
    reader->SkipSpace();
    const std::string_view name = reader->Token();
    if (name.empty() || !reader->Skip('=')) return false;
    const std::string_view value = reader->Value();
    if (value.empty() || count == names.size()) return false;
    for (std::size_t i = 0; i < count; ++i)
      if (EqualsIgnoreCase(names[i], name)) return false;
    names[count++] = name;
    if (EqualsIgnoreCase(name, "boundary")) parameters->boundary = value;
    if (EqualsIgnoreCase(name, "charset")) parameters->charset = value;
    if (EqualsIgnoreCase(name, "name")) parameters->name = value;
    if (EqualsIgnoreCase(name, "filename")) parameters->filename = value;
  }
  return true;
}

// What the MIME fields of one part say.
struct Head {
  std::string type;  // lower case
  std::string encoding;
  std::string_view disposition;
  Parameters parameters;
  std::array<std::string_view, kMaxFields> names;
  std::size_t count = 0;
};

bool TakeType(std::string_view value, Head* head) {
  ValueReader reader(Trim(value));
  const std::string_view type = reader.Token();
  if (type.empty() || !reader.Skip('/')) return false;
  const std::string_view subtype = reader.Token();
  if (subtype.empty()) return false;
  head->type.reserve(type.size() + 1 + subtype.size());
  head->type.append(type).append("/").append(subtype);
  head->type = ToLower(head->type);
  const std::string_view filename = head->parameters.filename;
  const bool is_plain = ReadParameters(&reader, &head->parameters);
  head->parameters.filename = filename;  // that of the disposition
  return is_plain && !head->type.starts_with("message/");
}

bool TakeDisposition(std::string_view value, Head* head) {
  ValueReader reader(Trim(value));
  head->disposition = reader.Token();
  Parameters parameters;
  if (head->disposition.empty() || !ReadParameters(&reader, &parameters))
    return false;
  head->parameters.filename = parameters.filename;
  return true;
}

bool TakeEncoding(std::string_view value, Head* head) {
  head->encoding = ToLower(Trim(value));
  for (const std::string_view known :
       {"7bit", "quoted-printable", "base64", "8bit", "binary"})
    if (head->encoding == known) return true;
  return false;
}

bool TakeField(std::string_view name, std::string_view value, Head* head) {
  if (head->count == head->names.size()) return false;
  for (std::size_t i = 0; i < head->count; ++i)
    if (EqualsIgnoreCase(head->names[i], name)) return false;
  head->names[head->count++] = name;
  if (EqualsIgnoreCase(name, "Content-Type")) return TakeType(value, head);
  if (EqualsIgnoreCase(name, "Content-Disposition"))
    return TakeDisposition(value, head);
  if (EqualsIgnoreCase(name, "Content-Transfer-Encoding"))
    return TakeEncoding(value, head);
  return true;
}

// "Name: value" lines with folds, each ended by CRLF.
bool ReadFields(std::string_view text, Head* head) {
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    while (end + 1 < text.size() && IsBlank(text[end + 1]))
      end = text.find('\n', end + 1);
    const std::string_view field = text.substr(0, end - 1);
    const std::size_t colon = field.find(':');
    if (colon == field.npos || !IsAlnum(field.front())) return false;
    const std::string_view name = field.substr(0, colon);
    const bool is_name = std::ranges::all_of(
        name, [](char c) { return IsAlnum(c) || c == '-'; });
    if (!is_name || !TakeField(name, field.substr(colon + 1), head))
      return false;
    text.remove_prefix(end + 1);
  }
  return !head->type.empty();
}

// Printable ASCII in lines that end with CRLF, none of them blank.
bool IsPlainText(std::string_view text) {
  bool is_blank = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (is_blank || i + 1 == text.size() || text[i + 1] != '\n') return false;
      is_blank = true;
      ++i;
    } else if (c != '\t' && (c < ' ' || c > '~')) {
      return false;
    } else {
      is_blank = is_blank && IsBlank(c);
    }
  }
  return true;
}

bool IsPlainMultipart(const Head& head) {
  const std::string_view boundary = head.parameters.boundary;
  return (head.type == "multipart/alternative" ||
          head.type == "multipart/mixed" || head.type == "multipart/related") &&
         !boundary.empty() && boundary.size() <= kMaxBoundaryBytes &&
         boundary.find(' ') == boundary.npos;
}

MimePart PartOf(const Head& head, std::size_t depth) {
  MimePart part;
  part.type = head.type;
  part.charset = ToLower(head.parameters.charset);
  part.encoding = head.encoding;
  part.is_attachment = EqualsIgnoreCase(head.disposition, "attachment");
  part.file_name = head.parameters.filename.empty() ? head.parameters.name
                                                    : head.parameters.filename;
  if (head.disposition.empty() && !part.file_name.empty())
    part.is_attachment = true;
  part.depth = static_cast<int>(depth);
  return part;
}

class PlainReader {
 public:
  PlainReader(std::string_view body, std::span<const Base64Run> runs)
      : body_(body), runs_(runs) {}

  [[nodiscard]] bool Read(const Head& head) {
    if (!Open(head)) return false;
    std::size_t lines = 0;
    while (const std::optional<std::size_t> dashes = NextDashes()) {
      if (++lines > kMaxDashLines) return false;
      const std::size_t end = std::min(body_.find('\n', *dashes), body_.size());
      std::string_view line = body_.substr(*dashes + 2, end - *dashes - 2);
      at_ = std::min(end + 1, body_.size());
      if (IsFree(line)) continue;
      // It must be that of the multipart at hand, and nothing but that.
      if (open_.empty() || end == body_.size() || !line.ends_with('\r') ||
          !line.starts_with(open_.back().boundary))
        return false;
      line.remove_prefix(open_.back().boundary.size());
      line.remove_suffix(1);
      if (!EndLeaf(*dashes)) return false;
      if (line == "--" ? !Close() : !line.empty() || !BeginPart()) return false;
    }
    return open_.empty();
  }

  void AddTo(MimeStructure* structure) {
    structure->declares_eight_bit |= declares_eight_bit_;
    for (MimePart& part : parts_) {
      const std::string_view raw =
          body_.substr(part.begin, part.end - part.begin);
      AddLeaf(std::move(part), raw, structure);
    }
  }

 private:
  struct Opened {
    std::string boundary;
    bool has_parts = false;
  };

  // Where the next line begins with two hyphens.
  [[nodiscard]] std::optional<std::size_t> NextDashes() {
    for (;;) {
      while (!runs_.empty() && runs_.front().end <= at_)
        runs_ = runs_.subspan(1);
      if (!runs_.empty() && runs_.front().begin <= at_) at_ = runs_.front().end;
      const std::size_t stop = runs_.empty() || runs_.front().begin <= at_
                                   ? body_.size()
                                   : runs_.front().begin;
      const std::string_view piece = body_.substr(0, stop);
      const std::size_t found = piece.find("--", at_);
      if (found == piece.npos) {
        if (stop == body_.size()) return std::nullopt;
        at_ = stop;
        continue;
      }
      if (found == 0 || body_[found - 1] == '\n') return found;
      at_ = found + 1;
    }
  }

  // Of none of the boundaries, not even as its beginning.
  [[nodiscard]] bool IsFree(std::string_view line) const {
    return std::ranges::none_of(used_, [line](const std::string& boundary) {
      return line.starts_with(boundary);
    });
  }

  [[nodiscard]] bool Open(const Head& head) {
    const std::string_view boundary = head.parameters.boundary;
    if (!IsPlainMultipart(head) || used_.size() == kMaxMultiparts) return false;
    for (const std::string& used : used_)
      if (used.starts_with(boundary) || boundary.starts_with(used))
        return false;
    declares_eight_bit_ |= IsEightBitEncoding(head.encoding);
    used_.emplace_back(boundary);
    open_.push_back({std::string(boundary)});
    return true;
  }

  [[nodiscard]] bool Close() {
    const bool has_parts = open_.back().has_parts;
    open_.pop_back();
    return has_parts;
  }

  [[nodiscard]] bool BeginPart() {
    open_.back().has_parts = true;
    const std::size_t end = body_.substr(at_, kMaxHeadBytes).find("\r\n\r\n");
    if (end == body_.npos) return false;
    const std::string_view text = body_.substr(at_, end + 2);
    at_ += end + 4;
    Head head;
    if (!IsPlainText(text) || !ReadFields(text, &head)) return false;
    if (head.type.starts_with("multipart/")) return Open(head);
    if (parts_.size() == kMaxParts) return false;
    parts_.push_back(PartOf(head, open_.size()));
    parts_.back().begin = at_;
    is_in_leaf_ = true;
    return true;
  }

  // The line end before a boundary is the boundary's.
  [[nodiscard]] bool EndLeaf(std::size_t dashes) {
    if (!std::exchange(is_in_leaf_, false)) return true;
    MimePart& part = parts_.back();
    part.end = dashes - 2;
    return part.end > part.begin && body_[part.end] == '\r';
  }

  std::string_view body_;
  std::span<const Base64Run> runs_;
  std::size_t at_ = 0;
  std::vector<Opened> open_;
  std::vector<std::string> used_;  // by all multiparts
  std::vector<MimePart> parts_;
  bool is_in_leaf_ = false, declares_eight_bit_ = false;
};

}  // namespace

bool ReadPlainMultipart(const Header& header, std::string_view body,
                        std::span<const Base64Run> runs,
                        MimeStructure* structure) {
  Head head;
  for (const HeaderField& field : header.fields()) {
    const bool is_version = EqualsIgnoreCase(field.name, "MIME-Version");
    if (!is_version && !StartsWithIgnoreCase(field.name, "Content-")) continue;
    const bool is_known =
        is_version || EqualsIgnoreCase(field.name, "Content-Type") ||
        EqualsIgnoreCase(field.name, "Content-Transfer-Encoding");
    const bool is_ascii = std::ranges::all_of(field.value, [](char c) {
      return c == '\t' || c == '\n' || (c >= ' ' && c <= '~');
    });
    if (!is_known || !is_ascii || !TakeField(field.name, field.value, &head))
      return false;
  }
  PlainReader reader(body, runs);
  if (!reader.Read(head)) return false;
  reader.AddTo(structure);
  return true;
}

}  // namespace postern
