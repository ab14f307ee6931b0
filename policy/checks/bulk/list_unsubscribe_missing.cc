// list-unsubscribe-missing: a mailing without List-Unsubscribe.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [299]",
     "senders.yahooinc.com/best-practices: enforced since 06/2024; [299] is "
     "its unspecified policy"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk || !facts.bulk.unsubscribe.uris.empty()) return {};
  const bool is_there =
      facts.message->header.Find("List-Unsubscribe") != nullptr;
  return FailsWith(is_there ? "List-Unsubscribe without a URI in <>"
                            : "no List-Unsubscribe field");
}

}  // namespace

constinit const Check kListUnsubscribeMissing = {
    .id = "list-unsubscribe-missing",
    .rules = "B01",
    .summary = "A mailing without a List-Unsubscribe field.",
    .fix =
        "write List-Unsubscribe: <https://...>, or set "
        "streams.NAME.headers.unsubscribe_url",
    .cites = "RFC 2369 s.3.2; Yahoo and Gmail sender requirements",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
