#include "milter/rulebook.h"

#include <utility>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"

namespace postern {

Result<std::shared_ptr<const Rulebook>> LoadRulebook(const std::string& file) {
  Result<Config> config = LoadConfig(file, CheckIds());
  if (!config) return std::unexpected(config.error());
  return MakeRulebook(std::move(*config));
}

}  // namespace postern
