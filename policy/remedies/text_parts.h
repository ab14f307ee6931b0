// Text parts written anew in place, octet for octet the same elsewhere.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "policy/facts/facts.h"

namespace postern {

// Of the body as it is now: another remedy may have changed it.
[[nodiscard]] MimeStructure MimeNow(const Facts& facts, const Message& message);

// What becomes of one part's text, decoded from its transfer encoding, in the
// charset of the part.
using RewrittenText =
    std::function<std::string(const MimePart& part, std::string_view text)>;

// Gives each text/plain and text/html part that is no attachment a new text in
// the transfer encoding it has. Parts that somebody else's signature or
// encryption covers are left alone, and the message where not all of it was
// read. True: some part changed.
[[nodiscard]] bool RewriteTextParts(const Facts& facts,
                                    const RewrittenText& rewritten,
                                    Message* message);

// Text with "<", ">", "&" and quotes as references.
[[nodiscard]] std::string HtmlEscaped(std::string_view text);

}  // namespace postern
