// Who has become a bulk sender (rule V02): receivers have published from how
// many messages a day on an organizational domain, with all that is below it,
// has to keep the rules for mailings in all its mail, and that this stays.
//
// What is known is in the history: the recipients of each day, and a mark. It
// leaves with what else is forgotten after half a year without mail. A day is
// that of UTC, not any 24 hours: hence from four fifths of the number on.
// Thread-safe. Source: support.google.com/a/answer/81126.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts/facts.h"
#include "policy/limits/history/history.h"
#include "policy/limits/limiter.h"

namespace postern {

// For GatherFrom::is_bulk_sender. The history may be null.
[[nodiscard]] std::function<bool(const Domain&, const std::string&)>
BulkSenders(const History* history);

// What counts when the message leaves, but for these recipients.
[[nodiscard]] std::vector<std::shared_ptr<Reservation>> ToCountForBulk(
    History* history, const Facts& facts,
    const std::set<std::string_view>& held);

}  // namespace postern
