// dkim-author-signature-broken: the author's domain signed the message,
// somebody changed it since, and no other signature stands for the author.
//
// Who changed it stands in nobody's way to send: what DMARC makes of it is for
// the checks of DMARC to say.

#include <string>
#include <utility>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/author_signatures.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 5},
     "(AU01) invalid DKIM signature",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (MayStandForAuthor(facts)) return {};
  std::string broken = BrokenAuthorSignatures(facts);
  if (broken.empty()) return {};
  return FailsWith(std::move(broken));
}

}  // namespace

constinit const Check kDkimAuthorSignatureBroken = {
    .id = "dkim-author-signature-broken",
    .rules = "S15",
    .summary =
        "The signature of the author's domain on the message does not verify.",
    .fix =
        "publish the signer's key if it is missing; else find what changes "
        "mail after it is signed, or sign here",
    .cites = "RFC 6376 s.6.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
