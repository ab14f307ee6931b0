#include "policy/facts/alignment.h"

namespace postern {

Alignment Aligner::Align(const std::string& identifier, bool is_strict,
                         DmarcMethod method) const {
  const std::optional<Domain> domain = Domain::Parse(identifier);
  if (!domain || !facts.author_domain) return Alignment::kNotAligned;
  if (*domain == *facts.author_domain) return Alignment::kAligned;
  if (is_strict) return Alignment::kNotAligned;
  const std::optional<Domain>& author =
      facts.dmarc.By(method).organizational_domain;
  const std::optional<Domain> other =
      OrganizationalDomain(*domain, method, from.dns, from.deadline);
  if (!author || !other) return Alignment::kUnknown;
  return *author == *other ? Alignment::kAligned : Alignment::kNotAligned;
}

}  // namespace postern
