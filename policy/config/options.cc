#include "policy/config/options.h"

#include <vector>

#include "policy/config/option_tables.h"

namespace postern {

std::span<const Option> Options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> joined;
    for (const auto part :
         {ServiceOptions(), IdentityOptions(), PolicyOptions(), LimitOptions(),
          LinksOptions(), StreamOptions(), ContentOptions(),
          AttachmentOptions(), MendingOptions()})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

}  // namespace postern
