// dkim-one-signature-broken: of several signatures for the author one does not
// verify.
//
// Mended by taking the broken one off where we sign for the author ourselves.

#include <string>
#include <utility>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/author_signatures.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (!MayStandForAuthor(facts)) return {};
  std::string broken = BrokenAuthorSignatures(facts);
  if (broken.empty()) return {};
  return FailsWith(std::move(broken));
}

}  // namespace

constinit const Check kDkimOneSignatureBroken = {
    .id = "dkim-one-signature-broken",
    .rules = "S15 S16",
    .summary =
        "One of several signatures of the author's domain does not verify.",
    .fix =
        "end the signing that breaks on the way; mode mend removes it where "
        "ours stands for the author",
    .cites =
        "senders.yahooinc.com/best-practices: all DMARC-aligned signatures "
        "should pass",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
