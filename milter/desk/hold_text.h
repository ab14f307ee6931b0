// A hold for people, at most 80 columns wide in lists, and as JSON: a contract
// used from outside. Fields may be added; their meanings never change.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/holds/held_store.h"

namespace postern {

[[nodiscard]] std::string HoldTable(std::span<const HeldMessage> holds,
                                    TimePoint now);
[[nodiscard]] std::string HoldText(const HeldMessage& held,
                                   std::string_view octets, TimePoint now);

// One line. With the header and the beginning of the body when octets are
// given.
[[nodiscard]] std::string HoldJson(const HeldMessage& held);
[[nodiscard]] std::string HoldJson(const HeldMessage& held,
                                   std::string_view octets);

// "2026-11-21T20:15:00Z"
[[nodiscard]] std::string Timestamp(TimePoint time);

}  // namespace postern
