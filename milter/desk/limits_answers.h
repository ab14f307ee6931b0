// What the daemon answers to `postern limits`: one JSON object each way.
//
// Whoever can open the admin socket may ask. Changes are written to
// the audit log first, or not done.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "milter/limit_watch.h"
#include "policy/base/clock.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/warm_up.h"

namespace postern {

struct LimitsAnswers {
  LimitWatch* limiter;
  History* history;
  WarmUp* warm_up;
  const Clock* clock;
  std::string state_directory;

  // Thread-safe. Whatever the request is, there is an answer: {"ok":true,…} or
  // {"ok":false,"status":1|2,"error":"…"}.
  [[nodiscard]] std::string Answer(const std::string& request,
                                   unsigned uid) const;
};

}  // namespace postern
