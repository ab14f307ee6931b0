// dkim-key-revoked: a key that should sign is published as revoked, p= empty.
//
// Where no other key is good, dkim-key-mismatch says so too.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const SigningPlan::Planned& planned : facts.signing.signatures)
    if (planned.published == PublishedKey::kRevoked)
      detail += (detail.empty() ? "" : ", ") + planned.key.RecordName() +
                ": p= is empty";
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimKeyRevoked = {
    .id = "dkim-key-revoked",
    .rules = "S12",
    .summary = "A key that should sign is published as revoked.",
    .fix =
        "make a new key under another selector (postern keygen DOMAIN), "
        "publish it, and retire the old one",
    .cites = "RFC 6376 s.3.6.1",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
