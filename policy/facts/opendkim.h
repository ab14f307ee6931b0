// The wrapper of libopendkim, verifying only. Nothing else includes it.
//
// One library handle for all threads, made once; a message handle for each
// signature, so that what one signature does to it cannot reach another. It
// asks no DNS: the key record is given to it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/dkim.h"

namespace postern {

struct DkimOutcome {
  DkimResult result = DkimResult::kTempError;
  std::string reason;  // empty: pass
};

// libopendkim copies a key record into 1,025 octets and would cut it.
inline constexpr std::size_t kMaxKeyRecordBytes = 1'000;

// Judges the one DKIM-Signature among the fields, which come from the guard
// (dkim_guard.h). The body is as the wire has it. Thread-safe.
[[nodiscard]] DkimOutcome AskOpendkim(const std::vector<std::string>& header,
                                      std::string_view body,
                                      const std::string& key_record);

}  // namespace postern
