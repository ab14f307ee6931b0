// One question to one web server: where does this address lead? Its .cc is the
// only file that includes curl.
//
// Connects to the addresses given and to no others, whatever DNS says
// meanwhile. http and https alone, certificates verified; no proxy, no cookies,
// nothing of the environment, no redirect followed, no body read, at most
// 32 KiB of header. Blocks until the time-out at the latest. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/base/ip_address.h"
#include "policy/base/result.h"

namespace postern {

struct HeadQuestion {
  enum class Method {
    kHead,
    kGet,  // hung up on as soon as the header is there
  };
  std::string url;  // http or https, ASCII, without userinfo and fragment
  std::string host;
  std::uint16_t port = 0;
  std::vector<IpAddress> addresses;
  Method method = Method::kHead;
  std::chrono::milliseconds timeout{0};
};

struct HeadAnswer {
  int status = 0;
  // Of a redirect, made absolute; empty: none, or it cannot be read.
  std::string location;
};

// An Error where there was no answer of HTTP, in words.
[[nodiscard]] Result<HeadAnswer> AskHead(const HeadQuestion& question);

}  // namespace postern
