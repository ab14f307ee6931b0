// MIME structure (RFC 2045-2047): the wrapper of GMime. Nothing else includes
// GMime.
//
// GMime's reading is used behind a guard that bounds lines, parts and nesting;
// what the guard refuses is "over limit", an outcome of its own. Parsed objects
// are only read, never written back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/base64_runs.h"
#include "policy/message/body.h"
#include "policy/message/header.h"

namespace postern {

struct MimePart {
  std::string type;       // "text/html", lower case
  std::string charset;    // as declared, lower case; empty: none
  std::string encoding;   // Content-Transfer-Encoding, lower case; empty: none
  std::string file_name;  // decoded (RFC 2231, 2047); empty: none
  bool is_attachment = false;
  // Within an attached message that carries a DKIM signature of its own.
  bool is_sealed = false;
  int depth = 0;
  // Where the part's encoded content lies in the body. 0, 0 when unknown.
  std::size_t begin = 0, end = 0;
  // Decoded and converted to UTF-8; text/* only.
  std::string text;
  bool is_cut = false;  // there is more text than that

  bool operator==(const MimePart&) const = default;
};

struct MimeStructure {
  static constexpr std::size_t kTextBytes = 4 * 1024 * 1024;  // of all parts
  static constexpr int kMaxDepth = 100;
  static constexpr std::size_t kMaxParts = 1000;

  std::vector<MimePart> parts;  // leaves, in order
  std::size_t text_bytes = 0;   // of the texts together
  std::vector<std::string>
      warnings;                // readings that another reader may not share
  bool is_over_limit = false;  // not parsed whole; parts may be missing
  bool is_signed_or_encrypted =
      false;  // multipart/signed, encrypted, S/MIME, PGP
  // Some header says that what follows is 8bit or binary, true or not.
  bool declares_eight_bit = false;

  bool operator==(const MimeStructure&) const = default;
};

// Thread-safe. Reads at most what its limits allow; never fails. The runs are
// the body's.
[[nodiscard]] MimeStructure ReadMime(const Header& header, const Body& body,
                                     std::span<const Base64Run> runs);
[[nodiscard]] inline MimeStructure ReadMime(const Header& header,
                                            const Body& body) {
  return ReadMime(header, body, FindBase64Runs(body.bytes()));
}
// The same of what ReadMime knows without GMime's parser; to be compared with.
[[nodiscard]] MimeStructure ReadMimeByGmime(const Header& header,
                                            const Body& body,
                                            std::span<const Base64Run> runs);

// The value of an unstructured field with its encoded-words (RFC 2047) decoded.
[[nodiscard]] std::string DecodeUnstructured(const std::string& value);

}  // namespace postern
