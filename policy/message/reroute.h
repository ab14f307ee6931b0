// A recipient that tells the MTA the way out: bob%example.net@ a domain that
// stands for the route and does not exist. The MTA undoes it when it delivers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/base/domain.h"
#include "policy/message/envelope.h"

namespace postern {

// With ORCPT (RFC 3461 s.4.2), so that bounces name the recipient as he was.
// nullopt: the address cannot be written so and be found again in it.
[[nodiscard]] std::optional<ForwardPath> Rerouted(const ForwardPath& path,
                                                  const Domain& route);

}  // namespace postern
