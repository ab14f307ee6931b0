#include "policy/signing/self_check.h"

#include <cmath>

namespace postern {

SelfCheck::SelfCheck(const SigningConfig& config)
    : first_(config.self_check_first),
      every_(config.self_check_share > 0
                 ? std::llround(1.0 / config.self_check_share)
                 : 0) {}

bool SelfCheck::IsDue(std::span<const KeyInUse> keys) {
  const std::lock_guard lock(mutex_);
  // Forgotten keys are looked at again from the first; suspects stay.
  if (counts_.size() > kMostKeys)
    std::erase_if(counts_,
                  [](const auto& entry) { return !entry.second.is_suspect; });
  bool is_due = false;
  for (const KeyInUse& key : keys) {
    Count& count = counts_[key.RecordName()];
    const std::int64_t number = count.messages++;
    is_due |= number < first_ || count.is_suspect ||
              (every_ > 0 && number % every_ == 0);
  }
  return is_due;
}

void SelfCheck::Suspect(const std::string& name) {
  const std::lock_guard lock(mutex_);
  counts_[name].is_suspect = true;
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
    const std::string name = keys[i].RecordName();
    if (i >= found.size()) return {Outcome::kUnknown, name + ": not examined"};
    if (found[i].result == DkimResult::kPass) continue;
    // Neutral: libopendkim was not trusted with this one.
    if (found[i].result == DkimResult::kTempError ||
        found[i].result == DkimResult::kNeutral) {
      answer = {Outcome::kUnknown, name + ": " + found[i].reason};
      continue;
    }
    Suspect(name);
    return {Outcome::kMismatch, name + ": " + found[i].reason};
  }
  return answer;
}

}  // namespace postern
