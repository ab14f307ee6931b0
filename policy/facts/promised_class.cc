// What a file says it is, against what it is.

#include <string_view>

#include "policy/facts/attachment_facts.h"

namespace postern {
namespace {

bool Contradicts(FileClass declared, FileClass content) {
  if (declared == content || declared == FileClass::kUnknown) return false;
  switch (content) {
    case FileClass::kProgram:
    case FileClass::kShortcut:
      return declared != FileClass::kScript &&
             declared != FileClass::kDiskImage &&
             declared != FileClass::kShortcut &&
             declared != FileClass::kProgram;
    case FileClass::kArchive:
    case FileClass::kDiskImage:
      return declared == FileClass::kImage || declared == FileClass::kPdf ||
             declared == FileClass::kText || declared == FileClass::kMedia;
    case FileClass::kMarkup:
      return declared == FileClass::kImage || declared == FileClass::kPdf ||
             declared == FileClass::kMedia;
    case FileClass::kPdf:
    case FileClass::kDocument:
      return declared == FileClass::kImage || declared == FileClass::kMedia;
    case FileClass::kUnknown:
    case FileClass::kText:
    case FileClass::kImage:
    case FileClass::kMedia:
    case FileClass::kScript:
      return false;
  }
  return false;
}

}  // namespace

FileClass PromisedClass(const AttachmentFact& file) {
  const FileClass by_name = ClassOfExtension(file.file.extension());
  if (by_name != FileClass::kUnknown) return by_name;
  if (file.declared_type.starts_with("image/svg")) return FileClass::kMarkup;
  if (file.declared_type.starts_with("image/")) return FileClass::kImage;
  if (file.declared_type.starts_with("audio/") ||
      file.declared_type.starts_with("video/"))
    return FileClass::kMedia;
  if (file.declared_type == "application/pdf") return FileClass::kPdf;
  if (file.declared_type == "text/plain") return FileClass::kText;
  return FileClass::kUnknown;
}

bool BreaksPromise(const AttachmentFact& file) {
  return Contradicts(PromisedClass(file), file.content);
}

}  // namespace postern
