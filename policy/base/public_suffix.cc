#include "policy/base/public_suffix.h"

#include <libpsl.h>

namespace postern {

std::optional<Domain> RegistrableDomain(const Domain& domain) {
  // The newer of the built-in and the distribution's list; read once, never
  // freed, shared read-only by all threads.
  static const psl_ctx_t* const list = psl_latest(nullptr);
  const psl_ctx_t* const used = list != nullptr ? list : psl_builtin();
  const char* name = psl_registrable_domain(used, domain.text().c_str());
  if (name == nullptr) return std::nullopt;
  return Domain::Parse(name);
}

}  // namespace postern
