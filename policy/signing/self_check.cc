#include "policy/signing/self_check.h"

#include <cmath>

namespace postern {

struct SelfCheck::Count {
  std::atomic<std::int64_t> messages{0};
  std::atomic<bool> is_suspect{false};
};

SelfCheck::SelfCheck(const KeyRing& keys, const SigningConfig& config)
    : first_(config.self_check_first),
      every_(config.self_check_share > 0
                 ? std::llround(1.0 / config.self_check_share)
                 : 0) {
  for (const KeyInUse& key : keys.all())
    counts_.emplace(key.key.get(), std::make_unique<Count>());
}

SelfCheck::~SelfCheck() = default;

bool SelfCheck::IsDue(std::span<const KeyInUse> keys) {
  bool is_due = false;
  for (const KeyInUse& key : keys) {
    const auto it = counts_.find(key.key.get());
    if (it == counts_.end()) continue;
    const std::int64_t number = it->second->messages++;
    is_due |= number < first_ || it->second->is_suspect ||
              (every_ > 0 && number % every_ == 0);
  }
  return is_due;
}

SelfCheck::Answer SelfCheck::Verify(const Header& signed_header,
                                    const Body& body,
                                    std::span<const KeyInUse> keys,
                                    const VerifyWith& with) {
  if (!IsDue(keys)) return {};
  const std::vector<DkimSignature> found =
      VerifySignatures(signed_header, body, with);
  Answer answer{Outcome::kVerified, ""};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string name =
        keys[i].selector + "._domainkey." + keys[i].domain.text();
    if (i >= found.size()) return {Outcome::kUnknown, name + ": not examined"};
    if (found[i].result == DkimResult::kPass) continue;
    // Neutral: libopendkim was not trusted with this one.
    if (found[i].result == DkimResult::kTempError ||
        found[i].result == DkimResult::kNeutral) {
      answer = {Outcome::kUnknown, name + ": " + found[i].reason};
      continue;
    }
    const auto it = counts_.find(keys[i].key.get());
    if (it != counts_.end()) it->second->is_suspect = true;
    return {Outcome::kMismatch, name + ": " + found[i].reason};
  }
  return answer;
}

}  // namespace postern
