// Whatever the MTA would change after signing is changed before, so that it
// finds nothing to do.

#include "policy/remedies/remedy.h"

namespace postern {

bool MendForMta(const Facts& facts, Message* message) {
  bool is_changed = false;
  if (!facts.transit.addresses.empty())
    is_changed |= RewriteAddresses(facts, message);
  if (facts.transit.line_length > 0) is_changed |= RefoldHeader(facts, message);
  if (!facts.transit.body.empty()) is_changed |= ReencodeBody(facts, message);
  return is_changed;
}

}  // namespace postern
