// broken-by-mta: what our own MTA would change after signing, so that the
// signature would not verify anywhere. Unless it is mended, the message leaves
// unsigned.
//
// Only what no other check tells: lines over 998 octets, 8-bit octets and lone
// line ends have checks of their own.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 998;  // RFC 5322 s.2.1.1

bool HasTellingBody(const BodyShape& body) {
  return body.has_eight_bit || body.has_bare_cr || body.has_bare_lf ||
         body.longest_line > kMaxLine;
}

std::vector<Verdict> Run(const Facts& facts) {
  TransitFact untold = facts.transit;
  if (untold.line_length > kMaxLine) untold.line_length = 0;
  if (HasTellingBody(facts.body)) untold.body.clear();
  std::string reason = untold.Reason();
  if (reason.empty()) return {};
  return FailsWith(std::move(reason));
}

}  // namespace

constinit const Check kBrokenByMta = {
    .id = "broken-by-mta",
    .rules = "S15",
    .summary =
        "The MTA would change signed octets after signing: it writes address "
        "lists anew, cuts a line, or converts the body.",
    .fix =
        "run in mode mend; for what others signed, let the MTA keep bodies "
        "(signing.mta_keeps_body)",
    .cites = "RFC 6376 s.5.3; Sendmail op.txt; Postfix smtp(8)",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
