// The declared type of an attachment becomes that of its content, where its
// name promises nothing. What is a program is called nothing better: whoever
// called it a picture meant to deceive.

#include <algorithm>
#include <string>

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

// The header of a part, its lines up to the empty one, where the part's content
// begins behind it; empty: it cannot be told.
std::string_view HeaderBefore(std::string_view body, const MimePart& part) {
  const std::string_view before = body.substr(0, part.begin);
  const std::size_t end = before.rfind("\r\n\r\n");
  if (end == before.npos || end + 4 != before.size()) return {};
  const std::size_t boundary = before.rfind("\r\n--", end);
  const std::size_t begin =
      boundary == before.npos && before.starts_with("--") ? 0 : boundary;
  if (begin == before.npos || end - begin > kLongestHeader) return {};
  return before.substr(begin, end + 2 - begin);
}

// Where the header says its media type; empty: not once, or it is another.
std::string_view TypeIn(std::string_view header, const MimePart& part) {
  std::string_view found;
  for (std::size_t at = header.find("\r\n"); at != header.npos;
       at = header.find("\r\n", at + 2)) {
    std::string_view rest = header.substr(at + 2);
    if (!StartsWithIgnoreCase(rest, kName)) continue;
    rest = Trim(rest.substr(kName.size()));
    if (!rest.starts_with(':')) continue;
    const std::string_view value = Trim(rest.substr(1));
    const std::string_view type =
        value.substr(0, value.find_first_of("; \t\r"));
    if (!found.empty() || !EqualsIgnoreCase(type, part.type)) return {};
    found = type;
  }
  return found;
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
    const std::string_view type = TypeIn(HeaderBefore(body, part), part);
    const auto begin = static_cast<std::size_t>(type.data() - body.data());
    if (type.empty() || part.is_sealed || begin < copied) continue;
    changed += body.substr(copied, begin - copied);
    changed += file.content_type;
    copied = begin + type.size();
  }
  if (copied == 0) return false;
  changed += body.substr(copied);
  message->body = Body::FromString(std::move(changed));
  return true;
}

}  // namespace postern
