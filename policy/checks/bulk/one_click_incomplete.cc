// one-click-incomplete: List-Unsubscribe is there, one click does not work.
//
// What Gmail asks of bulk mail is one https: URI and the field beside it, word
// for word. It refuses nothing for that: it gives no help with other refusals.
// Letters that others write to a list are no mailings.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  const ListUnsubscribe& unsubscribe = facts.bulk.unsubscribe;
  if (!facts.is_bulk || facts.is_forwarded || unsubscribe.uris.empty() ||
      unsubscribe.IsOneClick())
    return {};
  if (unsubscribe.https == 0) return FailsWith("no https: URI");
  if (unsubscribe.https > 1)
    return FailsWith(std::to_string(unsubscribe.https) + " https: URIs");
  const HeaderField* post = facts.message->header.Find("List-Unsubscribe-Post");
  return FailsWith(post == nullptr ? "no List-Unsubscribe-Post"
                                   : "List-Unsubscribe-Post: " +
                                         EscapeForLog(post->Unfolded(), 60));
}

}  // namespace

constinit const Check kOneClickIncomplete = {
    .id = "one-click-incomplete",
    .rules = "B02",
    .summary = "A mailing that cannot be left with one click.",
    .fix =
        "give one https: URI, and List-Unsubscribe-Post: "
        "List-Unsubscribe=One-Click beside it (RFC 8058)",
    .cites = "RFC 8058 s.3.1; support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
