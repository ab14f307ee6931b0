// The options of streams.

#include "policy/config/option_tables.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

StreamConfig& Stream(Owner at) { return *std::get<StreamConfig*>(at); }
CheckPolicy& Policy(Owner at) { return *std::get<CheckPolicy*>(at); }

constexpr Option kOptions[] = {
    {.path = "streams.<name>.bulk",
     .type = &kKnowledge,
     .example = "true",
     .doc = "Whether its mail counts as bulk, for which receivers ask more; "
            "unset: what the header says.",
     .slot = [](Owner at) -> Slot { return &Stream(at).bulk; }},

    {.path = "streams.<name>.match.logins",
     .type = &kLoginPatterns,
     .example = R"(["newsletter", "shop-*"])",
     .doc = "Which logins its mail comes from; \"*\" stands for any text.",
     .slot = [](Owner at) -> Slot { return &Stream(at).match.logins; }},
    {.path = "streams.<name>.match.networks",
     .type = &kNetworks,
     .example = R"(["192.0.2.0/24"])",
     .doc = "Which clients its mail comes from.",
     .slot = [](Owner at) -> Slot { return &Stream(at).match.networks; }},
    {.path = "streams.<name>.match.senders",
     .type = &kDomains,
     .example = R"(["news.example.com"])",
     .doc = "Which domains it is from, author or envelope sender, those below "
            "them included.",
     .slot = [](Owner at) -> Slot { return &Stream(at).match.senders; }},
    {.path = "streams.<name>.match.fields",
     .type = &kFieldPatterns,
     .example = R"(["X-Newsletter", "X-Mailer: Shop*"])",
     .doc = "Header fields that its mail has, one of these; \"*\" stands for "
            "any text in the value.",
     .slot = [](Owner at) -> Slot { return &Stream(at).match.fields; }},
    {.path = "streams.<name>.match.bulk",
     .type = &kKnowledge,
     .example = "true",
     .doc = "Whether its header says that it is bulk: List-Unsubscribe, "
            "List-Id, Feedback-ID, Precedence.",
     .slot = [](Owner at) -> Slot { return &Stream(at).match.bulk; }},

    {.path = "streams.<name>.headers.unsubscribe_url",
     .type = &kUnsubscribeUrl,
     .value = R"("")",
     .example = R"("https://example.com/u?a={recipient}")",
     .doc = "Added to List-Unsubscribe, with List-Unsubscribe-Post, where "
            "there is "
            "none; must unsubscribe on a POST (RFC 8058). It may hold "
            "{recipient}, "
            "{domain}, {stream} and {token}.",
     .slot = [](Owner at) -> Slot {
       return &Stream(at).headers.unsubscribe_url;
     }},
    {.path = "streams.<name>.headers.unsubscribe_mailto",
     .type = &kUnsubscribeMailto,
     .value = R"("")",
     .example = R"("mailto:leave@example.com?subject={recipient}")",
     .doc = "The mailto: URI beside it.",
     .slot = [](Owner at) -> Slot {
       return &Stream(at).headers.unsubscribe_mailto;
     }},
    {.path = "streams.<name>.headers.list_id",
     .type = &kListIdTemplate,
     .value = R"("")",
     .example = R"("News <news.example.com>")",
     .doc = "The List-Id that is added where there is none (RFC 2919).",
     .slot = [](Owner at) -> Slot { return &Stream(at).headers.list_id; }},
    {.path = "streams.<name>.headers.feedback_id",
     .type = &kFieldTemplate,
     .value = R"("")",
     .example = R"("{stream}:{domain}:example")",
     .doc = "The Feedback-ID that is added where there is none.",
     .slot = [](Owner at) -> Slot { return &Stream(at).headers.feedback_id; }},
    {.path = "streams.<name>.headers.auto_submitted",
     .type = &kAutoSubmitted,
     .value = R"("")",
     .example = R"("auto-generated")",
     .doc = "The Auto-Submitted that is added where there is none (RFC 3834).",
     .slot = [](Owner at) -> Slot {
       return &Stream(at).headers.auto_submitted;
     }},
    {.path = "streams.<name>.headers.precedence",
     .type = &kPrecedence,
     .value = R"("")",
     .example = R"("bulk")",
     .doc = "The Precedence that is added where there is none.",
     .slot = [](Owner at) -> Slot { return &Stream(at).headers.precedence; }},
    {.path = "streams.<name>.headers.token_secret_file",
     .type = &kPath,
     .value = R"("")",
     .doc = "A file of secrets; {token} is the HMAC-SHA256 with the first of "
            "\"stream recipient\", 32 hexadecimal digits.",
     .slot = [](Owner at) -> Slot {
       return &Stream(at).headers.token_secret_file;
     }},

    {.path = "streams.<name>.checks.<check>.action",
     .type = &kAction,
     .example = R"("off")",
     .doc = "What a finding does to mail of this stream: off, observe, mend, "
            "hold, defer or reject; unset: as for all mail.",
     .slot = [](Owner at) -> Slot { return &Policy(at).action; }},
    {.path = "streams.<name>.checks.<check>.otherwise",
     .type = &kOtherwise,
     .example = R"("hold")",
     .doc = "What it does where mending did not help.",
     .slot = [](Owner at) -> Slot { return &Policy(at).otherwise; }},
};

}  // namespace

std::span<const Option> StreamOptions() { return kOptions; }

}  // namespace postern
