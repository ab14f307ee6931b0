// Which mailing a message belongs to, as it says itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/message/header.h"

namespace postern {

// Feedback-ID ("campaign:customer:type:sender"), else List-Id's name, in lower
// case without white space; empty: it names none.
[[nodiscard]] std::string CampaignOf(const Header& header);

}  // namespace postern
