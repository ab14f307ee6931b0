// attachment-type-mismatch: what is in the file is not what its name and type
// say. Among pictures, and among texts, nobody minds.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 0},
     "BANNED: .exe",
     "amavisd-new: banned names and types"},
};

FileClass Declared(const AttachmentFact& file) {
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

// What opens quite another thing than it promised.
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

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const AttachmentFact& file : facts.attachments.files)
    if (Contradicts(Declared(file), file.content))
      found.Add(ShownName(file) + " (" + file.declared_type + ") is " +
                file.content_type);
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kAttachmentTypeMismatch = {
    .id = "attachment-type-mismatch",
    .rules = "A09",
    .summary = "An attachment is of another kind than its name and type say.",
    .fix =
        "give the part its true name and Content-Type; if nobody chose them, "
        "suspect malware",
    .cites = "libmagic; amavisd-new banned types",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
