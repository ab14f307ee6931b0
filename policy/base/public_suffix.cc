#include "policy/base/public_suffix.h"

#include <libpsl.h>

#include <cstring>
#include <string>
#include <unordered_map>

namespace postern {
namespace {

// The newer of the built-in and the distribution's list; read once, never
// freed, shared read-only by all threads.
const psl_ctx_t* List() {
  static const psl_ctx_t* const list = psl_latest(nullptr);
  return list != nullptr ? list : psl_builtin();
}

// How many octets at its end are the registrable domain; 0: it has none.
std::size_t RegistrableOctets(const std::string& name) {
  const char* found = psl_registrable_domain(List(), name.c_str());
  return found == nullptr ? 0 : std::strlen(found);
}

}  // namespace

std::optional<Domain> RegistrableDomain(const Domain& domain) {
  // A message asks ten times, mostly for names of the one before.
  constexpr std::size_t kKept = 64;
  static thread_local std::unordered_map<std::string, std::size_t> known;
  if (known.size() >= kKept) known.clear();
  const auto [found, is_new] = known.try_emplace(domain.text(), 0);
  if (is_new) found->second = RegistrableOctets(domain.text());
  if (found->second == 0) return std::nullopt;
  return domain.Tail(found->second);
}

bool HasKnownSuffix(const Domain& domain) {
  const std::string top(domain.Labels().back());
  return psl_is_public_suffix2(List(), top.c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace postern
