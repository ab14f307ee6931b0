#include "policy/message/mime_outline.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "policy/base/text.h"
#include "policy/message/mime_leaf.h"

namespace postern {
namespace {

constexpr std::size_t kMaxFieldBytes = 64 * 1024;

// The pieces between semicolons that stand outside of quotes.
std::vector<std::string_view> Parameters(std::string_view value) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && is_quoted)
      ++i;
    else if (value[i] == '"')
      is_quoted = !is_quoted;
    else if (value[i] == ';' && !is_quoted) {
      pieces.push_back(value.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  pieces.push_back(value.substr(begin));
  return pieces;
}

// A token or a quoted string.
std::string ParameterValue(std::string_view text) {
  text = Trim(text);
  if (!text.starts_with('"'))
    return std::string(text.substr(0, text.find_first_of(" \t\r\n(")));
  std::string value;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return value;
}

bool IsToken(std::string_view text) {
  constexpr std::string_view kForeign = "()<>@,;:\\\"/[]?= \t\r\n";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > ' ' && octet < 0x7f && kForeign.find(c) == kForeign.npos;
  });
}

// The MIME fields of one part.
struct PartFields {
  std::optional<std::string> type, encoding;
  bool has_conflict = false;

  void Take(std::string_view name, const std::string& value) {
    if (EqualsIgnoreCase(name, "Content-Type")) Set(value, &type);
    if (EqualsIgnoreCase(name, "Content-Transfer-Encoding"))
      Set(value, &encoding);
  }

 private:
  void Set(const std::string& value, std::optional<std::string>* own) {
    if (*own && **own != value) has_conflict = true;
    if (!*own) *own = value;
  }
};

bool IsEncoded(std::string_view encoding) {
  for (const std::string_view name :
       {"base64", "quoted-printable", "uuencode", "x-uuencode", "x-uue"})
    if (encoding == name) return true;
  return false;
}

class OutlineReader {
 public:
  explicit OutlineReader(std::string_view body) : body_(body) {}

  MimeOutline Read(const PartFields& fields) {
    Add(fields, "text/plain");
    while (!outline_.is_over_limit && NextBoundaryLine()) {
    }
    return std::move(outline_);
  }

 private:
  struct Open {
    std::size_t part;  // its place in the outline
    std::size_t depth;
    bool is_digest;
  };

  // Adds a part whose content begins at at_; what it holds, if it is a message.
  void Add(PartFields fields, std::string default_type) {
    for (std::size_t depth = stack_.size();; ++depth) {
      const bool is_full = outline_.parts.size() >= MimeOutline::kMaxParts ||
                           depth > MimeOutline::kMaxDepth;
      outline_.is_over_limit |= is_full;
      if (is_full) return;
      OutlinePart part = PartOf(fields, default_type);
      part.depth = depth + messages_;
      // What is encoded is a file to its reader (RFC 2046 s.5.2.1).
      const bool is_message =
          IsMessageType(part.content_type.type) && !IsEncoded(part.encoding);
      const bool is_multipart =
          part.content_type.type.starts_with("multipart/");
      part.is_container =
          is_message || (is_multipart && !part.content_type.boundary.empty());
      if (is_multipart && part.is_container) Push(&part);
      outline_.parts.push_back(std::move(part));
      if (!is_message) return;
      fields = ReadFields();
      default_type = "text/plain";
    }
  }

  void Push(OutlinePart* part) {
    const std::string& boundary = part->content_type.boundary;
    part->repeats_boundary = std::ranges::any_of(
        stack_, [&](const Open& open) { return BoundaryOf(open) == boundary; });
    stack_.push_back({outline_.parts.size(), part->depth,
                      part->content_type.type == "multipart/digest"});
  }

  [[nodiscard]] const std::string& BoundaryOf(const Open& open) const {
    return outline_.parts[open.part].content_type.boundary;
  }

  static OutlinePart PartOf(const PartFields& fields,
                            const std::string& default_type) {
    OutlinePart part;
    if (fields.type)
      part.content_type = ReadContentType(*fields.type);
    else
      part.content_type.type = default_type;
    if (fields.encoding) part.encoding = EncodingOf(*fields.encoding);
    part.has_conflict = fields.has_conflict;
    return part;
  }

  // Moves behind the next line that begins with "--"; false: there is none.
  bool NextBoundaryLine() {
    if (stack_.empty()) return false;
    for (;;) {
      const std::size_t dash = body_.find("--", at_);
      if (dash == body_.npos) return false;
      at_ = dash + 1;
      if (dash > 0 && body_[dash - 1] != '\n') continue;
      if (++lines_ > MimeOutline::kMaxBoundaryLines) {
        outline_.is_over_limit = true;
        return false;
      }
      TakeLine(dash);
      return true;
    }
  }

  // From the innermost boundary outwards.
  void TakeLine(std::size_t begin) {
    const std::size_t lf = std::min(body_.find('\n', begin), body_.size());
    const std::string_view line = Trim(body_.substr(begin + 2, lf - begin - 2));
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::string& boundary = BoundaryOf(stack_[i]);
      if (!line.starts_with(boundary)) continue;
      const std::string_view rest = line.substr(boundary.size());
      if (!rest.empty() && rest != "--") continue;
      stack_.resize(i + 1);
      at_ = std::min(lf + 1, body_.size());
      return rest.empty() ? BeginPart() : ClosePart();
    }
  }

  void ClosePart() {
    outline_.parts[stack_.back().part].is_closed = true;
    stack_.pop_back();
  }

  void BeginPart() {
    const Open& open = stack_.back();
    outline_.parts[open.part].is_met = true;
    messages_ = open.depth + 1 - stack_.size();
    const std::string type = open.is_digest ? "message/rfc822" : "text/plain";
    Add(ReadFields(), type);
  }

  // Header lines up to the empty one, or to a boundary.
  PartFields ReadFields() {
    PartFields fields;
    std::string_view name;
    std::string value;
    while (at_ < body_.size()) {
      const std::size_t lf = std::min(body_.find('\n', at_), body_.size());
      std::string_view line = body_.substr(at_, lf - at_);
      if (line.starts_with("--")) break;
      at_ = std::min(lf + 1, body_.size());
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) break;
      if (IsBlank(line.front())) {
        if (value.size() < kMaxFieldBytes) value += line;
        continue;
      }
      fields.Take(name, value);
      const std::size_t colon = line.find(':');
      name = Trim(line.substr(0, std::min(colon, line.size())));
      value = colon == line.npos ? "" : line.substr(colon + 1);
      value.resize(std::min(value.size(), kMaxFieldBytes));
    }
    fields.Take(name, value);
    return fields;
  }

  std::string_view body_;
  std::size_t at_ = 0, lines_ = 0;
  std::size_t messages_ = 0;  // attached messages around the present part
  std::vector<Open> stack_;
  MimeOutline outline_;
};

}  // namespace

// RFC 2046 s.5.2.1, RFC 6532 s.3.7, and two old names.
bool IsMessageType(std::string_view type) {
  for (const std::string_view name :
       {"message/rfc822", "message/global", "message/rfc2822", "message/news"})
    if (type == name) return true;
  return false;
}

ContentType ReadContentType(std::string_view value) {
  ContentType read;
  const std::vector<std::string_view> pieces = Parameters(value);
  std::string_view type = pieces.front();
  type = Trim(type.substr(0, type.find('(')));
  const std::size_t slash = type.find('/');
  read.is_readable = slash != type.npos && IsToken(type.substr(0, slash)) &&
                     IsToken(type.substr(slash + 1));
  if (read.is_readable) read.type = ToLower(type);
  bool has_boundary = false;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::size_t equals = pieces[i].find('=');
    if (equals == std::string_view::npos ||
        !EqualsIgnoreCase(Trim(pieces[i].substr(0, equals)), "boundary"))
      continue;
    std::string boundary = ParameterValue(pieces[i].substr(equals + 1));
    if (has_boundary)
      read.has_second_boundary |= boundary != read.boundary;
    else
      read.boundary = std::move(boundary);
    has_boundary = true;
  }
  return read;
}

std::size_t MimeOutline::CountLeaves() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      parts, [](const OutlinePart& part) { return !part.is_container; }));
}

MimeOutline ReadOutline(const Header& header, std::string_view body) {
  PartFields fields;
  for (const HeaderField& field : header.fields())
    if (StartsWithIgnoreCase(field.name, "Content-"))
      fields.Take(field.name, field.Unfolded());
  return OutlineReader(body).Read(fields);
}

}  // namespace postern
