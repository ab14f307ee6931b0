// Corpus: the mail of an ordinary sender, made from a seed.
//
// The same seed, kind and clock give the same octets everywhere. The senders,
// recipients and links are those of bench.zone. Nothing here fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/support/milter_message.h"

namespace postern {

enum class MailKind {
  kTransactional,  // about 5 KB, multipart/alternative
  kReply,          // 2-4 KB, plain text with a quotation
  kNewsletter,     // 40-120 KB, about 180 links, one-click unsubscribe
  kAttachment,     // 1-3 MB, base64
  kEightBit,       // an attachment, its text 8bit: Postern re-encodes the body
  kMix,            // 60, 25, 10 and 5 of a hundred of the first four
};

[[nodiscard]] std::optional<MailKind> MailKindOfName(std::string_view name);

struct CorpusPlan {
  MailKind kind = MailKind::kTransactional;
  std::uint64_t seed = 1;
  std::size_t size = 64;
  std::time_t date = 0;  // of the Date fields, UTC
};
[[nodiscard]] std::vector<MilterMessage> MakeCorpus(const CorpusPlan& plan);

}  // namespace postern
