// The guard before libopendkim: what is handed over, and in which shape.
//
// libopendkim 2.11 writes past its array when h= uses up every header field,
// reads past its buffer on an over-long i=, and aborts a whole handle for one
// bad field. It is given one signature at a time, only the fields that the
// signature names, and more padding fields than h= has names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/facts/dkim.h"
#include "policy/message/header.h"

namespace postern {

// A DKIM-Signature value read by ourselves, as of a time. The result is kNone
// where libopendkim may judge it; every other result is final.
[[nodiscard]] DkimSignature ReadSignature(std::string_view value,
                                          TimePoint now);

// The header as libopendkim is to see it for this signature: "name:value" each,
// folds as CRLF, padding last. Or why it must not see it.
[[nodiscard]] Result<std::vector<std::string>> HandedOver(
    const Header& header, const HeaderField& signature,
    const std::vector<std::string>& signed_names);

}  // namespace postern
