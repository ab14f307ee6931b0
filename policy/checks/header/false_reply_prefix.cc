// false-reply-prefix: a new message dressed as an old conversation.
//
// Whatever threads a message counts: References, In-Reply-To, Outlook's own
// Thread-Index, or a message that is attached.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "likely unsolicited mail",
     "support.google.com/a/answer/81126, misleading Re: and Fwd:"},
};

constexpr std::string_view kPrefixes[] = {
    "Re:", "Fwd:", "Fw:", "Aw:", "Wg:", "Sv:", "Rv:"};

std::vector<Verdict> Run(const Facts& facts) {
  const bool is_marked = std::ranges::any_of(kPrefixes, [&](auto prefix) {
    return StartsWithIgnoreCase(facts.header.subject, prefix);
  });
  if (!is_marked) return {};
  for (const char* name : {"In-Reply-To", "References", "Thread-Index",
                           "Thread-Topic", "Resent-From"})
    if (facts.message->header.Find(name) != nullptr) return {};
  const bool has_inner = std::ranges::any_of(
      facts.mime.parts, [](const MimePart& part) { return part.depth > 1; });
  if (has_inner) return {};
  return FailsWith("\"" + EscapeForLog(facts.header.subject, 40) +
                   "\" without In-Reply-To or References");
}

}  // namespace

constinit const Check kFalseReplyPrefix = {
    .id = "false-reply-prefix",
    .rules = "H35",
    .summary =
        "The Subject says Re: or Fwd: of a message that answers nothing.",
    .fix =
        "take Re: or Fwd: out of the subject of new mail; an answer carries "
        "In-Reply-To",
    .cites = "support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
