// dkim-signature-weak: a signature that is there already and that good
// receivers disregard, or that covers only part of the message.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::string WeaknessOf(const DkimFact& dkim, const Facts& facts) {
  const std::string name = dkim.domain + "/" + dkim.selector + ": ";
  // RFC 8301 s.3.1.
  if (EqualsIgnoreCase(dkim.algorithm, "rsa-sha1")) return name + "rsa-sha1";
  const bool has_from =
      std::find(dkim.signed_headers.begin(), dkim.signed_headers.end(),
                "from") != dkim.signed_headers.end();
  if (!dkim.signed_headers.empty() && !has_from)
    return name + "From is not signed";
  if (dkim.signed_body_bytes)
    return name + "l=" + std::to_string(*dkim.signed_body_bytes) + " of " +
           std::to_string(facts.message->body.size()) + " octets";
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const DkimFact& dkim : facts.dkim) {
    const std::string weakness =
        dkim.is_ours ? std::string() : WeaknessOf(dkim, facts);
    if (weakness.empty()) continue;
    if (!detail.empty()) detail += ", ";
    detail += weakness;
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimSignatureWeak = {
    .id = "dkim-signature-weak",
    .rules = "S14",
    .summary =
        "A signature already on the message is of a kind that receivers "
        "disregard.",
    .fix =
        "have the signer use rsa-sha256, From in h= and no l=, or sign for "
        "that domain here",
    .cites = "RFC 8301 s.3.1; RFC 6376 s.5.4, s.8.2",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
