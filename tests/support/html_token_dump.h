// The tokens of HTML as one line of text, for tests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// One case as a line: CONTENT, the last start tag's name ("-": none) and the
// input, parted by TABs; "\n", "\r", "\t", "\f", "\0", "\\" are escapes, in the
// answer too. CONTENT is data, rcdata, rawtext, script, plaintext or cdata
// (data where CDATA sections count).
//
// The answer has each token behind a blank: "text", <name a="v" b="">,
// <name />, </name>, <!--comment-->, <!DOCTYPE>; references are read, names
// lower case, doubled attributes dropped, neighbouring text joined.
[[nodiscard]] std::string DumpHtmlTokens(std::string_view line);

}  // namespace postern
