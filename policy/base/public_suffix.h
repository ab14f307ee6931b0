// PublicSuffix: the wrapper of libpsl. Nothing else includes it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/base/domain.h"

namespace postern {

// The registrable domain by the public suffix list (private section on);
// nullopt for a public suffix itself. Thread-safe.
[[nodiscard]] std::optional<Domain> RegistrableDomain(const Domain& domain);

// True when the name's last label is a top-level domain that the list knows.
[[nodiscard]] bool HasKnownSuffix(const Domain& domain);

}  // namespace postern
