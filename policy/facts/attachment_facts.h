// AttachmentFacts: what is attached to a message.
//
// Plain data, a part of Facts, gathered by GatherAttachments (attachments.h).
// What could not be found out within its bounds says so.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/facts/archive_listing.h"
#include "policy/facts/file_name.h"

namespace postern {

struct AttachmentFact {
  std::size_t part = 0;  // in MimeStructure::parts
  std::string name;      // as the sender wrote it, decoded; empty: none
  FileName file;
  std::string declared_type;                // Content-Type, lower case
  FileClass content = FileClass::kUnknown;  // by what is in it
  std::string content_type;                 // likewise; empty: not known
  std::size_t bytes = 0;                    // decoded
  std::optional<ArchiveListing> archive;
  bool is_office_package = false;  // an archive that is one document
  bool is_encrypted = false;       // needs a password: archive, Office, PDF
  bool is_one_note = false;
  std::vector<std::string> macros;  // "VBA project"; empty: none
  // Of markup: "script 1, form 2"; empty: nothing active.
  std::string active_content;
  bool is_markup_unread = false;  // there was no time left to look for that
};

// What a virus scanner, or a test string for such, says of the whole message.
struct MalwareFact {
  enum class Result { kNotAsked, kClean, kFound, kUnknown };
  Result result = Result::kNotAsked;
  std::string name;    // of what was found
  std::string reason;  // why it is unknown
};

struct AttachmentFacts {
  std::vector<AttachmentFact> files;
  std::size_t count = 0;   // files, and those that were not looked at
  std::size_t images = 0;  // of them, by content
  std::size_t pdfs = 0;
  bool has_tnef = false;  // application/ms-tnef: winmail.dat
  // message/partial, message/external-body (RFC 2046 s.5.2.2, s.5.2.3).
  std::vector<std::string> fragments;
  // The strings by which filters are tested: "EICAR", "GTUBE".
  std::vector<std::string> test_strings;
  MalwareFact malware;
};

// What its name promises, or where that says nothing, its declared type.
[[nodiscard]] FileClass PromisedClass(const AttachmentFact& file);
// It opens quite another thing than it promised. Among pictures, and among
// texts, nobody minds.
[[nodiscard]] bool BreaksPromise(const AttachmentFact& file);

// For a detail: "report.pdf", "(application/pdf)".
[[nodiscard]] std::string ShownName(const AttachmentFact& file);

}  // namespace postern
