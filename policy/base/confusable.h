// Confusables: names that look like others (UTS 39), by ICU.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// What a label looks like, to be compared with other skeletons only: two labels
// of the same one can be taken for each other. A-labels are read as what they
// show. Thread-safe.
[[nodiscard]] std::string SkeletonOf(std::string_view label);

// True where a label of the name, shown as U-labels (UTF-8), mixes scripts as
// no language does: UTS 39 s.5.2, less than "highly restrictive". Thread-safe.
[[nodiscard]] bool MixesScripts(std::string_view ulabels);

}  // namespace postern
