#include "policy/config/stream.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/config/config.h"

namespace postern {

bool IsBuiltInStream(std::string_view name) {
  return name == "automatic" || name == "marketing" || name == "personal" ||
         name == "transactional";
}

CheckPolicy PolicyOf(std::string_view check, const Config& config,
                     const StreamConfig* stream) {
  CheckPolicy policy;
  if (const auto it = config.checks.find(check); it != config.checks.end())
    policy = it->second;
  if (stream == nullptr) return policy;
  const auto it = stream->checks.find(check);
  if (it == stream->checks.end()) return policy;
  if (it->second.action) policy.action = it->second.action;
  if (it->second.otherwise) policy.otherwise = it->second.otherwise;
  return policy;
}

bool IsPersonalTemplate(std::string_view text) {
  return Contains(text, "{recipient}") || Contains(text, "{token}");
}

bool IsTemplate(std::string_view text) {
  constexpr std::string_view kNames[] = {"{recipient}", "{domain}", "{stream}",
                                         "{token}"};
  for (std::size_t at = text.find_first_of("{}"); at != text.npos;
       at = text.find_first_of("{}", at)) {
    const std::string_view rest = text.substr(at);
    const auto name = std::ranges::find_if(kNames, [&](std::string_view known) {
      return rest.starts_with(known);
    });
    if (name == std::end(kNames)) return false;
    at += name->size();
  }
  return true;
}

}  // namespace postern
