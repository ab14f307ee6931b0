// MimeFacts: what is wrong with the MIME structure, told in words.
//
// Read by a second reader of our own beside GMime's (mime.h), straight from the
// body's lines: where the two differ, so would two receivers. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace postern {

struct Facts;

struct MimeFacts {
  std::size_t depth = 0;            // of containers in containers
  std::size_t parts = 0;            // containers included
  bool is_version_missing = false;  // Content-Type without MIME-Version
  bool is_empty = false;            // no text, no attachment
  // The first part of each kind with its fault; empty: none.
  std::string container_encoding;  // a multipart or message that is encoded
  std::string unknown_encoding;    // no Content-Transfer-Encoding we know
  std::string boundary;
  std::string content_type;
  std::string charset;
  std::string base64;
  std::string plain_base64;  // text in base64 that is ASCII
  std::string undeclared;    // 8-bit octets under 7bit
  std::string alternative;   // of two texts that have nothing in common
  std::vector<std::string> ambiguities;
};

// Into facts->structure; facts->mime, body and html are there.
void GatherMime(Facts* facts);

}  // namespace postern
