// Result<T>: a value, or one sentence for the operator saying what failed.
//
// For what we cannot start, read or build. What the mail world answers (an SPF
// fail, NXDOMAIN) is an enumerator in the facts and never an Error.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace postern {

struct Error {
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> Fail(std::string message) {
  return std::unexpected<Error>(Error{std::move(message)});
}

}  // namespace postern
