#include "milter/rulebook.h"

#include <utility>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/config/options.h"
#include "policy/config/value_type.h"

namespace postern {

Result<std::shared_ptr<const Rulebook>> LoadRulebook(const std::string& file) {
  Result<Config> config = LoadConfig(file, CheckIds());
  if (!config) return std::unexpected(config.error());
  return MakeRulebook(std::move(*config));
}

std::vector<std::string> OptionsNeedingRestart(Config before, Config after) {
  std::vector<std::string> differing;
  for (const Option& option : Options()) {
    if (option.reload != Reload::kNeedsRestart) continue;
    if (PrintValue(option, option.slot(&before)) !=
        PrintValue(option, option.slot(&after)))
      differing.emplace_back(option.path);
  }
  return differing;
}

}  // namespace postern
