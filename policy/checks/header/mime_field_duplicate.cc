// mime-field-duplicate: Content-Type and its like mean something once.
//
// Several signatures are good practice; the same one twice is not.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     554,
     {5, 6, 0},
     "Duplicate header",
     "Amazon SES inbound; RFC 2045 s.5"},
};

constexpr std::string_view kSingletons[] = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding",
    "Content-Disposition", "Content-ID"};

std::vector<Verdict> Run(const Facts& facts) {
  for (const std::string_view name : kSingletons) {
    const std::size_t count = facts.message->header.Count(name);
    if (count > 1)
      return FailsWith(std::to_string(count) + " " + std::string(name) +
                       " fields");
  }
  const auto signatures = facts.message->header.FindAll("DKIM-Signature");
  const std::size_t counted = std::min<std::size_t>(signatures.size(), 20);
  for (std::size_t i = 0; i < counted; ++i)
    for (std::size_t k = i + 1; k < counted; ++k)
      if (signatures[i]->value == signatures[k]->value)
        return FailsWith("the same DKIM-Signature twice");
  return {};
}

}  // namespace

constinit const Check kMimeFieldDuplicate = {
    .id = "mime-field-duplicate",
    .rules = "H40",
    .summary = "A field of MIME stands twice, or a signature does.",
    .fix =
        "find what adds the second one, most often a filter or mailer on the "
        "way; mode mend drops equal ones",
    .cites = "RFC 2045 s.5; RFC 6376 s.3.5",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
