// HoldRecord and its JSON: hold.json and release.json, octet for octet.
//
// Text that is not UTF-8 is written as {"base64": "..."}, so that any address
// survives. Reading never throws; what is missing or of the wrong kind is an
// Error.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/holds/held_store.h"

namespace postern {

struct HoldRecord {
  HeldMessage held;         // without is_pending, which is a file of its own
  std::string fingerprint;  // hexadecimal; see Fingerprint
  std::int64_t body_bytes = 0;  // at the end of message.eml
  std::string body_sum;         // hexadecimal; see BodySum
};
[[nodiscard]] std::string ToJson(const HoldRecord& record);
[[nodiscard]] Result<HoldRecord> ParseHoldRecord(std::string_view json);

struct ReleaseRecord {
  std::string token;
  std::string body_sum;
  bool is_waiving = true;  // what the message is held for
};
[[nodiscard]] std::string ToJson(const ReleaseRecord& record);
[[nodiscard]] Result<ReleaseRecord> ParseReleaseRecord(std::string_view text);

}  // namespace postern
