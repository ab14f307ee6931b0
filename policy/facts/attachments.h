// GatherAttachments: finds out what is attached, where something is.
//
// Nothing is decoded but what is looked at: the front of each file, the
// directory of an archive, the trailer of a PDF. Bounded for the message as a
// whole: a bomb costs at most 0.1 s and 32 MB. Never fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "policy/facts/attachment_facts.h"
#include "policy/facts/part_text.h"
#include "policy/message/mime.h"

namespace postern {

// Texts: what was read of each part's text already, so that HTML is not read
// again; may be empty.
[[nodiscard]] AttachmentFacts GatherAttachments(
    const MimeStructure& mime, std::string_view body,
    std::span<const std::shared_ptr<const PartText>> texts = {});

}  // namespace postern
