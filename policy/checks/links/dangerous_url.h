// Schemes that run something, or lead into the reader's own machine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace postern {

// The scheme in lower case, without the colon. Scripts that do nothing and
// pictures in data: are harmless.
[[nodiscard]] bool IsDangerousUrl(std::string_view scheme,
                                  std::string_view url);

}  // namespace postern
