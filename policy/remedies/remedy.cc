#include "policy/remedies/remedy.h"

#include <algorithm>
#include <array>

namespace postern {
namespace {

constexpr auto kRemedies = std::to_array<Remedy>({
    {"header-field-empty", DeleteEmptyFields},
    {"header-field-duplicate", MergeDuplicateFields},
    {"date-missing", AddDate},
    {"date-duplicate", KeepFirstDate},
    {"date-invalid", RewriteDate},
    {"message-id-missing", AddMessageId},
    {"message-id-duplicate", KeepFirstMessageId},
    {"message-id-invalid", ReplaceMessageId},
    {"header-line-too-long", RefoldHeader},
    {"body-bare-cr-or-lf", ReencodeBody},
    {"body-line-too-long", ReencodeBody},
    {"body-eight-bit", ReencodeBody},
    {"mail-from-syntax", NormaliseSender},
    {"mail-from-domain-unroutable", SwitchSender},
    {"mail-from-mx-unusable", SwitchSender},
    {"sender-domain-without-soa", SwitchSender},
    {"null-mx-sender", SwitchSender},
    {"spf-fail", SwitchSender},
    {"spf-permerror", SwitchSender},
    {"spf-too-permissive", SwitchSender},
    {"spf-not-passed-bulk", SwitchSender},
});

}  // namespace

std::span<const Remedy> Remedies() { return kRemedies; }

std::optional<Message> Mend(const Facts& facts,
                            std::span<const std::string_view> checks) {
  Message message = *facts.message;
  bool is_changed = false;
  for (const Remedy& remedy : kRemedies)
    if (std::find(checks.begin(), checks.end(), remedy.check) != checks.end())
      is_changed |= remedy.mend(facts, &message);
  if (!is_changed) return std::nullopt;
  return message;
}

}  // namespace postern
