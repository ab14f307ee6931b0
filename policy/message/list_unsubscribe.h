// List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/message/header.h"

namespace postern {

struct ListUnsubscribe {
  static constexpr std::size_t kMostUris = 20;

  std::vector<std::string> uris;  // without angle brackets, in order
  std::size_t https = 0;          // how many of them
  // List-Unsubscribe-Post says exactly what RFC 8058 s.3.1 asks for.
  bool has_post = false;

  // RFC 8058 s.3.1: one https: URI and the field beside it.
  [[nodiscard]] bool IsOneClick() const { return https == 1 && has_post; }
  // The first https: URI, or "".
  [[nodiscard]] std::string_view HttpsUri() const;
};

// Of the first such field; text outside of angle brackets is comment.
[[nodiscard]] ListUnsubscribe ReadListUnsubscribe(const Header& header);

}  // namespace postern
