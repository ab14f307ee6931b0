// dkim-key-unreadable: a key that should sign cannot be used: its file is
// missing, unsafe or no key, or a table names a key that is not there.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const std::string& fault : facts.signing.faults)
    detail += (detail.empty() ? "" : "; ") + fault;
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimKeyUnreadable = {
    .id = "dkim-key-unreadable",
    .rules = "S09",
    .summary = "A key that should sign cannot be used.",
    .fix =
        "correct the key in signing.domains: its path, its owner (postern must "
        "read it), PEM of RSA or Ed25519",
    .cites = "RFC 6376 s.5.2",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
