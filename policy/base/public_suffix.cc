#include "policy/base/public_suffix.h"

#include <libpsl.h>

namespace postern {
namespace {

// The newer of the built-in and the distribution's list; read once, never
// freed, shared read-only by all threads.
const psl_ctx_t* List() {
  static const psl_ctx_t* const list = psl_latest(nullptr);
  return list != nullptr ? list : psl_builtin();
}

}  // namespace

std::optional<Domain> RegistrableDomain(const Domain& domain) {
  const char* name = psl_registrable_domain(List(), domain.text().c_str());
  if (name == nullptr) return std::nullopt;
  return Domain::Parse(name);
}

bool HasKnownSuffix(const Domain& domain) {
  const std::string top(domain.Labels().back());
  return psl_is_public_suffix2(List(), top.c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace postern
