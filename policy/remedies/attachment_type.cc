// The declared type of an attachment becomes that of its content, where its
// name promises nothing. What is a program is called nothing better: whoever
// called it a picture meant to deceive.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

constexpr std::string_view kName = "Content-Type";
constexpr std::size_t kLongestHeader = 16 * 1024;

bool IsMisdeclared(const AttachmentFact& file) {
  const bool is_harmless =
      file.content == FileClass::kPdf || file.content == FileClass::kDocument ||
      file.content == FileClass::kArchive || file.content == FileClass::kMarkup;
  return is_harmless && BreaksPromise(file) &&
         ClassOfExtension(file.file.extension()) == FileClass::kUnknown &&
         Contains(file.content_type, "/");
}

// "image/png; name=x" with this type before the semicolon.
std::string WithType(std::string_view value, const std::string& type) {
  const std::size_t parameters = std::min(value.find(';'), value.size());
  return type + std::string(value.substr(parameters));
}

struct Span {
  std::size_t begin = 0, end = 0;
};

// The media type in the header that ends where the part's content begins;
// nullopt: there is not exactly one that can be read.
std::optional<Span> TypeBefore(std::string_view body, const MimePart& part) {
  std::string_view header = body.substr(0, part.begin);
  const std::size_t floor =
      header.size() > kLongestHeader ? header.size() - kLongestHeader : 0;
  std::optional<Span> found;
  std::size_t line_end = header.size();
  bool is_first = true;
  while (line_end > floor) {
    const std::size_t before = header.rfind('\n', line_end - 2);
    const std::size_t begin = before == header.npos ? 0 : before + 1;
    const std::string_view line = header.substr(begin, line_end - begin);
    line_end = begin;
    if (line.starts_with("--")) return found;
    if (Trim(line).empty() && !std::exchange(is_first, false))
      return std::nullopt;
    const std::size_t colon = line.find(':');
    if (colon == line.npos || IsBlank(line[0]) ||
        !EqualsIgnoreCase(Trim(line.substr(0, colon)), kName))
      continue;
    const std::string_view type =
        Trim(line.substr(colon + 1, line.find(';', colon) - colon - 1));
    if (found || !EqualsIgnoreCase(type, part.type)) return std::nullopt;
    found = {.begin = static_cast<std::size_t>(type.data() - body.data())};
    found->end = found->begin + type.size();
  }
  return std::nullopt;
}

bool CorrectWhole(const Facts& facts, const AttachmentFact& file,
                  Message* message) {
  if (facts.IsFieldCovered(kName) || message->header.Count(kName) != 1)
    return false;
  const std::string value = message->header.Find(kName)->Unfolded();
  message->header.Set(kName, WithType(value, file.content_type));
  return true;
}

}  // namespace

bool CorrectAttachmentTypes(const Facts& facts, Message* message) {
  if (facts.is_body_covered || facts.mime.is_over_limit) return false;
  const MimeStructure mime = MimeNow(facts, *message);
  if (mime.parts.size() != facts.mime.parts.size()) return false;
  const std::string_view body = message->body.bytes();
  std::string changed;
  std::size_t copied = 0;
  for (const AttachmentFact& file : facts.attachments.files) {
    if (!IsMisdeclared(file) || file.part >= mime.parts.size()) continue;
    const MimePart& part = mime.parts[file.part];
    if (part.depth == 0 && mime.parts.size() == 1)
      return CorrectWhole(facts, file, message);
    const std::optional<Span> type = TypeBefore(body, part);
    if (!type || part.is_sealed || type->begin < copied) continue;
    changed += body.substr(copied, type->begin - copied);
    changed += file.content_type;
    copied = type->end;
  }
  if (copied == 0) return false;
  changed += body.substr(copied);
  message->body = Body::FromString(std::move(changed));
  return true;
}

}  // namespace postern
