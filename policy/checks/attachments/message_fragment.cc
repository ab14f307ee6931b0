// message-fragment: a piece of a message, or a reference to one: what is whole
// only where it is read passes every filter.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin: FRAGMENTED_MESSAGE"},
};

std::vector<Verdict> Run(const Facts& facts) {
  DetailList found;
  for (const std::string& type : facts.attachments.fragments) found.Add(type);
  if (found.empty()) return {};
  return FailsWith(found.Text());
}

}  // namespace

constinit const Check kMessageFragment = {
    .id = "message-fragment",
    .rules = "M16",
    .summary = "A part is a fragment of a message or lies elsewhere.",
    .fix =
        "let the mail program send the message whole: no splitting, the file "
        "attached and not referred to",
    .cites = "RFC 2046 s.5.2.2, s.5.2.3",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
