#include "policy/facts/file_type.h"

#include <magic.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "policy/base/call_free.h"
#include "policy/base/text.h"

namespace postern {
namespace {

struct Signature {
  std::size_t offset;
  std::string_view octets;
  FileClass kind;
  FileFormat format;
  std::string_view media_type;
};

constexpr Signature kSignatures[] = {
    {0, "%PDF-", FileClass::kPdf, FileFormat::kPdf, "application/pdf"},
    {0, "\x89PNG\r\n\x1a\n", FileClass::kImage, FileFormat::kOther,
     "image/png"},
    {0, "\xff\xd8\xff", FileClass::kImage, FileFormat::kOther, "image/jpeg"},
    {0, "GIF8", FileClass::kImage, FileFormat::kOther, "image/gif"},
    {0, "PK\x03\x04", FileClass::kArchive, FileFormat::kZip, "application/zip"},
    {0, "PK\x05\x06", FileClass::kArchive, FileFormat::kZip, "application/zip"},
    {0, "7z\xbc\xaf\x27\x1c", FileClass::kArchive, FileFormat::kSevenZip,
     "application/x-7z-compressed"},
    {0, "Rar!\x1a\x07", FileClass::kArchive, FileFormat::kRar,
     "application/x-rar"},
    {0, "\x1f\x8b\x08", FileClass::kArchive, FileFormat::kGzip,
     "application/gzip"},
    {0, "BZh", FileClass::kArchive, FileFormat::kBzip2, "application/x-bzip2"},
    {0,
     {"\xfd\x37zXZ\0", 6},
     FileClass::kArchive,
     FileFormat::kXz,
     "application/x-xz"},
    {257, "ustar", FileClass::kArchive, FileFormat::kTar, "application/x-tar"},
    {0,
     {"MSCF\0\0\0\0", 8},
     FileClass::kArchive,
     FileFormat::kOther,
     "application/vnd.ms-cab-compressed"},
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileClass::kDocument,
     FileFormat::kCompound, "application/x-ole-storage"},
    {0, "{\\rtf", FileClass::kDocument, FileFormat::kOther, "text/rtf"},
    // [MS-ONESTORE] s.2.3.1: guidFileType of a .one file.
    {0, "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3",
     FileClass::kDocument, FileFormat::kOneNote, "application/onenote"},
    {0,
     "\x7f"
     "ELF",
     FileClass::kProgram, FileFormat::kOther, "application/x-executable"},
    {0, "\xcf\xfa\xed\xfe", FileClass::kProgram, FileFormat::kOther,
     "application/x-mach-binary"},
    // [MS-SHLLINK] s.2.1: HeaderSize and LinkCLSID.
    {0,
     {"L\0\0\0\x01\x14\x02\0", 8},
     FileClass::kShortcut,
     FileFormat::kOther,
     "application/x-ms-shortcut"},
    {4, "ftyphei", FileClass::kImage, FileFormat::kOther, "image/heic"},
    {4, "ftypmif1", FileClass::kImage, FileFormat::kOther, "image/heif"},
    {4, "ftypavif", FileClass::kImage, FileFormat::kOther, "image/avif"},
    {4, "ftyp", FileClass::kMedia, FileFormat::kOther, "video/mp4"},
    {8, "WEBP", FileClass::kImage, FileFormat::kOther, "image/webp"},
    {0, "ID3", FileClass::kMedia, FileFormat::kOther, "audio/mpeg"},
    {0, "OggS", FileClass::kMedia, FileFormat::kOther, "application/ogg"},
    {0, "#!", FileClass::kScript, FileFormat::kOther, "text/x-script"},
};

// A DOS stub alone proves little: the new header's place must be one.
bool IsPortableExecutable(std::string_view front) {
  if (!front.starts_with("MZ") || front.size() < 64) return false;
  std::size_t place = 0;
  for (std::size_t i = 0; i < 4; ++i)
    place |= std::size_t{static_cast<unsigned char>(front[60 + i])} << (8 * i);
  if (place >= front.size()) return true;  // out of sight
  const std::string_view mark = front.substr(place, 4);
  return mark.starts_with("PE") || mark.starts_with("NE") ||
         mark.starts_with("LE");
}

bool IsText(std::string_view front) {
  return std::ranges::none_of(front.substr(0, 4096), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' &&
           c != '\x1b';
  });
}

bool IsMarkup(std::string_view front) {
  if (front.starts_with("\xef\xbb\xbf")) front.remove_prefix(3);
  const std::string text = ToLower(Trim(front.substr(0, 1024)));
  if (!text.starts_with('<')) return false;
  return Contains(text, "<html") || Contains(text, "<!doctype html") ||
         Contains(text, "<svg") || Contains(text, "<script") ||
         Contains(text, "<body") || Contains(text, "<head");
}

using Cookie = std::unique_ptr<magic_set, CallFree<magic_close>>;

// A cookie serves one thread at a time; the database behind it is mapped once.
class Cookies {
 public:
  Cookie Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Cookie cookie = std::move(idle_.back());
        idle_.pop_back();
        return cookie;
      }
    }
    Cookie cookie(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
                             MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TEXT |
                             MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_JSON |
                             MAGIC_NO_CHECK_CSV));
    if (cookie && magic_load(cookie.get(), nullptr) != 0) cookie.reset();
    return cookie;
  }
  void GiveBack(Cookie cookie) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdle) idle_.push_back(std::move(cookie));
  }

 private:
  static constexpr std::size_t kMaxIdle = 8;
  std::mutex mutex_;
  std::vector<Cookie> idle_;
};

std::string AskMagic(std::string_view front) {
  static Cookies cookies;
  Cookie cookie = cookies.Take();
  if (!cookie) return {};  // no database: nothing is known
  const char* type = magic_buffer(cookie.get(), front.data(), front.size());
  std::string name = type == nullptr ? "" : type;
  cookies.GiveBack(std::move(cookie));
  return name == "application/octet-stream" ? "" : name;
}

FileClass ClassOfMediaType(std::string_view type) {
  if (type.starts_with("image/svg")) return FileClass::kMarkup;
  if (type.starts_with("image/")) return FileClass::kImage;
  if (type.starts_with("audio/") || type.starts_with("video/"))
    return FileClass::kMedia;
  for (const std::string_view program :
       {"application/x-dosexec",
        "application/vnd.microsoft.portable-executable",
        "application/x-executable", "application/x-sharedlib",
        "application/x-pie-executable", "application/x-mach-binary",
        "application/java-archive", "application/x-java-applet"})
    if (type == program) return FileClass::kProgram;
  if (type == "application/x-iso9660-image") return FileClass::kDiskImage;
  if (type == "text/html") return FileClass::kMarkup;
  return FileClass::kUnknown;
}

}  // namespace

FileType TypeBySignature(std::string_view front) {
  for (const Signature& known : kSignatures) {
    const std::size_t end = known.offset + known.octets.size();
    if (front.size() >= end &&
        front.substr(known.offset, known.octets.size()) == known.octets)
      return {known.kind, known.format, std::string(known.media_type)};
  }
  if (IsPortableExecutable(front))
    return {FileClass::kProgram, FileFormat::kOther, "application/x-dosexec"};
  if (IsMarkup(front))
    return {FileClass::kMarkup, FileFormat::kOther, "text/html"};
  if (IsText(front))
    return {FileClass::kText, FileFormat::kOther, "text/plain"};
  return {};
}

FileType FileTypeOf(std::string_view front) {
  FileType type = TypeBySignature(front);
  if (type.kind != FileClass::kUnknown || front.empty()) return type;
  type.media_type = AskMagic(front.substr(0, kFileTypeBytes));
  type.kind = ClassOfMediaType(type.media_type);
  return type;
}

}  // namespace postern
