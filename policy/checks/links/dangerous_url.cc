#include "policy/checks/links/dangerous_url.h"

#include <algorithm>
#include <iterator>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::string_view kDangerous[] = {
    "javascript", "vbscript", "file", "blob", "jar", "search-ms", "livescript"};

// "javascript:void(0)" and the empty script lead nowhere.
bool IsNothing(std::string_view url) {
  const std::string_view script = Trim(url.substr(url.find(':') + 1));
  return script.empty() || script.starts_with(";") ||
         script.starts_with("void(0)") || script.starts_with("void 0");
}

}  // namespace

bool IsDangerousUrl(std::string_view scheme, std::string_view url) {
  if (scheme == "javascript" && IsNothing(url)) return false;
  if (scheme == "data") return !StartsWithIgnoreCase(url, "data:image/");
  // ms-word:ofe|u|… and its kin hand a file to a program.
  return std::ranges::find(kDangerous, scheme) != std::end(kDangerous) ||
         scheme.starts_with("ms-");
}

}  // namespace postern
