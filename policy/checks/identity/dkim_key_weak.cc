// dkim-key-weak: the signature rests on RSA of less than 2048 bits, or on
// Ed25519 alone, which many receivers pass over.
//
// Shorter keys than 1024 bits, which receivers refuse (RFC 8301 s.3.2), never
// sign: they are dkim-key-unreadable.

#include <algorithm>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr int kRecommendedBits = 2048;  // RFC 8301 s.3.2

bool IsUsableRsa(const SigningPlan::Planned& planned) {
  return planned.IsUsable() &&
         planned.key.key->algorithm() == KeyAlgorithm::kRsaSha256;
}

std::vector<Verdict> Run(const Facts& facts) {
  const std::vector<SigningPlan::Planned>& plan = facts.signing.signatures;
  const bool has_rsa = std::any_of(plan.begin(), plan.end(), IsUsableRsa);
  std::string detail;
  const auto add = [&](const SigningPlan::Planned& planned,
                       const std::string& what) {
    detail +=
        (detail.empty() ? "" : ", ") + planned.key.RecordName() + ": " + what;
  };
  for (const SigningPlan::Planned& planned : plan) {
    if (!planned.IsUsable()) continue;
    if (!IsUsableRsa(planned) && !has_rsa)
      add(planned, "Ed25519 without an RSA key beside it");
    if (IsUsableRsa(planned) && planned.key.key->bits() < kRecommendedBits)
      add(planned,
          "RSA of " + std::to_string(planned.key.key->bits()) + " bits");
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimKeyWeak = {
    .id = "dkim-key-weak",
    .rules = "S10",
    .summary = "The signing key is short, or of a kind that many do not read.",
    .fix =
        "sign with RSA of 2048 bits, beside Ed25519 if you like: postern "
        "keygen DOMAIN makes both",
    .cites = "RFC 8301 s.3.2; RFC 8463; support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
