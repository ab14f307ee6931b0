// GMime reads multiparts that are not plain; a message of one part is read
// without its parser.
// Only Content-* and MIME-Version fields go to GMime, so that no number of
// other fields can cost anything. Offsets come from the streams' bounds: the
// parser is told to keep the stream, and every content is a window on it.
// Never called: g_mime_multipart_get_boundary (endless in 3.2.13 on some
// boundary-less multiparts), setters and writers.

#include "policy/message/mime.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "policy/base/call_free.h"
#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/mime_guard.h"
#include "policy/message/mime_leaf.h"
#include "policy/message/mime_reading.h"
#include "policy/message/plain_multipart.h"

namespace postern {
namespace {

template <typename T>
using GObjectOf = std::unique_ptr<T, CallFree<g_object_unref>>;
using ParserOptions =
    std::unique_ptr<GMimeParserOptions, CallFree<g_mime_parser_options_free>>;
using GString8 = std::unique_ptr<char, CallFree<g_free>>;

constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kMaxFieldBytes = 64 * 1024;

std::string OrEmpty(const char* text) { return text == nullptr ? "" : text; }

std::string_view WordsOf(GMimeParserWarning warning) {
  switch (warning) {
    case GMIME_WARN_DUPLICATED_HEADER:
      return "duplicate MIME header field";
    case GMIME_WARN_DUPLICATED_PARAMETER:
      return "duplicate MIME parameter";
    case GMIME_WARN_UNENCODED_8BIT_HEADER:
      return "8-bit octets in a MIME header field";
    case GMIME_WARN_INVALID_CONTENT_TYPE:
      return "invalid Content-Type";
    case GMIME_WARN_INVALID_RFC2047_HEADER_VALUE:
      return "invalid encoded-word in a MIME header field";
    case GMIME_WARN_MALFORMED_MULTIPART:
      return "multipart without parts";
    case GMIME_WARN_TRUNCATED_MESSAGE:
      return "multipart is not closed";
    case GMIME_WARN_MALFORMED_MESSAGE:
      return "malformed embedded message";
    case GMIME_CRIT_INVALID_HEADER_NAME:
      return "invalid header field name in a part";
    case GMIME_CRIT_CONFLICTING_HEADER:
      return "conflicting MIME header fields";
    case GMIME_CRIT_CONFLICTING_PARAMETER:
      return "conflicting MIME parameters";
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
      return "multipart without boundary";
    case GMIME_WARN_INVALID_PARAMETER:
      return "invalid MIME parameter";
    case GMIME_WARN_INVALID_ADDRESS_LIST:
      return "";  // header fields of embedded messages are not our business
    case GMIME_CRIT_NESTING_OVERFLOW:
      return "nested too deep";
    case GMIME_WARN_PART_WITHOUT_CONTENT:
      return "part without content";
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
      return "part without header and content";
  }
  return "unknown warning";
}

void OnWarning(gint64, GMimeParserWarning warning, const gchar*,
               gpointer structure) {
  const std::string_view words = WordsOf(warning);
  if (!words.empty()) Warn(static_cast<MimeStructure*>(structure), words);
}

void InitGmime() {
  static const bool is_ready = (g_mime_init(), true);
  (void)is_ready;
}

// Those of this thread: to make them costs as much as to read a part. Until
// they are asked for again, warnings go to the structure.
GMimeParserOptions* OptionsFor(MimeStructure* structure) {
  InitGmime();
  static thread_local const ParserOptions options(g_mime_parser_options_new());
  g_mime_parser_options_set_warning_callback(options.get(), OnWarning,
                                             structure);
  return options.get();
}

// Type, charset, file name, disposition; either may be null.
MimePart PartOf(GMimeContentType* type, GMimeContentDisposition* disposition) {
  MimePart part;
  part.type = "text/plain";  // RFC 2045 s.5.2
  if (type != nullptr) {
    const GString8 name(g_mime_content_type_get_mime_type(type));
    part.type = ToLower(OrEmpty(name.get()));
    part.charset =
        ToLower(OrEmpty(g_mime_content_type_get_parameter(type, "charset")));
  }
  if (disposition != nullptr) {
    const std::string kind =
        OrEmpty(g_mime_content_disposition_get_disposition(disposition));
    part.is_attachment = EqualsIgnoreCase(kind, "attachment");
    part.file_name = OrEmpty(
        g_mime_content_disposition_get_parameter(disposition, "filename"));
  }
  if (type != nullptr && part.file_name.empty())
    part.file_name = OrEmpty(g_mime_content_type_get_parameter(type, "name"));
  if (disposition == nullptr && !part.file_name.empty())
    part.is_attachment = true;
  return part;
}

// Walks what GMime has read. A message/rfc822 part is entered.
class Walk {
 public:
  Walk(std::string_view body, const MimeReading& reading,
       MimeStructure* structure)
      : body_(body), reading_(reading), structure_(structure) {}

  void Enter(GMimeObject* object, int depth) {
    const bool is_full = structure_->parts.size() >= MimeStructure::kMaxParts;
    if (depth > MimeStructure::kMaxDepth || is_full)
      structure_->is_over_limit = true;
    if (structure_->is_over_limit || object == nullptr) return;
    if (GMIME_IS_MULTIPART(object)) return EnterMultipart(object, depth);
    if (GMIME_IS_MESSAGE_PART(object)) {
      GMimeMessage* message =
          g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
      GMimeObject* inner =
          message == nullptr ? nullptr : g_mime_message_get_mime_part(message);
      NoteEncoding(object);
      if (inner != nullptr) return EnterMessage(message, inner, depth);
    }
    EnterLeaf(object, depth);
  }

 private:
  void EnterMessage(GMimeMessage* message, GMimeObject* inner, int depth) {
    const char* seal =
        g_mime_object_get_header(GMIME_OBJECT(message), "DKIM-Signature");
    const bool was_sealed = is_sealed_;
    is_sealed_ = was_sealed || seal != nullptr;
    Enter(inner, depth + 1);
    is_sealed_ = was_sealed;
  }

  void NoteEncoding(GMimeObject* container) {
    if (IsEightBitEncoding(EncodingOf(OrEmpty(
            g_mime_object_get_header(container, "Content-Transfer-Encoding")))))
      structure_->declares_eight_bit = true;
  }

  void EnterMultipart(GMimeObject* object, int depth) {
    NoteEncoding(object);
    GMimeContentType* type = g_mime_object_get_content_type(object);
    const std::string subtype =
        ToLower(OrEmpty(g_mime_content_type_get_media_subtype(type)));
    if (subtype == "signed" || subtype == "encrypted")
      structure_->is_signed_or_encrypted = true;
    GMimeMultipart* multipart = GMIME_MULTIPART(object);
    const int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && !structure_->is_over_limit; ++i)
      Enter(g_mime_multipart_get_part(multipart, i), depth + 1);
    if (count > 0) return;
    MimePart part;
    part.type = "multipart/" + subtype;
    part.depth = depth;
    AddUnreadable(std::move(part),
                  OrEmpty(g_mime_multipart_get_prologue(multipart)),
                  structure_);
  }

  void EnterLeaf(GMimeObject* object, int depth) {
    MimePart part = PartOf(g_mime_object_get_content_type(object),
                           g_mime_object_get_content_disposition(object));
    part.depth = depth;
    part.is_sealed = is_sealed_;
    part.encoding = EncodingOf(
        OrEmpty(g_mime_object_get_header(object, "Content-Transfer-Encoding")));
    if (GMIME_IS_PART(object)) Place(GMIME_PART(object), &part);
    const std::string_view raw =
        body_.substr(part.begin, part.end - part.begin);
    AddLeaf(std::move(part), raw, structure_);
  }

  void Place(GMimePart* leaf, MimePart* part) const {
    GMimeDataWrapper* content = g_mime_part_get_content(leaf);
    if (content == nullptr) return;
    const GMimeStream* stream = g_mime_data_wrapper_get_stream(content);
    if (stream == nullptr || stream->bound_start < 0) return;
    const auto begin =
        reading_.PlaceInBody(static_cast<std::size_t>(stream->bound_start));
    const auto end =
        stream->bound_end < 0
            ? body_.size()
            : reading_.PlaceInBody(static_cast<std::size_t>(stream->bound_end));
    if (!begin || !end || *begin > *end) return;
    part->begin = *begin;
    part->end = *end;
  }

  std::string_view body_;
  const MimeReading& reading_;
  bool is_sealed_ = false;
  MimeStructure* structure_;
};

// A stream over what stays where it is and outlives it. GMime's own streams
// either copy or lose the offsets.
struct WholeStream {
  GMimeStream parent;  // bounds and position count from the first field
  const MimeReading* reading;
};

ssize_t ReadWhole(GMimeStream* stream, char* buffer, std::size_t size) {
  const auto* whole = reinterpret_cast<const WholeStream*>(stream);
  const auto at = static_cast<std::size_t>(stream->position);
  const auto end = static_cast<std::size_t>(stream->bound_end);
  if (at >= end) return 0;
  const std::string_view piece = whole->reading->From(at);
  const std::size_t count = std::min({size, piece.size(), end - at});
  std::memcpy(buffer, piece.data(), count);
  stream->position += static_cast<gint64>(count);
  return static_cast<ssize_t>(count);
}

gint64 SeekWhole(GMimeStream* stream, gint64 offset, GMimeSeekWhence whence) {
  const gint64 base = whence == GMIME_STREAM_SEEK_SET   ? 0
                      : whence == GMIME_STREAM_SEEK_CUR ? stream->position
                                                        : stream->bound_end;
  const gint64 at = base + offset;
  if (at < stream->bound_start || at > stream->bound_end) return -1;
  return stream->position = at;
}

GMimeStream* OpenWhole(const MimeReading* reading, gint64 begin, gint64 end);

GMimeStream* WindowOfWhole(GMimeStream* stream, gint64 begin, gint64 end) {
  const auto* whole = reinterpret_cast<const WholeStream*>(stream);
  return OpenWhole(whole->reading, begin, end < 0 ? stream->bound_end : end);
}

void InitWholeClass(gpointer type, gpointer) {
  auto* stream = static_cast<GMimeStreamClass*>(type);
  stream->read = ReadWhole;
  stream->seek = SeekWhole;
  stream->substream = WindowOfWhole;
  stream->tell = [](GMimeStream* s) { return s->position; };
  stream->length = [](GMimeStream* s) { return s->bound_end - s->bound_start; };
  stream->eos = [](GMimeStream* s) -> gboolean {
    return s->position >= s->bound_end ? TRUE : FALSE;
  };
  stream->reset = [](GMimeStream* s) {
    s->position = s->bound_start;
    return 0;
  };
}

// libgmime's g_mime_init must have run.
GType WholeStreamType() {
  static const GType type = g_type_register_static_simple(
      GMIME_TYPE_STREAM, "PosternStream", sizeof(GMimeStreamClass),
      InitWholeClass, sizeof(WholeStream), nullptr, GTypeFlags(0));
  return type;
}

GMimeStream* OpenWhole(const MimeReading* reading, gint64 begin, gint64 end) {
  auto* whole =
      static_cast<WholeStream*>(g_object_new(WholeStreamType(), nullptr));
  whole->reading = reading;
  g_mime_stream_construct(&whole->parent, begin, end);
  return &whole->parent;
}

// The MIME fields as text; nullopt: too many or too long.
std::optional<std::string> MimeFieldsOf(const Header& header) {
  std::string text;
  std::size_t count = 0;
  for (const HeaderField& field : header.fields()) {
    if (!StartsWithIgnoreCase(field.name, "Content-") &&
        !EqualsIgnoreCase(field.name, "MIME-Version"))
      continue;
    if (++count > kMaxFields || field.value.size() > kMaxFieldBytes)
      return std::nullopt;
    text += field.name;
    text += ": ";
    for (const char c : field.Unfolded())
      if (c != '\0' && c != '\r') text += c;
    text += '\n';
  }
  return text + '\n';
}

void ReadMultipart(const Header& header, std::string_view body,
                   std::span<const Base64Run> runs, MimeStructure* structure) {
  const std::optional<std::string> fields = MimeFieldsOf(header);
  if (!fields) {
    structure->is_over_limit = true;
    return;
  }
  GMimeParserOptions* const options = OptionsFor(structure);
  const MimeReading reading(*fields, body, runs);
  const GObjectOf<GMimeStream> whole(
      OpenWhole(&reading, 0, static_cast<gint64>(reading.size())));
  const GObjectOf<GMimeParser> parser(
      g_mime_parser_new_with_stream(whole.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  const GObjectOf<GMimeObject> object(
      g_mime_parser_construct_part(parser.get(), options));
  Walk(body, reading, structure).Enter(object.get(), 0);
}

// A message that is one part, whose place needs no parser.
void ReadSinglePart(const Header& header, std::string_view body,
                    MimeStructure* structure) {
  const HeaderField* type_field = header.Find("Content-Type");
  const HeaderField* disposition_field = header.Find("Content-Disposition");
  const HeaderField* encoding = header.Find("Content-Transfer-Encoding");
  MimePart part;
  part.type = "text/plain";
  if (type_field != nullptr || disposition_field != nullptr) {
    GMimeParserOptions* const options = OptionsFor(structure);
    const GObjectOf<GMimeContentType> type(
        type_field == nullptr ? nullptr
                              : g_mime_content_type_parse(
                                    options, type_field->Unfolded().c_str()));
    const GObjectOf<GMimeContentDisposition> disposition(
        disposition_field == nullptr
            ? nullptr
            : g_mime_content_disposition_parse(
                  options, disposition_field->Unfolded().c_str()));
    part = PartOf(type.get(), disposition.get());
  }
  if (encoding != nullptr) part.encoding = EncodingOf(encoding->Unfolded());
  part.end = body.size();
  AddLeaf(std::move(part), body, structure);
}

bool IsFieldTooLong(const Header& header, std::string_view name) {
  const HeaderField* field = header.Find(name);
  return field != nullptr && field->value.size() > kMaxFieldBytes;
}

}  // namespace

MimeStructure ReadMime(const Header& header, const Body& body,
                       std::span<const Base64Run> runs) {
  MimeStructure structure;
  if (ReadPlainMultipart(header, body.bytes(), runs, &structure))
    return structure;
  return ReadMimeByGmime(header, body, runs);
}

MimeStructure ReadMimeByGmime(const Header& header, const Body& body,
                              std::span<const Base64Run> runs) {
  MimeStructure structure;
  if (header.Count("Content-Type") > 1)
    Warn(&structure, "more than one Content-Type");
  if (header.Count("Content-Transfer-Encoding") > 1)
    Warn(&structure, "more than one Content-Transfer-Encoding");
  const HeaderField* field = header.Find("Content-Type");
  const std::string type = field == nullptr ? "" : field->Unfolded();
  const bool has_parts = StartsWithIgnoreCase(type, "multipart") ||
                         StartsWithIgnoreCase(type, "message");
  if (IsFieldTooLong(header, "Content-Type") ||
      IsFieldTooLong(header, "Content-Disposition") ||
      (has_parts && IsTooMuchMime(type, body.bytes()))) {
    structure.is_over_limit = true;
  } else if (has_parts) {
    ReadMultipart(header, body.bytes(), runs, &structure);
  } else {
    ReadSinglePart(header, body.bytes(), &structure);
  }
  return structure;
}

std::string DecodeUnstructured(const std::string& value) {
  constexpr std::size_t kMaxBytes = 64 * 1024;
  if (!Contains(value, "=?") || value.size() > kMaxBytes ||
      Contains(value, std::string_view("\0", 1)))
    return value;
  MimeStructure ignored;
  const GString8 text(
      g_mime_utils_header_decode_text(OptionsFor(&ignored), value.c_str()));
  return text == nullptr ? value : ToUtf8(text.get(), "");
}

}  // namespace postern
