#include "policy/facts/file_name.h"

#include <algorithm>
#include <span>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxExtensions = 8;
constexpr std::size_t kMaxExtension = 24;  // octets; longer is a sentence
constexpr std::size_t kSpaceRun = 6;

// Removes the marks of direction; true: there were some.
bool DropDirectionMarks(std::string* name) {
  // U+202A-202E is E2 80 AA-AE, U+2066-2069 is E2 81 A6-A9.
  std::string kept;
  for (std::size_t i = 0; i < name->size();) {
    const std::string_view rest = std::string_view(*name).substr(i, 3);
    const bool is_mark = (rest.starts_with("\xe2\x80") && rest.size() == 3 &&
                          rest[2] >= '\xaa' && rest[2] <= '\xae') ||
                         (rest.starts_with("\xe2\x81") && rest.size() == 3 &&
                          rest[2] >= '\xa6' && rest[2] <= '\xa9');
    if (is_mark) {
      i += 3;
      continue;
    }
    kept += (*name)[i++];
  }
  const bool had_marks = kept.size() != name->size();
  *name = std::move(kept);
  return had_marks;
}

// A no-break space is as good for hiding as a space.
void PlainSpaces(std::string* name) {
  for (std::size_t at = 0; (at = name->find("\xc2\xa0", at)) != name->npos;) {
    name->erase(at, 1);
    (*name)[at] = ' ';
  }
  std::ranges::replace(*name, '\t', ' ');
}

struct Named {
  FileClass kind;
  std::span<const std::string_view> extensions;
};

constexpr std::string_view kTexts[] = {"txt", "csv", "log", "md",
                                       "ics", "vcf", "xml", "json"};
constexpr std::string_view kMarkups[] = {"htm",   "html", "xhtml", "shtml",
                                         "xht",   "svg",  "svgz",  "mht",
                                         "mhtml", "htmls"};
constexpr std::string_view kImages[] = {"png",  "jpg",  "jpeg", "jpe",  "jfif",
                                        "gif",  "bmp",  "tif",  "tiff", "webp",
                                        "heic", "heif", "avif", "ico"};
constexpr std::string_view kMedias[] = {"mp3", "mp4", "m4a", "m4v", "wav",
                                        "ogg", "avi", "mov", "mkv", "webm"};
constexpr std::string_view kPdfs[] = {"pdf"};
constexpr std::string_view kDocuments[] = {
    "doc",  "docx", "docm", "dot",  "dotx", "dotm", "xls",  "xlsx", "xlsm",
    "xlsb", "xlt",  "xltx", "xltm", "xlam", "ppt",  "pptx", "pptm", "pps",
    "ppsx", "ppsm", "pot",  "potx", "potm", "ppam", "odt",  "ods",  "odp",
    "rtf",  "vsd",  "vsdx", "vsdm", "sldm", "pub",  "xla"};
constexpr std::string_view kArchives[] = {
    "zip", "7z",  "rar", "tar", "gz",  "tgz", "bz2", "tbz", "tbz2",
    "xz",  "txz", "z",   "arj", "ace", "lzh", "lha", "cab", "zst"};
constexpr std::string_view kDiskImages[] = {"iso",  "img", "vhd",
                                            "vhdx", "udf", "dmg"};
constexpr std::string_view kPrograms[] = {"exe", "dll", "scr", "com", "pif",
                                          "cpl", "sys", "ocx", "msi", "msp",
                                          "mst", "jar", "elf", "apk"};
constexpr std::string_view kScripts[] = {
    "bat", "cmd", "vbs", "vbe", "vb",  "js",  "jse", "wsf", "wsh", "wsc",
    "hta", "ps1", "sct", "reg", "chm", "scf", "inf", "sh",  "xll", "msc"};
constexpr std::string_view kShortcuts[] = {"lnk",        "url",       "website",
                                           "library-ms", "search-ms", "rdp"};
constexpr Named kNamed[] = {
    {FileClass::kText, kTexts},         {FileClass::kMarkup, kMarkups},
    {FileClass::kImage, kImages},       {FileClass::kMedia, kMedias},
    {FileClass::kPdf, kPdfs},           {FileClass::kDocument, kDocuments},
    {FileClass::kArchive, kArchives},   {FileClass::kDiskImage, kDiskImages},
    {FileClass::kProgram, kPrograms},   {FileClass::kScript, kScripts},
    {FileClass::kShortcut, kShortcuts},
};

}  // namespace

FileName ReadFileName(std::string_view name) {
  FileName file;
  file.plain = ToLower(name.substr(0, 4096));
  file.has_direction_override = DropDirectionMarks(&file.plain);
  PlainSpaces(&file.plain);
  const std::size_t folder = file.plain.find_last_of("/\\");
  if (folder != std::string::npos) file.plain.erase(0, folder + 1);
  while (file.plain.ends_with('.') || file.plain.ends_with(' '))
    file.plain.pop_back();
  std::vector<std::string_view> pieces = Split(file.plain, '.');
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string_view extension = Trim(pieces[i]);
    const std::size_t text = pieces[i - 1].find_last_not_of(' ') + 1;
    if (pieces[i - 1].size() - text >= kSpaceRun) file.has_space_run = true;
    if (extension.empty() || extension.size() > kMaxExtension) {
      file.extensions.clear();
      continue;
    }
    file.extensions.emplace_back(extension);
  }
  if (file.extensions.size() > kMaxExtensions)
    file.extensions.erase(file.extensions.begin(),
                          file.extensions.end() - kMaxExtensions);
  return file;
}

FileClass ClassOfExtension(std::string_view extension) {
  for (const Named& named : kNamed)
    if (std::ranges::find(named.extensions, extension) !=
        named.extensions.end())
      return named.kind;
  return FileClass::kUnknown;
}

bool IsArchiveName(std::string_view name) {
  const FileName file = ReadFileName(name);
  return ClassOfExtension(file.extension()) == FileClass::kArchive;
}

std::string_view ToString(FileClass kind) {
  switch (kind) {
    case FileClass::kUnknown:
      return "unknown";
    case FileClass::kText:
      return "text";
    case FileClass::kMarkup:
      return "markup";
    case FileClass::kImage:
      return "image";
    case FileClass::kMedia:
      return "sound or video";
    case FileClass::kPdf:
      return "PDF";
    case FileClass::kDocument:
      return "document";
    case FileClass::kArchive:
      return "archive";
    case FileClass::kDiskImage:
      return "disk image";
    case FileClass::kProgram:
      return "program";
    case FileClass::kScript:
      return "script";
    case FileClass::kShortcut:
      return "shortcut";
  }
  return "unknown";
}

}  // namespace postern
