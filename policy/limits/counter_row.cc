#include "policy/limits/counter_row.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "policy/base/sha256.h"

namespace postern {
namespace {

constexpr std::size_t kMaxPlainKeyBytes = 128;

}  // namespace

std::string CounterName(std::string_view rule, std::string_view key) {
  std::string name(rule);
  name += '\0';
  // The letter keeps a short key from passing for the digest of a long one.
  const bool is_plain = key.size() <= kMaxPlainKeyBytes;
  name += is_plain ? 'k' : 'h';
  name += is_plain ? std::string(key) : Sha256Of(key);
  return name;
}

CounterKey KeyOfName(std::string_view name) {
  const std::size_t end = std::min(name.find('\0'), name.size());
  CounterKey named{.rule = std::string(name.substr(0, end)), .key = {}};
  name.remove_prefix(std::min(end + 1, name.size()));
  const bool is_digest = name.starts_with('h');
  if (!name.empty()) name.remove_prefix(1);
  if (!is_digest) {
    named.key = name;
    return named;
  }
  named.key = "sha256:";
  for (const char octet : name)
    fmt::format_to(std::back_inserter(named.key), "{:02x}",
                   static_cast<unsigned char>(octet));
  return named;
}

}  // namespace postern
